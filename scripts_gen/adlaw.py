"""Advertising law in context: what a host may not say, what needs evidence, and what only looks forbidden.

Judged after 广告法 (2021) articles 8–13, 16–18, 20, 23–25, 28, the enforcement guide on absolute terms
(广告绝对化用语执法指南, 2023) and the price rule (明码标价和禁止价格欺诈规定, 2022); docs/law.md says more.
Engineering input, no legal advice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from scripts_gen.law.bans import BANS
from scripts_gen.law.context import LOOKALIKE, OFFICIAL, excused, sourced
from scripts_gen.law.evasions import uncovered as uncovered
from scripts_gen.law.packs import packs_of
from scripts_gen.law.proofs import PROOFS
from scripts_gen.law.rewriting import CLAUSE, ended, plain_line, softened
from scripts_gen.law.rule import Rule

Ruling = Literal["ban", "evidence", "fine"]
Spans = Sequence[tuple[int, int]]

LONGEST = 300  # characters looked at in one go: longer texts are judged in stretches, so that no text costs its square
OVERLAP = 30  # where a stretch has no mark to end on

_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_MARKS = str.maketrans("!?;", "！？；")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one sentence: `why` names the reason and the words, `rewrite` is a lawful version of a ban."""

    verdict: Ruling
    why: str = ""
    rewrite: str = ""


def judge(text: str, category: str | None = None) -> Judgement:
    """The verdict of advertising law on one sentence about goods of a category."""
    verdict, why = _ruled(text, category)
    return Judgement(verdict=verdict, why=why, rewrite=_instead(text, category, why) if verdict == "ban" else "")


@lru_cache(maxsize=4096)
def _ruled(text: str, category: str | None) -> tuple[Ruling, str]:
    told: tuple[Ruling, str] = ("fine", "")
    for stretch in _stretches(_marked(uncovered(text))):
        found = _of_stretch(stretch, category)
        if found[0] == "ban":
            return found
        told = found if told[0] == "fine" else told
    return told


def _of_stretch(plain: str, category: str | None) -> tuple[Ruling, str]:
    hidden = [match.span() for match in LOOKALIKE.finditer(plain)]
    titles = [match.span() for match in OFFICIAL.finditer(plain) if not excused(plain, *match.span())]
    packs = packs_of(category, plain)
    registered = [match.span() for pack in packs if pack.allowed for match in pack.allowed.finditer(plain)]
    to_prove = ""
    for rule in BANS:
        if found := _hit(rule, plain, (*hidden, *titles, *registered) if rule.effect else (*hidden, *titles)):
            if not (rule.ranking and sourced(plain)):
                return "ban", f"{rule.why}: {found}"
            to_prove = f"sales or ranking: show the source: {found}"
    for pack in packs:
        for rule in pack.bans:
            if found := _hit(rule, plain, hidden):
                return "ban", f"{rule.why}: {found}"
    if to_prove:
        return "evidence", to_prove
    if titles:
        return "evidence", f"proof: show the certificate: {plain[titles[0][0] : titles[0][1]]}"
    for rule in (*(each for pack in packs for each in pack.proofs), *PROOFS):
        if found := _hit(rule, plain, hidden):
            return "evidence", f"{rule.why}: {found}"
    return "fine", ""


def _stretches(plain: str) -> Iterator[str]:
    """The text in pieces of at most LONGEST, cut behind a mark where there is one."""
    while len(plain) > LONGEST:
        cut = max(plain.rfind(mark, 0, LONGEST) for mark in "。！？.!?；;，\n") + 1
        yield plain[: cut or LONGEST]
        plain = plain[cut or LONGEST - OVERLAP :]
    yield plain


def _marked(plain: str) -> str:
    """Chinese with its own marks again, which folding the width made Latin: a pattern never reaches over them."""
    if plain.isascii():
        return plain
    return _COMMA.sub("，", plain).translate(_MARKS)


def _hit(rule: Rule, plain: str, hidden: Spans) -> str:
    """The first words of the rule that stand in no lawful context."""
    for match in rule.found(plain):
        start, end = match.span()
        if any(low <= start < high for low, high in hidden) or excused(plain, start, end):
            continue
        return match.group()
    return ""


def rewritten(text: str, category: str | None = None) -> str:
    """The clauses of the text that are lawful, boasts taken out of the others; empty when nothing is left."""
    kept: list[str] = []
    for clause in CLAUSE.findall(text):
        if _ruled(clause, category)[0] != "ban":
            kept.append(clause)
        elif (softer := softened(clause)) and _ruled(softer, category)[0] != "ban":
            kept.append(softer)
    return ended("".join(kept))


def _instead(text: str, category: str | None, why: str) -> str:
    """A version that needs no proof either: the lawful clauses, else a plain line of the same matter."""
    kept = ended("".join(part for part in CLAUSE.findall(rewritten(text, category)) if _fine(part, category)))
    long_enough = 6 if not kept.isascii() else 16
    return kept if len(kept) >= long_enough and _fine(kept, category) else plain_line(why, text)


def _fine(text: str, category: str | None) -> bool:
    return _ruled(text, category)[0] == "fine"
