"""Recompute a rehearsal's claims from its kept evidence alone: `python tests/recompute_rehearsal.py DIR`.

Imports nothing of the studio. From `client.wav`, `events.jsonl`, `sent_orders.jsonl` and `show.db` it works out the
longest silence, the hash chain, paid GMV on both sides, whether every number in a spoken line stands in the facts, and
whether every clause that a viewer heard was in the log before it sounded. Exits 1 when anything does not hold.
"""

import hashlib
import json
import re
import sqlite3
import sys
import wave
from array import array
from decimal import Decimal
from pathlib import Path
from typing import Any

QUIET = 32_768 * 10 ** (-50 / 20)  # −50 dBFS of int16
LONGEST = 3.0  # seconds of silence that are allowed
EXPONENTS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def silence(path: Path) -> tuple[float, float]:
    """(longest silence, length) in seconds; silence counts from the first sound to the end of the file."""
    with wave.open(str(path)) as sound:
        rate, total = sound.getframerate(), sound.getnframes()
        step, longest, quiet, sounding = rate // 10, 0, 0, False
        while len(chunk := array("h", sound.readframes(step))) == step:
            loud = (sum(value * value for value in chunk) / step) ** 0.5 >= QUIET
            sounding = sounding or loud
            quiet = 0 if loud or not sounding else quiet + 1
            longest = max(longest, quiet)
    return longest / 10, total / rate


def chain(events: list[dict[str, Any]]) -> int | None:
    """The first seq at which the chain breaks; None when it holds."""
    before = ""
    for number, event in enumerate(events, start=1):
        bare = {key: value for key, value in event.items() if key != "hash"}
        text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        wanted = hashlib.sha256((before + text).encode()).hexdigest()
        if event["seq"] != number or event["prev"] != before or event["hash"] != wanted:
            return number
        before = event["hash"]
    return None


def sent_gmv(messages: list[dict[str, Any]]) -> dict[str, Decimal]:
    """Paid by currency as the senders know it: acknowledged messages, each order once, before refunds."""
    amounts: dict[str, tuple[str, Decimal]] = {}
    paid: set[str] = set()
    for message in messages:
        if message["acked"] and message["status"] != "refunded":
            amounts[message["id"]] = (message["currency"], Decimal(message["amount"]))
        if message["acked"] and message["status"] in ("paid", "refunded"):
            paid.add(message["id"])
    totals: dict[str, Decimal] = {}
    for order in paid & amounts.keys():
        currency, amount = amounts[order]
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    return totals


def stored_gmv(database: Path) -> dict[str, Decimal]:
    """Paid by currency as the books know it."""
    totals: dict[str, Decimal] = {}
    with sqlite3.connect(database) as books:
        for currency, minor in books.execute(
            "SELECT currency, sum(amount_minor) FROM orders WHERE paid AND NOT test GROUP BY currency"
        ):
            totals[currency] = Decimal(minor).scaleb(-EXPONENTS.get(currency, 2))
    return totals


def numbers_in(text: str) -> set[Decimal]:
    """Every number written in Arabic digits."""
    plain = text.translate({ord("０") + digit: str(digit) for digit in range(10)}).replace(",", "")
    return {Decimal(found).normalize() for found in re.findall(r"\d+(?:\.\d+)?", plain)}


def known_numbers(database: Path) -> dict[str, set[Decimal]]:
    """Per product: the numbers of its listing, facts, approved answers, ledger prices and the shop's policies."""
    with sqlite3.connect(database) as books:
        policies = " ".join(text for (text,) in books.execute("SELECT text FROM policies"))
        known: dict[str, set[Decimal]] = {}
        query = "SELECT product, facts, faq, listing, price_minor, list_price_minor, currency FROM products"
        for product, facts, faq, listing, price, list_price, currency in books.execute(query):
            numbers = numbers_in(f"{facts} {faq} {listing} {policies}")
            exponent = EXPONENTS.get(currency, 2)
            money = [Decimal(minor).scaleb(-exponent) for minor in (price, list_price) if minor is not None]
            numbers |= {amount.normalize() for amount in money}
            if len(money) == 2 and money[1] > money[0]:
                numbers.add((money[1] - money[0]).normalize())
            known[product] = numbers
    return known


def groundless(events: list[dict[str, Any]], known: dict[str, set[Decimal]]) -> list[tuple[str, list[str]]]:
    """Spoken lines about a product with a number above 3 that nothing known about it holds."""
    found: list[tuple[str, list[str]]] = []
    for event in events:
        if event["type"] != "line_started" or event["product"] not in known:
            continue
        free = {Decimal(digit) for digit in range(4)}
        missing = {number for number in numbers_in(event["text"]) if number not in free} - known[event["product"]]
        if missing:
            found.append((event["text"], sorted(map(str, missing))))
    return found


def unlogged(events: list[dict[str, Any]], arrivals: list[dict[str, Any]]) -> list[str]:
    """Clauses that a viewer heard without a row in the log, or before it (0.05 s for two clocks)."""
    at = {(event["line"], event["clause"]): event["at"] for event in events if event["type"] == "clause_started"}
    bad: list[str] = []
    for note in arrivals:
        if note["kind"] == "clip":
            written = at.get((note["line"], note["clause"]))
            if written is None or written > note["starts"] + 0.05:
                bad.append(f"{note['line']}/{note['clause']}")
    return bad


def _plain(totals: dict[str, Decimal]) -> str:
    return ", ".join(f"{amount} {currency}" for currency, amount in sorted(totals.items())) or "nothing"


def main(folder: Path) -> int:
    """Print what was found; 0 when everything holds."""
    events = lines(folder / "events.jsonl")
    longest, length = silence(folder / "client.wav")
    broken = chain(events)
    sent, stored = sent_gmv(lines(folder / "sent_orders.jsonl")), stored_gmv(folder / "show.db")
    missing = groundless(events, known_numbers(folder / "show.db"))
    late = unlogged(events, lines(folder / "client.jsonl"))
    held = {
        f"longest silence {longest:.1f} s of {length:.0f} s (allowed {LONGEST} s)": longest <= LONGEST,
        f"chain of {len(events)} events" + (f" broken at {broken}" if broken else " whole"): broken is None,
        f"paid GMV sent {_plain(sent)} stored {_plain(stored)}": (
            {key: value.normalize() for key, value in sent.items()}
            == {key: value.normalize() for key, value in stored.items()}
        ),
        f"lines with numbers nobody knows: {missing}": not missing,
        f"clauses heard before they were logged: {late}": not late,
    }
    for text, ok in held.items():
        print("ok  " if ok else "FAIL", text)
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
