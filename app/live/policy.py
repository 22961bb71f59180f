"""What platforms say about digital hosts, and which goods need a person's permission first: a dated data file.

Engineering input read second-hand, no legal advice: every entry says where it comes from and when somebody looked.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from app.catalogue.product import Product

FILE = Path(__file__).parent / "policies.json"
Verdict = Literal["allow", "warn", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One platform's word on digital hosts: `rule` and what to `do`, by language."""

    platform: str
    verdict: Verdict
    rule: dict[str, str]
    do: dict[str, str]
    source: str
    verified_on: date | None
    kept: timedelta

    def stale(self, today: date) -> bool:
        """Whether nobody has looked for longer than such an entry is believed, or ever."""
        return self.verified_on is None or today - self.verified_on > self.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """A product of a category that is off by default."""

    title: str
    category: str


@lru_cache(1)
def policies() -> dict[str, Policy]:
    """Every platform's policy by its name, in the order they are offered."""
    body = json.loads(FILE.read_text("utf-8"))
    kept = timedelta(days=body["kept_days"])
    return {
        item["platform"]: Policy(
            platform=item["platform"],
            verdict=item["verdict"],
            rule={"zh": item["zh"], "en": item["en"]},
            do={"zh": item["do_zh"], "en": item["do_en"]},
            source=item["source"],
            verified_on=None if item["verified_on"] is None else date.fromisoformat(item["verified_on"]),
            kept=kept,
        )
        for item in body["platforms"]
    }


@lru_cache(1)
def _categories() -> tuple[tuple[str, re.Pattern[str]], ...]:
    body = json.loads(FILE.read_text("utf-8"))
    return tuple((item["category"], _pattern(item["words"])) for item in body["restricted"])


def _pattern(words: list[str]) -> re.Pattern[str]:
    # Latin words must stand alone: "wine" is no part of "twine".
    return re.compile("|".join(rf"\b{re.escape(word)}\b" if word.isascii() else word for word in words), re.IGNORECASE)


def restricted_in(products: tuple[Product, ...]) -> tuple[Restricted, ...]:
    """The products whose title or category names goods that are off by default."""
    found: list[Restricted] = []
    for product in products:
        text = f"{product.title} {product.facts.category or ''}"
        category = next((name for name, words in _categories() if words.search(text)), None)
        if category is not None:
            found.append(Restricted(title=product.title, category=category))
    return tuple(found)
