"""A second, independent check of what is spoken: `python -m tests.second_checker SCRIPT.json`, or a rehearsal's folder.

Imports nothing of the studio and was written without reading its claim gate. A quantity, maker, material, place, mark
or claim in a spoken line that nothing known about the product carries is a finding; exit code 1 when there is one.
What is known: the facts and answers of the sample shop (`--products`), or those in a rehearsal's own `show.db`.
"""

import argparse
import json
import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.second_reading import LEXICON, Quantity, quantities, quantity_of
from tests.second_strangers import strangers

WORDED = {kind: str(LEXICON[f"{kind}s"]).split() for kind in ("maker", "material", "place", "mark")}
CLAIMS: dict[str, list[str]] = {word: [word] for word in LEXICON["claims"]["alone"]} | {
    word: kin for word, kin in LEXICON["claims"].items() if word != "alone"
}
SAMPLE = Path(__file__).resolve().parent.parent / "app" / "sample"
DENIED = re.compile(
    r"(?:不是|没有|没写|没说|不敢|不能|不含|不加|不可|不用|不要|勿|别|问|无(?!理由|线|需)|并非"
    r"|isn't|aren't|not|no|don't|without|n't|off the)[^，。,.]{0,12}$"
)
CODE = re.compile(r"(?<![a-z0-9])[a-z]{1,5}-?\d+[a-z0-9]*")
SERVICE = re.compile(r"发货|运费|包邮|退|换货|到账|签收|ship|return|refund|postage|deliver")
LOWER = 4  # whole numbers below it count nothing by themselves: "two of you", 一人一只


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A piece of a spoken line that nothing known carries."""

    kind: str
    piece: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything that may be said of one product: the text of its facts and answers, and its quantities."""

    title: str
    text: str
    quantities: tuple[Quantity, ...]
    service: tuple[Quantity, ...] = ()  # of the shop's policies: they carry a line about sending and returning only


def known(texts: Mapping[str, str], money: Mapping[str, tuple[Decimal | None, str]], policies: str) -> Known:
    """What is known, from texts by name and amounts (value, currency); the saving is an amount, too."""
    amounts = [(value, currency) for value, currency in money.values() if value is not None]
    if len(amounts) == 2:
        amounts.append((abs(amounts[1][0] - amounts[0][0]), amounts[0][1]))
    found = [quantity for text in texts.values() for quantity in quantities(text)]
    found += [quantity_of(f"{value:f}", currency.lower()) for value, currency in amounts]
    # a bare number of an offer (加59换购地布) is money
    bare = [quantity.value for quantity in quantities(texts.get("fact promotions", "")) if not quantity.unit]
    found += [quantity_of(f"{value:f}", money["price"][1].lower()) for value in bare]
    return Known(
        title=texts["fact title"],
        text=" ".join([*texts.values(), policies]).lower(),
        quantities=tuple(found),
        service=tuple(quantities(policies)),
    )


def findings(line: str, facts: Known) -> list[Finding]:
    """What of a spoken line nothing known carries."""
    found = [
        Finding(kind="quantity", piece=f"{quantity.value:f}{quantity.unit}")
        for quantity in quantities(line)
        if not _carried(quantity, facts.quantities)
        and not (SERVICE.search(line.lower()) and _carried(quantity, facts.service))
    ]
    lower = line.lower()
    found += [Finding(kind="code", piece=code) for code in sorted(_codes(lower) - _codes(facts.text))]
    for kind, words in WORDED.items():
        for word in words:
            place = _place(word.lower(), lower)
            names = (word, *LEXICON["other_names"].get(word, ()))
            if place is None or any(_place(each.lower(), facts.text) is not None for each in names):
                continue
            if not DENIED.search(lower[:place]):
                found.append(Finding(kind=kind, piece=word))
    found += [Finding(kind=kind, piece=piece) for kind, piece in strangers(line, facts.title, facts.text)]
    for word, kin in CLAIMS.items():
        place = lower.find(word.lower())
        if place < 0 or DENIED.search(lower[:place]):
            continue
        if not any(_affirmed(each.lower(), facts.text) for each in kin):
            found.append(Finding(kind="claim", piece=word))
    return found


def _codes(text: str) -> set[str]:
    """Model codes and grades: letters with digits, IPX4, LT-2, PU3000mm."""
    return {re.sub(r"[\s-]", "", code) for code in CODE.findall(text.lower())}


def _carried(quantity: Quantity, among: tuple[Quantity, ...]) -> bool:
    if quantity.value < LOWER and quantity.value == int(quantity.value) and quantity.measures is None:
        return True
    for other in among:
        if quantity.measures and other.measures:
            if (quantity.measures[0], quantity.value * quantity.measures[1]) == (
                other.measures[0],
                other.value * other.measures[1],
            ):
                return True
        elif (
            quantity.value == other.value
            and not quantity.measures
            and quantity.unit in ("", "个", "样", "种", "条", other.unit)
        ):
            return True
    return False


