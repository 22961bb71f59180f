"""The words of a show: written, edited, checked, approved line by line, kept in versions that can be compared."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.audit import note
from app.database import Database
from app.errors import BadInput, Conflict, NotFound
from app.events import ShopId, ShowId
from app.shows import script_store
from app.shows.script_lines import (
    LINES_MOST,
    BlockWords,
    Line,
    Reason,
    Version,
    Words,
    clean,
    hashed,
    kept,
    words_in,
)
from app.shows.script_reading import Standing, block_of, blocks_of, ground_in, standing_in
from app.shows.script_store import LineApprovalRow, ScriptVersionRow
from app.shows.verdicts import mended
from app.shows.words_diff import Change, line_differences
from scripts_gen.facts import ProductFacts
from scripts_gen.rundown import filled, slotted


class Scripts:
    """The words of every show. Raises NotFound for a show or block of another shop."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def blocks(self, shop: ShopId, show: ShowId) -> list[BlockWords]:
        """Every product's lines in show order, each with its verdict on the facts of this moment."""
        async with self._database.transaction() as db:
            return await blocks_of(db, shop, show)

    async def standing(self, shop: ShopId) -> dict[ShowId, Standing]:
        """How many products of each show have words that somebody stands for throughout; the gates are not asked."""
        async with self._database.transaction() as db:
            return await standing_in(db, shop)

    async def block(self, shop: ShopId, show: ShowId, block: str) -> BlockWords:
        """One product's lines."""
        async with self._database.transaction() as db:
            return await block_of(db, shop, show, block)

    async def save(
        self,
        shop: ShopId,
        show: ShowId,
        block: str,
        lines: Sequence[Words],
        why: Reason,
        by: str,
        *,
        based_on: int | None,
    ) -> int:
        """Keep new words as the block's newest version; its number. `based_on` None overwrites whatever is newest.

        Raises Conflict when somebody else saved since version `based_on`, BadInput for words that are none.
        """
        cleaned = [replace(line, text=clean(line.text)) for line in lines]
        if not 1 <= len(cleaned) <= LINES_MOST:
            raise BadInput("lines", f"1 to {LINES_MOST}", len(cleaned))
        async with self._database.transaction() as db:
            found = await block_of(db, shop, show, block)
            return await _append(db, shop, show, found, cleaned, why, by, based_on)

    async def edit(
        self, shop: ShopId, show: ShowId, block: str, number: int, text: str, by: str, *, based_on: int
    ) -> int:
        """Put other words into one line. Today's prices in them become slots. The new version's number."""
        async with self._database.transaction() as db:
            found = await block_of(db, shop, show, block)
            old = _line(found, number)
            words = slotted(clean(text), _facts(found))
            if words == old.text:
                return found.version
            lines = [kept(line) for line in found.lines]
            lines[number - 1] = Words(kind=old.kind, text=words, worded="person")
            return await _append(db, shop, show, found, lines, "edited", by, based_on)

    async def put(
        self, shop: ShopId, show: ShowId, block: str, number: int, line: Words, by: str, *, based_on: int
    ) -> int:
        """Put a newly written line in the place of one. The new version's number."""
        async with self._database.transaction() as db:
            found = await block_of(db, shop, show, block)
            _line(found, number)
            lines = [kept(each) for each in found.lines]
            lines[number - 1] = replace(line, text=clean(line.text))
            return await _append(db, shop, show, found, lines, "written", by, based_on)

    async def leave_out(self, shop: ShopId, show: ShowId, block: str, number: int, by: str, *, based_on: int) -> int:
        """Take a line out of the block. Raises BadInput for its last one."""
        async with self._database.transaction() as db:
            found = await block_of(db, shop, show, block)
            _line(found, number)
            if len(found.lines) == 1:
                raise BadInput("line", "one beside another; a block keeps at least one", number)
            lines = [kept(line) for line in found.lines if line.number != number]
            return await _append(db, shop, show, found, lines, "edited", by, based_on)

    async def mend(
        self, shop: ShopId, show: ShowId, block: str, numbers: Sequence[int] | None, by: str, *, based_on: int | None
    ) -> int:
        """Rewrite lines that do not pass, by dropping what no fact carries and the law forbids. `numbers` None: all."""
        async with self._database.transaction() as db:
            found = await block_of(db, shop, show, block)
            ground = await ground_in(db, shop, show, found.product)
            lines = [kept(line) for line in found.lines]
            broken = False
            for line in found.lines:
                if (numbers is None or line.number in numbers) and (not line.verdict.ok or line.gone):
                    text = mended(line.text, line.kind, ground, f"{block}{line.number}{found.version}")
                    lines[line.number - 1] = Words(kind=line.kind, text=text, worded="code")
                    broken = broken or line.look_again
            if lines == [kept(line) for line in found.lines]:
                return found.version
            why: Reason = "facts_changed" if broken else "rewritten"
            return await _append(db, shop, show, found, lines, why, by, based_on)

    async def approve(self, shop: ShopId, show: ShowId, block: str, by: str, *, based_on: int, proof: bool) -> None:
        """Stand for every line of a block. Raises Conflict naming the words that stop it; nothing is approved then."""
        async with self._database.transaction() as db:
            found = await block_of(db, shop, show, block)
            if found.version != based_on:
                raise Conflict(f"script: wanted version {based_on}, found {found.version}; somebody saved meanwhile")
            if found.stopped:
                told = "; ".join(f"line {line.number}: {_told(line)}" for line in found.stopped)
                raise Conflict(f"script: wanted lines that facts and law allow, found {told}")
            if found.proofs and not proof:
                raise Conflict(f"script: wanted your word that there is a proof for {', '.join(found.proofs)}")
            if not found.lines:
                raise Conflict("script: wanted at least one line, found none")
            found = await _own(db, shop, show, found)
            await _stand_for(db, shop, show, found, found.lines, by)

    async def approve_passing(self, shop: ShopId, show: ShowId, by: str) -> int:
        """Stand for every line of the show that passes and needs no proof; how many were approved now."""
        count = 0
        async with self._database.transaction() as db:
            for found in await blocks_of(db, shop, show):
                lines = [line for line in found.lines if line.verdict.ok and not line.verdict.proof and not line.spoken]
                if lines:
                    await _stand_for(db, shop, show, await _own(db, shop, show, found), lines, by)
                    count += len(lines)
        return count

    async def withdraw(self, shop: ShopId, show: ShowId, block: str, by: str) -> None:
        """Nobody stands for the block's lines any longer."""
        async with self._database.transaction() as db:
            found = await _own(db, shop, show, await block_of(db, shop, show, block))
            await script_store.forget_approval(db, shop, show, block, [hashed(line.text) for line in found.lines])
            note(db, shop, by, "script_changed", object=f"{show}/{block}", detail={"why": "approval withdrawn"})

    async def versions(self, shop: ShopId, show: ShowId, block: str) -> list[Version]:
        """Every version of a block, newest first; the product's own words are its version 0."""
        async with self._database.transaction() as db:
            found = await block_of(db, shop, show, block)
            rows = await script_store.versions_of(db, shop, show, block)
        made = [
            Version(number=row.version, why=row.why, by=row.by, at=row.at, lines=tuple(map(words_in, row.lines)))
            for row in rows
        ]
        if not made and found.at is not None:
            made = [Version(number=0, why="product", by=found.by, at=found.at, lines=tuple(map(kept, found.lines)))]
        return made

    async def compare(
        self, shop: ShopId, show: ShowId, block: str, before: int, after: int
    ) -> list[tuple[str, tuple[Change, ...]]]:
        """Two versions line by line, by words, with today's money in both. Raises NotFound for an unknown version."""
        found = await self.block(shop, show, block)
        made = {version.number: version for version in await self.versions(shop, show, block)}
        for number in (before, after):
            if number not in made:
                raise NotFound(f"version: wanted one of {', '.join(map(str, made))}, found {number}")
        old, new = ([(line.kind, _read(line, found)) for line in made[number].lines] for number in (before, after))
        return line_differences(old, new)

    async def restore(self, shop: ShopId, show: ShowId, block: str, number: int, by: str) -> int:
        """Make an older version the newest again; lines approved then are approved still if their facts hold."""
        old = next((each for each in await self.versions(shop, show, block) if each.number == number), None)
        if old is None:
            raise NotFound(f"version: wanted one of this block, found {number}")
        return await self.save(shop, show, block, old.lines, "restored", by, based_on=None)


