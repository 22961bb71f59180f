"""What the sample shop promises: words that stand on facts, facts that stand in listings, pictures that load."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sample.read import HERE, SEGMENTS, SampleProduct, sample_policies, sample_products
from scripts_gen.adlaw import judge
from scripts_gen.claims import check
from scripts_gen.facts import LIST_FIELDS

STATIC = Path(__file__).parents[2] / "web" / "static"
PRODUCTS = tuple(sample_products())
each_product = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.sku)

BANNED = re.compile(
    r"最(?!后|终|近)|第一(?!次|步|时间)|唯一|首选|顶级|极品|极致|国家级|世界级|绝对|根治|治愈|治疗|永久|万能|百分百有效|全网|史无前例|"
    r"零风险|稳赚|祖传|仅剩|马上抢光|手慢无|爆款|热销|销量|好评|返现|专家推荐|"
    r"(?i:\bbest\b|number one|\bguarantee|\bcures?\b|risk[- ]free|\bperfect\b|selling fast|almost gone|bestseller)"
)
BODY = re.compile(
    r"亲测|自用款|我(自己|亲自)?(用|吃|喝|穿|戴|试|尝|睡|住)过|我家|我妈|我爸|我老公|我老婆|我的皮肤|我小时候|我脸上|"
    r"(?i:\bI(?:'ve| have)? (?:tried|wore|worn|used|tasted|slept|drank|ate|own)\b)|"
    r"(?i:\bmy (?:skin|kids?|husband|wife|mom|house|feet)\b)"
)
BASIS_WORDS = {
    "platform_price": re.compile(r"平台|on our site", re.IGNORECASE),
    "msrp": re.compile(r"吊牌|标价|门店价|专柜|suggested|front desk rate", re.IGNORECASE),
    "lowest_7_days": re.compile(r"近7天"),
}


def _numbers(text: str) -> set[str]:
    found = (number.replace(",", "") for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))
    return {number.rstrip("0").rstrip(".") if "." in number else number for number in found}


def _known(product: SampleProduct) -> set[str]:
    return _numbers(" ".join(text for _, text in product.facts.items()))


def _cited(product: SampleProduct, key: str) -> list[str]:
    """The texts a fact key names: one for `price` or `specs.NAME`, every item for a list field."""
    return [text for name, text in product.facts.items() if name == key or name.rpartition(".")[0] == key]


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in re.split(r"[，。！？、；：,.!?;:]\s*", text) if clause.strip()]


def _sentences(text: str, lang: str) -> list[str]:
    ends = r"(?<=[。！？])" if lang == "zh" else r"(?<=[.!?])\s+"
    return [sentence for sentence in re.split(ends, text) if sentence]


def _spoken(product: SampleProduct) -> Iterator[tuple[str, str]]:
    yield from product.script.items()
    for number, item in enumerate(product.faq):
        yield f"faq[{number}]", item.answer


def test_the_shop_is_broad_enough() -> None:
    languages = Counter(product.lang for product in PRODUCTS)
    assert languages["zh"] >= 18 and languages["en"] >= 5
    zh_categories = Counter(product.category.split(">")[0] for product in PRODUCTS if product.lang == "zh")
    assert len(zh_categories) >= 8
    assert zh_categories["酒店旅行"] >= 3


def test_every_sku_is_its_own() -> None:
    assert [sku for sku, count in Counter(product.sku for product in PRODUCTS).items() if count > 1] == []


@each_product
def test_the_line_has_exactly_the_agreed_fields(product: SampleProduct) -> None:
    lines = (HERE / "products.jsonl").read_text(encoding="utf-8").splitlines()
    record = next(record for record in map(json.loads, lines) if record["sku"] == product.sku)
    assert set(record) == {
        *("sku", "lang", "category", "persona", "listing", "facts", "stock", "list_price_basis"),
        *("picture", "faq", "script"),
    }
    assert set(record["facts"]) == set(product.facts.to_json())
    assert list(record["script"]) == list(SEGMENTS)
    assert record["facts"]["category"] == record["category"]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", product.sku)
    assert product.facts.currency == {"zh": "CNY", "en": "USD"}[product.lang]
    assert 80 <= len(product.listing) <= 600
    assert product.stock > 0


@each_product
def test_every_fact_stands_word_for_word_in_the_listing(product: SampleProduct) -> None:
    spans = product.facts.evidence
    for key, text in product.facts.items():
        if key == "category":
            continue
        field, _, index = key.rpartition(".")
        start, end = spans[field][int(index)] if field in LIST_FIELDS else spans[key][0]
        stands = product.listing[start:end]
        assert (stands == text) or (_numbers(stands) == {text}), key


@each_product
def test_a_struck_through_price_is_higher_and_its_basis_is_said(product: SampleProduct) -> None:
    facts = product.facts
    offer = product.script["offer"]
    assert facts.price is not None
    assert f"{facts.price:f}" in _numbers(offer)
    if facts.list_price is None:
        assert product.list_price_basis is None
    else:
        assert product.list_price_basis is not None
        assert facts.list_price > facts.price
        assert BASIS_WORDS[product.list_price_basis].search(offer)


@each_product
def test_every_number_of_the_script_is_a_number_of_the_facts(product: SampleProduct) -> None:
    for segment, text in product.script.items():
        assert _numbers(text) <= _known(product), segment


@each_product
def test_every_answer_names_facts_that_exist_and_says_only_their_numbers(product: SampleProduct) -> None:
    assert 3 <= len(product.faq) <= 5
    for item in product.faq:
        cited = [text for key in item.facts for text in _cited(product, key)]
        assert item.facts
        assert all(_cited(product, key) for key in item.facts), item.question
        # A question repeats the viewer's own figure, so an answer may take it up.
        assert _numbers(item.answer) <= _numbers(" ".join([*cited, item.question])), item.answer


@each_product
def test_nothing_unlawful_or_bodily_is_said(product: SampleProduct) -> None:
    for where, text in _spoken(product):
        assert not BANNED.search(text), where
        assert not BODY.search(text), where
    for key, text in product.facts.items():
        assert not BANNED.search(text), key


@each_product
def test_the_claim_ledger_finds_a_fact_for_every_sentence(product: SampleProduct) -> None:
    for where, text in _spoken(product):
        for sentence in _sentences(text, product.lang):
            verdict = check(sentence, product.facts)
            assert verdict.ok, f"{where}: {sentence} ({verdict.reason})"


@each_product
def test_the_advertising_law_gate_bans_no_sentence(product: SampleProduct) -> None:
    for where, text in _spoken(product):
        for sentence in _sentences(text, product.lang):
            judgement = judge(sentence, product.category)
            assert judgement.verdict != "ban", f"{where}: {sentence} ({judgement.why})"


@each_product
def test_prices_are_said_with_their_unit_so_that_a_price_change_can_reach_the_words(product: SampleProduct) -> None:
    facts = product.facts
    others = _numbers(" ".join(text for key, text in facts.items() if key not in ("price", "list_price")))
    amounts = {f"{amount:f}" for amount in (facts.price, facts.list_price) if amount is not None} - others
    for segment, text in product.script.items():
        for amount in amounts:
            bare = re.findall(rf"(?<![\d.]){re.escape(amount)}(?![\d.]*\d)(?! ?(?:元|dollars))", text)
            assert bare == [], f"{segment}: {text}"


@each_product
def test_segments_are_long_enough_to_say_something_and_start_short(product: SampleProduct) -> None:
    for segment, text in product.script.items():
        if product.lang == "zh":
            assert 40 <= len(text) <= 130, segment
            assert len(_clauses(text)[0]) <= 10, segment
        else:
            assert 25 <= len(text.split()) <= 80, segment
            assert len(_clauses(text)[0].split()) <= 8, segment
        assert not re.search(r"[（）()\[\]【】*#\n/×~]|[\U0001F300-\U0001FAFF]", text), segment


@each_product
def test_answers_are_one_breath(product: SampleProduct) -> None:
    for item in product.faq:
        if product.lang == "zh":
            assert 8 <= len(item.answer) <= 60, item.answer
        else:
            assert 4 <= len(item.answer.split()) <= 30, item.answer


def test_no_two_segments_begin_alike() -> None:
    openings = Counter(_clauses(text)[0].lower() for product in PRODUCTS for text in product.script.values())
    assert {words: count for words, count in openings.items() if count > 1} == {}


def test_no_sentence_frame_is_shared_between_products() -> None:
    seen: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for product in PRODUCTS:
        size = 11 if product.lang == "zh" else 7
        for text in product.script.values():
            units = tuple(re.sub(r"\d+", "0", text)) if product.lang == "zh" else tuple(text.lower().split())
            for start in range(len(units) - size + 1):
                seen[units[start : start + size]].add(product.sku)
    assert {"".join(frame): skus for frame, skus in seen.items() if len(skus) > 1} == {}


@each_product
def test_the_picture_is_a_small_webp_of_the_agreed_size(product: SampleProduct) -> None:
    body = (STATIC / product.picture).read_bytes()
    assert product.picture == f"img/sample/{product.sku}.webp"
    assert 4_000 <= len(body) <= 80 * 1024
    assert body[:4] == b"RIFF" and body[8:12] == b"WEBP"
    assert _webp_size(body) == (800, 800)


@each_product
def test_the_drawing_is_self_contained_and_wordless(product: SampleProduct) -> None:
    drawing = (HERE / "pictures" / f"{product.sku}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 800 800"' in drawing
    assert not re.search(r"<(text|image|script|foreignObject)\b|(?:href|src)=\"(?!#)", drawing)
    assert not re.search(r"[\u3400-\u9fff]", drawing)


def test_no_drawing_or_picture_is_left_without_a_product() -> None:
    skus = {product.sku for product in PRODUCTS}
    assert {path.stem for path in (HERE / "pictures").glob("*.svg")} == skus
    assert {path.stem for path in (STATIC / "img" / "sample").glob("*.webp")} == skus


def test_the_policies_cover_what_viewers_ask_in_both_languages() -> None:
    policies = sample_policies()
    keys = [policy.key for policy in policies]
    assert len(keys) == len(set(keys))
    assert {"shipping_time", "shipping_fee", "returns", "refund_time", "invoice"} <= set(keys)
    for policy in policies:
        assert 10 <= len(policy.zh) <= 60, policy.key
        assert 8 <= len(policy.en.split()) <= 35, policy.key
        assert not BANNED.search(policy.zh + policy.en), policy.key


def test_the_whole_shop_stays_small() -> None:
    pictures = sum((STATIC / product.picture).stat().st_size for product in PRODUCTS)
    assert (HERE / "products.jsonl").stat().st_size <= 400_000
    assert pictures <= 1_600_000


def _webp_size(body: bytes) -> tuple[int, int]:
    """Width and height from the VP8, VP8L or VP8X header (RFC 9649)."""
    match body[12:16]:
        case b"VP8 ":
            width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (26, 28))
            return width, height
        case b"VP8L":
            bits = int.from_bytes(body[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (24, 27))
            return width, height
        case other:
            raise AssertionError(f"not a WebP chunk: {other!r}")
