"""Advertising law is judged in context, evasions included."""

import pytest

from scripts_gen.adlaw import judge, rewritten, uncovered


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
    assert judge("顶级！").rewrite == ""


def test_the_rewrite_is_lawful_itself() -> None:
    ruling = judge("国家级品质，治好失眠，下单看规格。")
    assert ruling.rewrite
    assert judge(ruling.rewrite).verdict == "fine"


def test_evasions_are_uncovered() -> None:
    assert uncovered("全 网·第​一") == "全网第一"