def _told(line: Line) -> str:
    return ", ".join(f"{problem.words!r} ({problem.why})" for problem in line.verdict.problems)


async def _own(db: AsyncSession, shop: ShopId, show: ShowId, found: BlockWords) -> BlockWords:
    """The block with a version of this show's own: the product's approved words become its first, approvals and all."""
    if found.version or not found.lines or found.at is None:
        return found
    db.add(
        _version(shop, show, found.product.id, 1, [kept(line) for line in found.lines], "copied", found.by, found.at)
    )
    for line in _different(found.lines):
        if line.approval is not None and line.verdict.ok:
            db.add(_approval(shop, show, found.product.id, line, line.approval.by, line.approval.at))
    await db.flush()
    return replace(found, version=1, why="copied")


async def _append(
    db: AsyncSession,
    shop: ShopId,
    show: ShowId,
    found: BlockWords,
    lines: Sequence[Words],
    why: Reason,
    by: str,
    based_on: int | None,
) -> int:
    if based_on is not None and based_on != found.version:
        raise Conflict(f"script: wanted version {based_on}, found {found.version}; somebody saved meanwhile")
    found = await _own(db, shop, show, found)
    db.add(_version(shop, show, found.product.id, found.version + 1, lines, why, by, datetime.now(UTC)))
    try:
        await db.flush()
    except IntegrityError as taken:
        raise Conflict(f"script: wanted to save version {found.version + 1}, found it saved meanwhile") from taken
    note(
        db,
        shop,
        by,
        "script_changed",
        object=f"{show}/{found.product.id}",
        detail={"version": found.version + 1, "why": why},
    )
    return found.version + 1


