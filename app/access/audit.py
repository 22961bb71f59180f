"""The audit log: who did what in a shop, written in the transaction of the deed itself, never changed afterwards.

A deed that is rolled back leaves no note, and no deed is committed without one. Triggers of the database refuse to
update or delete a note. An address is kept as a hash within its shop: equal addresses look equal, and no two shops
can compare theirs.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import ForeignKeyConstraint, Index, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment
from app.events import ShopId

Deed = Literal[
    "signed_in", "sign_in_failed", "signed_out", "session_revoked", "password_set", "shop_opened",
    "invited", "invitation_revoked", "joined", "role_changed", "member_removed",
    "product_added", "price_changed", "stock_changed", "fact_changed", "facts_confirmed", "imported",
    "script_changed", "script_approved", "show_planned", "went_live", "rehearsed", "show_ended", "overlay_link_made",
    "pushed",
    "exported", "orders_imported", "secret_made", "secret_revoked", "settings_changed",
    "viewer_exported", "viewer_erased", "retention_swept",
]  # fmt: skip
Detail = Mapping[str, str | int | bool | None]
DEEDS: tuple[Deed, ...] = get_args(Deed)
PAGE = 100  # notes on a page
OBJECT_LONGEST = 200
DETAIL_LONGEST = 2000


class NoteRow(Base):
    """One deed. `note` sorts by time."""

    __tablename__ = "audit"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"]), Index(None, "shop", "what", "note"))

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    note: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(32))
    object: Mapped[str] = mapped_column(String(OBJECT_LONGEST))
    detail: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(16))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One deed as people read it; `detail` is a flat JSON object."""

    id: str
    at: datetime
    who: str
    what: str
    object: str
    detail: Detail
    address: str


def note(
    db: AsyncSession,
    shop: ShopId,
    who: str,
    what: Deed,
    *,
    object: str = "",
    detail: Detail | None = None,
    address: str = "",
) -> None:
    """Write the deed down beside what it changed; the caller's transaction commits both or neither.

    `who` is the person's name (or "studio"), `object` the name or id of what was changed, `detail` its small
    particulars (money as text); secrets and passwords have no place in any of them.
    """
    written = json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True)
    if len(written) > DETAIL_LONGEST:
        written = json.dumps({"shortened": written[: DETAIL_LONGEST // 2]}, ensure_ascii=False)
    db.add(
        NoteRow(
            shop=shop,
            note=f"{time.time_ns():016x}{secrets.token_hex(4)}",
            at=datetime.now(UTC),
            who=_clean(who)[:120],
            what=what,
            object=_clean(object)[:OBJECT_LONGEST],
            detail=written,
            address=address_hash(shop, address),
        )
    )


def address_hash(shop: ShopId, address: str) -> str:
    """What stands for an address in this shop's log; empty for none."""
    return hashlib.sha256(f"{shop}\n{address}".encode()).hexdigest()[:16] if address else ""


async def notes_of(
    db: AsyncSession,
    shop: ShopId,
    *,
    what: str | None = None,
    who: str | None = None,
    since: datetime | None = None,
    before: str | None = None,
    most: int = PAGE,
) -> list[Note]:
    """The shop's deeds, newest first: of one kind, of one person, since a time, and before a note already shown."""
    found = select(NoteRow).where(NoteRow.shop == shop)
    if what:
        found = found.where(NoteRow.what == what)
    if who:
        found = found.where(NoteRow.who == who)
    if since is not None:
        found = found.where(NoteRow.at >= since)
    if before:
        found = found.where(NoteRow.note < before)
    rows: Sequence[NoteRow] = (await db.scalars(found.order_by(NoteRow.note.desc()).limit(most))).all()
    return [
        Note(
            id=row.note,
            at=row.at,
            who=row.who,
            what=row.what,
            object=row.object,
            detail=json.loads(row.detail),
            address=row.address,
        )
        for row in rows
    ]


async def people_in_notes(db: AsyncSession, shop: ShopId) -> list[str]:
    """Everybody who stands in the shop's log, by name."""
    return sorted((await db.scalars(select(NoteRow.who).where(NoteRow.shop == shop).distinct())).all())


def _clean(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
