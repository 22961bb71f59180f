"""Opening a shop: the first one of an empty studio, further ones beside it, and going from one to another."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from app.access import audit, store
from app.access.service import SAMPLE, Access, Member, add_person
from app.access.store import ShopRow, UserRow
from app.access.tokens import new_session
from app.errors import BadInput, Forbidden, NotFound
from app.events import ShopId

LANGUAGES = ("zh", "en")
MARKETS = {
    "CN": "CNY", "HK": "HKD", "TW": "TWD", "SG": "SGD", "MY": "MYR", "TH": "THB", "VN": "VND", "ID": "IDR",
    "PH": "PHP", "JP": "JPY", "KR": "KRW", "US": "USD", "CA": "CAD", "GB": "GBP", "EU": "EUR", "AU": "AUD",
}  # fmt: skip
"""Where a shop may sell, and the currency that is proposed there."""
CURRENCIES = tuple(dict.fromkeys(MARKETS.values()))
NAME_LONGEST = 60
KEY = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a shop is called, and the language, currency and market it starts with."""

    name: str
    lang: str
    currency: str
    market: str


class Founding:
    """Opens shops. Stateless; the door stays with `Access`."""

    def __init__(self, access: Access) -> None:
        self._access, self._database = access, access.database

    async def prepare(self) -> None:
        """Give an empty studio a shop without a name, whose owner the first link lets in; else change nothing."""
        async with self._database.transaction() as db:
            if await store.first_shop(db) is not None:
                return
            now = datetime.now(UTC)
            shop = ShopId("first")
            db.add(ShopRow(shop=shop, name="", created_at=now, opened_at=None))
            await db.flush()
            await add_person(db, shop, "owner", "", "owner", None, now)

    async def profile(self, shop: ShopId) -> Profile:
        """The shop's name, language, currency and market. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await store.shop_row(db, shop)
        if row is None:
            raise NotFound(f"shop: wanted one of this studio's, found {shop!r}")
        return Profile(name=row.name, lang=row.lang, currency=row.currency, market=row.market)

    async def has_password(self, member: Member) -> bool:
        """True when the member can sign in without a link: step one of the wizard is done."""
        async with self._database.transaction() as db:
            row = await store.account_row(db, member.user)
        return row is not None and row.password is not None

    def sample_beside(self, member: Member) -> ShopId | None:
        """The sample shop, when it is another one that the member may open."""
        return next((card.id for card in member.shops if card.id == SAMPLE != member.shop), None)

    async def may_found(self, member: Member) -> bool:
        """True for the owner of the studio, whichever of their shops they are in."""
        async with self._database.transaction() as db:
            host = await store.studio_owner(db)
            if host is None:
                return False
            mine = await store.user_row(db, ShopId(host.shop), member.user)
        return mine is not None and mine.role == "owner" and mine.disabled_at is None

    async def name_owner(self, member: Member, name: str, account: str, password: str, *, address: str = "") -> None:
        """Step one: the owner's name, account and password. Raises BadInput, Conflict for a taken account name."""
        called = _text("name", name)
        _text("account", account)
        await self._access.set_password(member, password, account=account, address=address)
        async with self._database.transaction() as db:
            for card in await store.shops_of(db, member.user):
                row = await store.user_row(db, ShopId(card.shop), member.user)
                if row is not None:
                    row.name = called

    async def found(self, member: Member, wanted: Profile, key: str, *, token: str, address: str = "") -> str:
        """Step two: open the shop and go there; the session's new token. A repeated `key` opens nothing twice.

        Raises BadInput, and Forbidden for anybody but the studio's owner.
        """
        profile = _checked(wanted)
        if not KEY.fullmatch(key):
            raise BadInput("key", "the form's own key", key)
        if not member.opening and not await self.may_found(member):
            raise Forbidden("shop: wanted the owner of the studio, found somebody else")
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            shop = member.shop if member.opening else ShopId(f"s{key}")
            row = await store.shop_row(db, shop)
            if row is None:
                row = ShopRow(shop=shop, name="", created_at=now, opened_at=None)
                db.add(row)
                await db.flush()
                db.add(
                    UserRow(
                        shop=shop, user=member.user, name=member.name, role="owner", created_at=now, disabled_at=None
                    )
                )
                await db.flush()
            if row.opened_at is None:
                row.name, row.lang = profile.name, profile.lang
                row.currency, row.market, row.opened_at = profile.currency, profile.market, now
                detail: audit.Detail = {
                    "lang": profile.lang,
                    "currency": profile.currency,
                    "market": profile.market,
                }
                audit.note(db, shop, member.name, "shop_opened", object=profile.name, detail=detail, address=address)
        return await self.go_to(member, shop, token=token, address=address)

    async def go_to(self, member: Member, shop: ShopId, *, token: str, address: str = "") -> str:
        """Move the session to another of the member's shops; its new token. Raises NotFound for a shop not theirs."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            place = await store.user_row(db, shop, member.user)
            found = await store.session_in(db, member.shop, member.session)
            if place is None or place.disabled_at is not None or found is None:
                raise NotFound("shop: wanted one of yours, found none")
            await self._access.end_session(db, token, now)
            await store.open_next(db, member.user, shop)
            return new_session(db, place, now, agent=found.agent, address=address)


def _checked(wanted: Profile) -> Profile:
    if wanted.lang not in LANGUAGES:
        raise BadInput("lang", "zh or en", wanted.lang)
    if wanted.currency not in CURRENCIES:
        raise BadInput("currency", f"one of {', '.join(CURRENCIES)}", wanted.currency)
    if wanted.market not in MARKETS:
        raise BadInput("market", f"one of {', '.join(MARKETS)}", wanted.market)
    return Profile(name=_text("shop", wanted.name), lang=wanted.lang, currency=wanted.currency, market=wanted.market)


def _text(field: str, value: str) -> str:
    text = " ".join("".join(letter for letter in value if letter.isprintable()).split())
    if not 1 <= len(text) <= NAME_LONGEST:
        raise BadInput(field, f"1 to {NAME_LONGEST} characters", value)
    return text