async def _stand_for(
    db: AsyncSession, shop: ShopId, show: ShowId, found: BlockWords, lines: Sequence[Line], by: str
) -> None:
    block = found.product.id
    fresh = _different(line for line in lines if not line.spoken)
    await script_store.forget_approval(db, shop, show, block, [hashed(line.text) for line in fresh])
    now = datetime.now(UTC)
    db.add_all(_approval(shop, show, block, line, by, now) for line in fresh)
    detail: dict[str, str | int | bool | None] = {
        "version": found.version,
        "lines": ", ".join(str(line.number) for line in fresh),
    }
    note(db, shop, by, "script_approved", object=f"{show}/{block}", detail=detail)
    await db.flush()


def _different(lines: Iterable[Line]) -> list[Line]:
    return list({line.text: line for line in lines}.values())


def _approval(shop: ShopId, show: ShowId, block: str, line: Line, by: str, at: datetime) -> LineApprovalRow:
    facts = [[key, value] for key, value in line.verdict.facts]
    return LineApprovalRow(shop=shop, show=show, block=block, words=hashed(line.text), facts=facts, by=by[:120], at=at)


def _version(
    shop: ShopId, show: ShowId, block: str, number: int, lines: Sequence[Words], why: Reason, by: str, at: datetime
) -> ScriptVersionRow:
    rows: list[dict[str, Any]] = [{"kind": line.kind, "text": line.text, "worded": line.worded} for line in lines]
    return ScriptVersionRow(shop=shop, show=show, block=block, version=number, lines=rows, why=why, by=by[:120], at=at)


def _read(line: Words, found: BlockWords) -> str:
    product = found.product
    lang = "zh" if product.lang == "zh" else "en"
    return filled(line.text, product.price, product.list_price, product.currency, lang) or line.text


def _facts(found: BlockWords) -> ProductFacts:
    product = found.product
    return replace(product.facts, price=product.price, list_price=product.list_price, currency=product.currency)


def _line(found: BlockWords, number: int) -> Line:
    if not 1 <= number <= len(found.lines):
        raise NotFound(f"line: wanted 1 to {len(found.lines)}, found {number}")
    return found.lines[number - 1]
