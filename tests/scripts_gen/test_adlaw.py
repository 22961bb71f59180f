"""Advertising law is judged in context, evasions included."""

from pathlib import Path

import pytest

from benchmarks.adlaw import VERDICTS, read_rows, score
from scripts_gen.adlaw import judge, rewritten, uncovered
from scripts_gen.law.rule import rule

SETS = Path(__file__).parent / "adlaw"


@pytest.mark.parametrize(
    "text",
    [
        "这是全网最低价。",
        "最好的面膜就是它。",
        "销量第一的品牌。",
        "国家级配方。",
        "顶级享受，独一无二。",
        "百分百有效，无副作用。",
        "用三天就能根治。",
        "蕞好的东西",
        "全 网 第 一",
        "全​网​第​一",
        "第1名品牌",
        "quan wang di yi",
        "ｎｏ.１品牌",
        "The best mug in the world.",
        "Guaranteed to cure acne.",
        "治疗失眠就靠它",
        "稳赚不赔的好东西",
    ],
)
def test_absolute_words_are_banned(text: str) -> None:
    assert judge(text).verdict == "ban"


@pytest.mark.parametrize(
    "text",
    [
        "最大号是XL，您看着选。",
        "第一次来的朋友点个关注。",
        "第一步先洁面。",
        "还剩最后三分钟换下一款。",
        "最近天冷，多穿一点。",
        "全网最低这种话我不敢说。",
        "不能说它是第一。",
        "Best before date is on the lid.",
        "First of all, hello.",
        "最多可以装三件。",
        "周一到周五都在。",
        "人民币商品发中国大陆，美元商品发美国本土。",
    ],
)
def test_words_that_only_look_absolute_are_fine(text: str) -> None:
    assert judge(text).verdict == "fine", judge(text).why


@pytest.mark.parametrize(
    "text", ["销量领先的一款。", "获得专利认证。", "有抑菌功能。", "比专柜价便宜。", "Dermatologist tested."]
)
def test_some_words_need_evidence(text: str) -> None:
    assert judge(text).verdict == "evidence"


def test_an_ordinary_food_claims_no_health_effect() -> None:
    assert judge("喝了养胃。", "食品>茶").verdict == "ban"
    assert judge("喝着暖和。", "食品>茶").verdict == "fine"


def test_the_rewrite_keeps_the_lawful_clauses() -> None:
    assert rewritten("全网第一的面膜，一盒10片，敷15分钟。") == "一盒10片，敷15分钟。"


def test_the_rewrite_is_lawful_itself() -> None:
    ruling = judge("国家级品质，治好失眠，下单看规格。")
    assert ruling.rewrite
    assert judge(ruling.rewrite).verdict == "fine"


def test_a_boast_alone_gives_way_to_a_plain_line_of_the_same_matter() -> None:
    assert "价格" in judge("全网最低！").rewrite
    assert judge("The best in the world!").rewrite.isascii()


def test_a_softened_clause_keeps_what_is_left_of_it() -> None:
    assert rewritten("这是顶级的面料，一盒10片。") == "这是讲究的面料，一盒10片。"


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_labelled_set_is_judged_as_its_authors_do(verdict: str) -> None:
    scored = score(read_rows(SETS / "tuned.jsonl"))
    assert scored.precision(verdict) >= 0.97
    assert scored.recall(verdict) >= 0.97


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_set_held_out_is_judged_no_worse_than_measured(verdict: str) -> None:
    """The goal is 0.97; docs/measured.md says what is reached."""
    scored = score(read_rows(SETS / "heldout.jsonl"))
    assert scored.precision(verdict) >= 0.73
    assert scored.recall(verdict) >= 0.76


def test_every_ban_of_the_sets_has_a_rewrite_that_needs_no_proof() -> None:
    for name in ("tuned.jsonl", "heldout.jsonl"):
        scored = score(read_rows(SETS / name))
        assert scored.banned == scored.rewritten == scored.rewritten_fine > 0


def test_goods_of_a_trade_follow_its_own_rules() -> None:
    assert judge("有助于增强免疫力，批文在包装上。", "保健食品").verdict == "evidence"
    assert judge("有助于增强免疫力。", "食品>饼干").verdict == "ban"
    assert judge("用于缓解腰肌劳损引起的疼痛。", "medical").verdict == "evidence"
    assert judge("缓解腰肌劳损引起的疼痛，治疗失眠。", "家居>抱枕").verdict == "ban"
    assert judge("这酒助眠。").verdict == "ban"


def test_a_rank_with_its_source_is_to_be_proved_and_one_without_is_banned() -> None:
    assert judge("销量第一的雨伞。").verdict == "ban"
    assert judge("2024年双十一天猫雨伞类目销量第一，数据来自生意参谋。").verdict == "evidence"


def test_a_comparison_within_the_own_range_is_fine() -> None:
    assert judge("这是三款里最轻的一款。").verdict == "fine"
    assert judge("我们家的伞是最轻的。").verdict == "ban"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("顶✦级", "顶级"),
        ("國家級", "国家级"),
        ("N·o·1", "第一"),
        ("根zhi", "根治"),
        ("ding ji", "顶级"),
        ("嘴低价", "最低价"),
        ("快递一到", "快递一到"),
        ("我弟一家", "我弟一家"),
        ("最底层", "最底层"),
        ("黑色 白色", "黑色 白色"),
    ],
)
def test_words_in_disguise_are_seen_and_ordinary_ones_left(text: str, plain: str) -> None:
    assert uncovered(text) == plain


def test_an_empty_alternative_is_no_rule() -> None:
    with pytest.raises(ValueError, match="empty alternative"):
        rule("price", "甲||乙")


def test_evasions_are_uncovered() -> None:
    assert uncovered("全 网·第​一") == "全网第一"


def test_a_ban_far_inside_a_text_without_a_mark_is_found() -> None:
    assert judge("布料软" * 250 + "国家级" + "布料软" * 250).verdict == "ban"


def test_a_verdict_is_the_worst_of_a_texts_stretches() -> None:
    assert judge("摸着很软。" * 100 + "有专利认证。" + "摸着很软。" * 100).verdict == "evidence"