def _place(word: str, text: str) -> int | None:
    """Where a word stands; Latin ones whole, Chinese ones anywhere."""
    if not word.isascii():
        place = text.find(word)
        return None if place < 0 else place
    match = re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text)
    return match.start() if match else None


def _affirmed(word: str, text: str) -> bool:
    """Whether what is known says the word without denying it: `not waterproof` does not carry `waterproof`."""
    return any(not DENIED.search(text[: match.start()]) for match in re.finditer(re.escape(word), text))


def of_sample(path: Path) -> dict[str, Known]:
    """What is known of every product of the sample shop, by SKU."""
    policies = json.loads((SAMPLE / "policies.json").read_text("utf-8"))
    common = " ".join(f"{item['zh']} {item['en']}" for item in policies)
    shelf = {}
    for row in path.read_text("utf-8").splitlines():
        item = json.loads(row)
        shelf[item["sku"]] = _of_product(item["facts"], item.get("faq") or [], common)
    return shelf


def _of_product(facts: Mapping[str, Any], faq: list[Any], common: str) -> Known:
    currency = str(facts.get("currency") or "CNY")
    texts = {f"fact {name}": _flat(value) for name, value in facts.items() if name not in ("price", "list_price")}
    texts["answers"] = _flat(faq)
    money = {
        name: (Decimal(str(facts[name])) if facts.get(name) is not None else None, currency)
        for name in ("price", "list_price")
    }
    return known(texts, money, common)


def _flat(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(_flat(each) for key, each in value.items() if key not in ("facts", "question"))
    if isinstance(value, list):
        return " ； ".join(_flat(each) for each in value)
    return "" if value is None else str(value)


def _rehearsed(folder: Path) -> Iterator[tuple[str, str, Known]]:
    """(where, line, known) of every spoken line about a product."""
    shelf: dict[str, Known] = {}
    with sqlite3.connect(folder / "show.db") as books:
        common = " ".join(text for (text,) in books.execute("SELECT text FROM policies"))
        for product, facts, faq, price, list_price, currency in books.execute(
            "SELECT product, facts, faq, price_minor, list_price_minor, currency FROM products"
        ):
            exponent = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}.get(currency, 2)
            body = json.loads(facts) | {
                "currency": currency,
                "price": None if price is None else Decimal(price).scaleb(-exponent),
                "list_price": None if list_price is None else Decimal(list_price).scaleb(-exponent),
            }
            shelf[product] = _of_product(body, json.loads(faq or "[]"), common)
    for row in (folder / "events.jsonl").read_text("utf-8").splitlines():
        event = json.loads(row)
        if event["type"] == "line_started" and event.get("product") in shelf:
            yield str(event["seq"]), event["text"], shelf[event["product"]]


def _written(script: Mapping[str, Any], shelf: Mapping[str, Known]) -> Iterator[tuple[str, str, Known]]:
    for block in script["blocks"]:
        if block["product"] in shelf:
            for segment in block["segments"]:
                yield f"{block['product']} {segment['kind']}", segment["text"], shelf[block["product"]]


def main() -> int:
    """Print every finding; 0 when there is none (of a planted file: when every falsehood was found)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--products", type=Path, default=SAMPLE / "products.jsonl")
    arguments = parser.parse_args()
    source: Path = arguments.source
    if source.is_dir():
        spoken = list(_rehearsed(source))
    elif source.suffix == ".jsonl":
        return _planted(source, of_sample(arguments.products))
    else:
        spoken = list(_written(json.loads(source.read_text("utf-8")), of_sample(arguments.products)))
    count = 0
    for where, line, facts in spoken:
        for finding in findings(line, facts):
            count += 1
            print(f"{where}: {finding.kind} {finding.piece!r} in: {line}")
    print(f"{len(spoken)} lines, {count} findings without a fact")
    return 1 if count else 0


def _planted(source: Path, shelf: Mapping[str, Known]) -> int:
    rows = [json.loads(row) for row in source.read_text("utf-8").splitlines() if row]
    missed = [row for row in rows if not findings(row["false"], shelf[row["sku"]])]
    accused = [row for row in rows if findings(row["true"], shelf[row["sku"]])]
    for row in missed:
        print(f"missed {row['id']} {row['class']}: {row['false']}")
    for row in accused:
        print(f"accused {row['id']}: {row['true']} {findings(row['true'], shelf[row['sku']])}")
    print(f"{len(rows) - len(missed)} of {len(rows)} falsehoods found, {len(accused)} true lines accused")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
