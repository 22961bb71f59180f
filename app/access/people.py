"""Who belongs to a shop: members and their roles, invitations, everybody's sessions. Owners only, but for `join`.

An invitation lives 7 days and lets one person in. A shop always keeps an owner. Who is removed is out at once: their
sessions in the shop end with the same transaction.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import audit, invitations, store
from app.access.invitations import InvitationRow
from app.access.passwords import plain_account
from app.access.rates import ACCOUNT_RATE, ADDRESS_RATE
from app.access.service import ROLES, Access, Member, Role, add_person, role_of
from app.access.store import SessionRow, UserRow
from app.access.tokens import IDLE_LIFE, hashed, new_code, new_session
from app.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn
from app.events import ShopId

INVITATION_LIFE = timedelta(days=7)
NAME_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A browser that is signed in; `current` marks the one that asks, `address` is masked."""

    id: str
    shop: ShopId
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the shop, with their browsers in it."""

    user: str
    name: str
    account: str
    role: Role
    joined_at: datetime
    sessions: tuple[OpenSession, ...]
    self: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An invitation nobody has used yet."""

    id: str
    role: str
    account: str
    made_by: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an invitation says to whoever holds its code."""

    shop_name: str
    role: str
    account: str
    made_by: str


class People:
    """The members of shops. Stateless; what it asks of the door it asks of `Access`."""

    def __init__(self, access: Access) -> None:
        self._access, self._database = access, access.database

    async def members(self, owner: Member) -> list[Person]:
        """Everybody of the owner's shop, the longest there first."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            rows = await store.people_of(db, owner.shop)
            sessions = await store.sessions_in(db, owner.shop, now, now - IDLE_LIFE)
        return [
            Person(
                user=user.user,
                name=user.name,
                account=account.account,
                role=role_of(user),
                joined_at=user.created_at,
                sessions=tuple(_session(row, owner) for row in sessions if row.user == user.user),
                self=user.user == owner.user,
            )
            for user, account in rows
        ]

    async def waiting(self, owner: Member) -> list[Waiting]:
        """Invitations of the shop that wait for somebody."""
        async with self._database.transaction() as db:
            rows = await invitations.open_invitations(db, owner.shop, datetime.now(UTC))
        return [
            Waiting(id=row.invitation, role=row.role, account=row.account, made_by=row.made_by, ends_at=row.ends_at)
            for row in rows
        ]

    async def invite(self, owner: Member, role: str, account: str = "", *, address: str = "") -> str:
        """A code that lets one person into the owner's shop; shown once. Raises BadInput."""
        if role not in ROLES:
            raise BadInput("role", "owner, operator or analyst", role)
        code, now, named = new_code(), datetime.now(UTC), plain_account(account)
        async with self._database.transaction() as db:
            db.add(
                InvitationRow(
                    shop=owner.shop,
                    invitation=secrets.token_hex(8),
                    code_hash=hashed(code),
                    role=role,
                    account=named,
                    made_by=owner.name,
                    created_at=now,
                    ends_at=now + INVITATION_LIFE,
                    used_at=None,
                    revoked_at=None,
                )
            )
            audit.note(db, owner.shop, owner.name, "invited", object=named, detail={"role": role}, address=address)
        return code

    async def revoke_invitation(self, owner: Member, invitation: str, *, address: str = "") -> None:
        """Take a waiting invitation back. Raises NotFound."""
        async with self._database.transaction() as db:
            row = await invitations.revoke_invitation(db, owner.shop, invitation, datetime.now(UTC))
            if row is None:
                raise NotFound("invitation: wanted a waiting one of this shop, found none")
            detail: audit.Detail = {"role": row.role}
            audit.note(
                db, owner.shop, owner.name, "invitation_revoked", object=row.account, detail=detail, address=address
            )

    async def offer(self, code: str, *, address: str) -> Offer:
        """What the invitation says. Raises Forbidden when it is unknown, used, revoked or too old."""
        await self._access.rates.within(ADDRESS_RATE, "join", address)
        async with self._database.transaction() as db:
            row = await invitations.invitation_of(db, hashed(code), datetime.now(UTC))
            shop = None if row is None else await store.shop_row(db, ShopId(row.shop))
        if row is None or shop is None:
            raise _unknown_invitation()
        return Offer(shop_name=shop.name, role=row.role, account=row.account, made_by=row.made_by)

    async def join(
        self,
        code: str,
        *,
        account: str,
        name: str,
        password: str,
        address: str,
        agent: str = "",
        old: str | None = None,
    ) -> str:
        """Use an invitation with a new account, or with one's own of another shop; the token of a session.

        Raises Forbidden for the invitation, BadInput for the fields, NotSignedIn when the account exists with another
        password, Conflict when its person belongs to the shop already.
        """
        named, called = plain_account(account), name.strip()[:NAME_LONGEST]
        await self._access.rates.within(ADDRESS_RATE, "join", address)
        async with self._database.transaction() as db:
            row = await invitations.invitation_of(db, hashed(code), datetime.now(UTC))
            known = await store.account_named(db, named)
        if row is None:
            raise _unknown_invitation()
        if not named or (row.account and row.account != named):
            raise BadInput("account", f"{row.account!r}" if row.account else "a name to sign in with", account)
        if known is None:
            if not called:
                raise BadInput("name", "what others call you", name)
            secret = await self._access.passwords.hashed(password, account=named)
        else:
            await self._access.rates.within(ACCOUNT_RATE, "account", named)
            if not await self._access.passwords.fits(known.password, password):
                raise NotSignedIn("account: wanted a free name, or its own password, found neither")
        now, shop = datetime.now(UTC), ShopId(row.shop)
        try:
            async with self._database.transaction() as db:
                await store.hold(db, shop)
                if not await invitations.use_invitation(db, row, now):
                    raise _unknown_invitation()
                role: Role = next((item for item in ROLES if item == row.role), "analyst")
                if known is None:
                    place = await add_person(db, shop, named, called, role, secret, now)
                else:
                    found = await store.user_row(db, shop, known.user)
                    if found is not None and found.disabled_at is None:
                        raise Conflict("account: wanted somebody who is not of this shop yet, found a member")
                    if found is None:
                        found = UserRow(shop=shop, user=known.user, created_at=now)
                        db.add(found)
                    found.name, found.role, found.disabled_at = called or named, role, None
                    await store.open_next(db, known.user, shop)
                    place = found
                await db.flush()
                await self._access.end_session(db, old, now)
                audit.note(db, shop, place.name, "joined", object=named, detail={"role": role}, address=address)
                return new_session(db, place, now, agent=agent, address=address)
        except IntegrityError as taken:  # two people chose the same name at once
            raise Conflict(f"account: wanted a free name, found {named!r} taken") from taken

    async def change_role(self, owner: Member, user: str, role: str, *, address: str = "") -> None:
        """Give somebody of the owner's shop another role, from their next request on.

        Raises NotFound, BadInput, and Conflict when the shop would be left without an owner.
        """
        if role not in ROLES:
            raise BadInput("role", "owner, operator or analyst", role)
        async with self._database.transaction() as db:
            await store.hold(db, owner.shop)
            row = await self._somebody(db, owner, user, keeps_owner=role == "owner")
            detail: audit.Detail = {"from": row.role, "to": role}
            row.role = role
            audit.note(db, owner.shop, owner.name, "role_changed", object=row.name, detail=detail, address=address)

    async def remove(self, owner: Member, user: str, *, address: str = "") -> None:
        """Shut somebody out of the owner's shop, at once. Raises NotFound, and Conflict for its last owner."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            await store.hold(db, owner.shop)
            row = await self._somebody(db, owner, user, keeps_owner=False)
            row.disabled_at = now
            await store.revoke_sessions(db, user, now, shop=owner.shop)
            audit.note(db, owner.shop, owner.name, "member_removed", object=row.name, address=address)

    async def _somebody(self, db: AsyncSession, owner: Member, user: str, *, keeps_owner: bool) -> UserRow:
        people = [row for row, _ in await store.people_of(db, owner.shop)]
        found = next((row for row in people if row.user == user), None)
        if found is None:
            raise NotFound("member: wanted somebody of this shop, found nobody")
        others = [row for row in people if row.role == "owner" and row.user != user]
        if found.role == "owner" and not keeps_owner and not others:
            raise Conflict("owner: wanted another owner in this shop first, found none")
        return found

    async def sessions(self, member: Member) -> list[OpenSession]:
        """The member's own browsers, in all their shops, the last used first."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            rows = await store.open_sessions(db, member.user, now, now - IDLE_LIFE)
        return [_session(row, member) for row in rows]

    async def revoke(self, member: Member, session: str, *, address: str = "") -> None:
        """Sign one browser out: one's own in any shop, or (as the owner) anybody's in this shop. Raises NotFound."""
        now = datetime.now(UTC)
        async with self._database.transaction() as db:
            closed = await store.revoke_sessions(db, member.user, now, only=session)
            if not closed and member.role == "owner":
                row = await store.session_in(db, member.shop, session)
                closed = 0 if row is None else await store.revoke_sessions(db, row.user, now, only=session)
            if not closed:
                raise NotFound("session: wanted one of yours that is open, found none")
            audit.note(db, member.shop, member.name, "session_revoked", object=session, address=address)

    async def revoke_others(self, member: Member, *, address: str = "") -> None:
        """Sign every other browser of the member out, in all their shops."""
        async with self._database.transaction() as db:
            closed = await store.revoke_sessions(db, member.user, datetime.now(UTC), but=member.session)
            detail: audit.Detail = {"closed": closed}
            audit.note(db, member.shop, member.name, "session_revoked", detail=detail, address=address)


def _unknown_invitation() -> Forbidden:
    return Forbidden("invitation: wanted an unused one of the last 7 days, found another")


def _session(row: SessionRow, asker: Member) -> OpenSession:
    return OpenSession(
        id=row.session,
        shop=ShopId(row.shop),
        agent=row.agent,
        address=row.address,
        created_at=row.created_at,
        seen_at=row.seen_at,
        current=row.session == asker.session,
    )
