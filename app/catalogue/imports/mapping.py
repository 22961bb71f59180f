"""Which column is what, and why we think so."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.catalogue.imports.fields import IGNORED, MSRP_NAMES, NAMES, PRIVATE, SINGLE, folded
from app.catalogue.imports.profiles import Profile, profile_of
from app.catalogue.imports.table import Table
from app.catalogue.imports.values import Unreadable, amount_in

Why = Literal["profile", "remembered", "name", "like_name", "values", "second", "private", "unknown", "you", "unneeded"]
SAMPLE = 60  # rows looked at to guess by values
SURE: Mapping[Why, float] = {"like_name": 0.8, "values": 0.75}
"""How sure a guessed column makes its facts; all other reasons make them 0.95."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column, the field it is taken for ("" is left out), and the reason."""

    name: str
    field: str
    why: Why
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All columns of a table in order, and the shop system they come from, if one is known."""

    columns: tuple[Column, ...]
    profile: str | None

    def places(self, field: str) -> list[int]:
        """Where the columns of a field are."""
        return [place for place, column in enumerate(self.columns) if column.field == field]


def signature(header: Sequence[str]) -> str:
    """What a header is remembered by: its folded names in order."""
    return hashlib.sha256("\n".join(map(folded, header)).encode()).hexdigest()


def propose(table: Table, remembered: Sequence[str] | None = None) -> Columns:
    """The columns as the shop mapped this header before, else as its shop system, their names and values tell."""
    profile = profile_of(table.header)
    examples = _examples(table)
    if remembered is not None and len(remembered) == len(table.header):
        return Columns(
            columns=tuple(
                Column(name=name, field=field, why="remembered", example=example)
                for name, field, example in zip(table.header, remembered, examples, strict=True)
            ),
            profile=profile.name if profile else None,
        )
    chosen = [_by_name(name, profile) for name in table.header]
    if profile is None or not any(field == "title" for field, _, _ in chosen):
        _by_values(table, chosen)
    _settle(chosen, profile)
    return Columns(
        columns=tuple(
            Column(name=name, field=field, why=why, example=example)
            for name, (field, why, _), example in zip(table.header, chosen, examples, strict=True)
        ),
        profile=profile.name if profile else None,
    )


def chosen_by(table: Table, fields: Sequence[str]) -> Columns:
    """The columns as the merchant set them; reasons are kept where nothing was changed."""
    before = propose(table)
    return Columns(
        columns=tuple(
            column
            if column.field == field
            else Column(name=column.name, field=field, why="you", example=column.example)
            for column, field in zip(before.columns, fields, strict=True)
        ),
        profile=before.profile,
    )


Choice = tuple[str, Why, int]


def _by_name(name: str, profile: Profile | None) -> Choice:
    fold = folded(re.sub(r" \(\d+\)$", "", name))
    if profile is not None:
        if fold in profile.columns:
            return profile.columns[fold], "profile", 0
        return IGNORED, "unneeded", 0
    if fold in NAMES:
        field, rank = NAMES[fold]
        return field, "name", rank
    if PRIVATE.search(name):
        return IGNORED, "private", 0
    # Longer known names first: 商品主图链接 is a picture before it is a 商品.
    for known in _LONGEST:
        field, rank = NAMES[known]
        if field in _LOOSE and known in fold and not known.isascii() and len(known) * 2 >= len(fold):
            return field, "like_name", rank + 100
    return IGNORED, "unknown", 0


_LOOSE = frozenset(
    {"title", "price", "list_price", "stock", "brand", "description", "selling_points", "picture", "specs"}
)
_LONGEST = sorted((name for name in NAMES if len(name) >= 2), key=len, reverse=True)


def _by_values(table: Table, chosen: list[Choice]) -> None:
    """Where names leave title or price open: the column with names in it, the column with amounts in it."""
    taken = {field for field, _, _ in chosen}
    cells = [
        [row[place] for _, row in table.rows[:SAMPLE] if row[place]] if field == IGNORED and why in _OPEN else []
        for place, (field, why, _) in enumerate(chosen)
    ]
    if table.has_header and {"title", "price"} <= taken:
        return
    links = {place for place, found in enumerate(cells) if found and all(re.match(r"(?:https?:)?//", c) for c in found)}
    if "price" not in taken:
        amounts = [
            (sum("." in cell for cell in found) + 1, -place)
            for place, found in enumerate(cells)
            if place not in links and len(found) * 2 >= min(len(table.rows), SAMPLE) and _amounts(found) >= 0.9
        ]
        if amounts:
            chosen[-max(amounts)[1]] = ("price", "values", 200)
    if "title" not in taken:
        words = [
            (len(set(found)) / len(found) * min(sum(map(len, found)) / len(found), 60), -place)
            for place, found in enumerate(cells)
            if found and place not in links and chosen[place][0] == IGNORED and _amounts(found) < 0.5
        ]
        if words and max(words)[0] >= 2:
            chosen[-max(words)[1]] = ("title", "values", 200)
    if not table.has_header and "picture" not in taken:
        for place in sorted(links):
            if any(re.search(r"\.(?:jpe?g|png|webp)", cell, re.IGNORECASE) for cell in cells[place]):
                chosen[place] = ("picture", "values", 200)


_OPEN = frozenset({"unknown"})


def _amounts(cells: Sequence[str]) -> float:
    good = 0
    for cell in cells:
        try:
            amount, _ = amount_in(cell)
            good += 0 < amount < 10**7
        except Unreadable:
            continue
    return good / len(cells)


def _settle(chosen: list[Choice], profile: Profile | None) -> None:
    """A field of one column goes to the best one; others step back (a second price becomes the list price)."""
    for field in SINGLE:
        rivals = sorted(
            (place for place, (wanted, _, _) in enumerate(chosen) if wanted == field),
            key=lambda place: (chosen[place][2], place),
        )
        for place in rivals[1:]:
            chosen[place] = (IGNORED, "second", 0)
        reduced = len(rivals) > 1 and profile is None and chosen[rivals[0]][2] < FULL_PRICE_RANK
        if field == "price" and reduced and not any(other == "list_price" for other, _, _ in chosen):
            chosen[rivals[1]] = ("list_price", "second", 0)
    if not any(field == "price" for field, _, _ in chosen):
        # A sheet whose only amount is called 原价 sells at it.
        for place, (field, _why, rank) in enumerate(chosen):
            if field in ("sale_price", "list_price"):
                chosen[place] = ("price", "name", rank)
                break


FULL_PRICE_RANK = (
    12  # names of a reduced price (直播价, 券后价, 现价…) come before this place of fields.ALIASES["price"]
)


def names_msrp(mapping: Columns) -> bool:
    """True when the struck-through price's own column calls it the suggested retail price."""
    return any(MSRP_NAMES.search(mapping.columns[place].name) for place in mapping.places("list_price"))


def _examples(table: Table) -> list[str]:
    found = []
    for place in range(len(table.header)):
        cell = next((row[place] for _, row in table.rows[:200] if row[place]), "")
        text = re.sub(r"\s+", " ", cell)
        found.append(text if len(text) <= 80 else f"{text[:79]}…")
    return found
