"""The secrets that a shop's senders sign with: made or given, shown once, sealed at rest, rotated with an overlap."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import audit
from app.database import Database
from app.errors import BadInput, NotFound
from app.events import ShopId
from app.orders import store
from app.orders.buyers import PURPOSE, Buyers
from app.orders.rows import SecretRow
from app.orders.sources import NO_KEYS, Keys
from app.orders.vault import Vault, is_sealed

OVERLAP = timedelta(hours=24)  # an old secret's life after a rotation
SECRET_LENGTH = (8, 200)  # characters of one that a platform gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connection without its secret. `old_until` is set while the one before is still good."""

    kind: str
    app_key: str
    account: str
    old_until: datetime | None


class Keyring:
    """The secrets of every shop. Without a vault they lie open: for tests and tools that have no data folder."""

    def __init__(self, database: Database, vault: Vault | None = None) -> None:
        self._database = database
        self._vault = vault
        self.buyers = Buyers(b"" if vault is None else vault.key_for(PURPOSE))

    async def secret(self, shop: ShopId, kind: str) -> str:
        """What senders of this kind (`orders`, `comments`, `orders:shopify` …) sign with now. Raises NotFound."""
        async with self._database.transaction() as db:
            return self._opened(await _row(db, shop, kind))

    async def connections(self, shop: ShopId) -> dict[str, Connection]:
        """The shop's connections by kind."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            rows = await store.secrets_of(db, shop)
        return {
            row.kind: Connection(
                kind=row.kind,
                app_key=row.app_key or "",
                account=row.account or "",
                old_until=row.previous_until if row.previous_until and row.previous_until > now else None,
            )
            for row in rows
        }

    async def ensure_secret(self, shop: ShopId, kind: str) -> str:
        """The secret, made now when there is none."""
        made = self._sealed(shop, kind, _new())
        async with self._database.transaction() as db:
            await store.insert_once(
                db,
                SecretRow,
                {"shop": shop, "kind": kind, "secret": made, "previous": None, "previous_until": None},
            )
        return await self.secret(shop, kind)

    async def rotate_secret(self, shop: ShopId, kind: str) -> str:
        """A new secret; the old one stays valid for 24 hours. Raises NotFound."""
        async with self._database.transaction() as db:
            return self._replace(await _row(db, shop, kind), _new())

    async def connect(
        self,
        shop: ShopId,
        kind: str,
        *,
        by: str,
        given: str = "",
        app_key: str = "",
        account: str = "",
        address: str = "",
    ) -> str:
        """Set the connection up, or anew: with the secret that the platform gave, else with one of ours.

        The secret, to be shown once; one that was there stays good for 24 hours. Raises BadInput.
        """
        _fits("app_key", app_key, 0, 120)
        _fits("account", account, 0, 200)
        if given:
            _fits("secret", given, *SECRET_LENGTH)
        secret = given or _new()
        async with self._database.transaction() as db:
            row = await store.secret_row(db, shop, kind)
            if row is None:
                row = SecretRow(shop=shop, kind=kind, secret=self._sealed(shop, kind, secret))
                db.add(row)
            else:
                self._replace(row, secret)
            row.app_key, row.account = app_key or None, account or None
            audit.note(db, shop, by, "secret_made", object=kind, address=address)
        return secret

    async def disconnect(self, shop: ShopId, kind: str, *, by: str, address: str = "") -> None:
        """Refuse this kind of sender from now on; what it sent stays. Raises NotFound."""
        async with self._database.transaction() as db:
            await db.delete(await _row(db, shop, kind))
            audit.note(db, shop, by, "secret_revoked", object=kind, address=address)

    def seal(self, text: str, place: str) -> str:
        """The text as it may lie in the database at that place."""
        return text if self._vault is None else self._vault.seal(text, place)

    def open(self, sealed: str, place: str) -> str:
        """What `seal` sealed for that place. Raises Unavailable."""
        return sealed if self._vault is None else self._vault.open(sealed, place)

    async def seal_all(self) -> int:
        """Seal the secrets that a version before the vault wrote open, and key old buyers; how many secrets."""
        await self.key_buyers()
        sealed = 0
        async with self._database.transaction() as db:
            for row in await store.secrets_of(db, None):
                for name in ("secret", "previous"):
                    text = getattr(row, name)
                    if text is not None and not is_sealed(text):
                        setattr(row, name, self._sealed(ShopId(row.shop), row.kind, text))
                        sealed += 1
        return sealed

    async def key_buyers(self) -> int:
        """Key the buyers' pseudonyms that a version before 0.3 wrote without one; how many people there were."""
        async with self._database.transaction() as db:
            plain = await store.buyers_without_key(db)
            for shop, buyer in plain:
                await store.rename_buyer(db, shop, buyer, self.buyers.keyed(buyer))
        return len(plain)

    async def _keys(self, shop: ShopId, kind: str) -> Keys:
        async with self._database.transaction() as db:
            row = await store.secret_row(db, shop, kind)
        if row is None:
            return NO_KEYS
        valid = [self._opened(row)]
        if row.previous is not None and row.previous_until is not None and row.previous_until > datetime.now(UTC):
            valid.append(self._open(row, row.previous))
        return Keys(secrets=tuple(valid), app_key=row.app_key or "", account=row.account or "")

    def _replace(self, row: SecretRow, secret: str) -> str:
        row.previous, row.previous_until = row.secret, datetime.now(UTC) + OVERLAP
        row.secret = self._sealed(ShopId(row.shop), row.kind, secret)
        return secret

    def _sealed(self, shop: ShopId, kind: str, secret: str) -> str:
        return self.seal(secret, f"{shop}/{kind}")

    def _opened(self, row: SecretRow) -> str:
        return self._open(row, row.secret)

    def _open(self, row: SecretRow, sealed: str) -> str:
        return self.open(sealed, f"{row.shop}/{row.kind}")


async def _row(db: AsyncSession, shop: ShopId, kind: str) -> SecretRow:
    row = await store.secret_row(db, shop, kind)
    if row is None:
        raise NotFound(f"secret: wanted one for {kind!r} in this shop, found none")
    return row


def _new() -> str:
    return secrets.token_urlsafe(32)


def _fits(field: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most or not text.isascii() or not (text.isprintable() and text == text.strip()):
        raise BadInput(
            field, f"{least} to {most} letters, digits and signs without spaces around", f"{len(text)} characters"
        )
