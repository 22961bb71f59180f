"""Codes and sessions: 256 random bits for whoever holds them, a SHA-256 for the database."""

import hashlib
import ipaddress
import secrets
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.store import SessionRow, UserRow

SESSION_LIFE = timedelta(days=30)
IDLE_LIFE = timedelta(days=7)


def new_code() -> str:
    """A code nobody can guess."""
    return secrets.token_urlsafe(32)


def hashed(code: str) -> str:
    """What the database keeps of a code, so that a stolen database signs nobody in."""
    return hashlib.sha256(code.encode()).hexdigest()


def new_session(db: AsyncSession, user: UserRow, now: datetime, *, agent: str, address: str) -> str:
    """Open a session in the user's shop; the token of its cookie."""
    token = new_code()
    db.add(
        SessionRow(
            token_hash=hashed(token),
            session=secrets.token_hex(8),
            shop=user.shop,
            user=user.user,
            agent="".join(letter for letter in agent if letter.isprintable())[:200],
            address=masked(address),
            created_at=now,
            seen_at=now,
            ends_at=now + SESSION_LIFE,
            revoked_at=None,
        )
    )
    return token


def masked(address: str) -> str:
    """The network of an address, enough to recognise one's own: `192.168.1.x`, `2001:db8:1::x`; loopback is `local`."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return "local"
    if isinstance(found, ipaddress.IPv4Address):
        return f"{address.rpartition('.')[0]}.x"
    return f"{':'.join(found.exploded.split(':')[:3])}::x"
