"""Passwords: argon2id, at least ten characters, never the account's name; the same work whether known or not."""

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import BadInput

LENGTH = (10, 128)  # characters


class Passwords:
    """Hashes and checks in a thread, for argon2 takes tens of milliseconds on purpose."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._decoy: str | None = None

    async def hashed(self, text: str, *, account: str) -> str:
        """The hash of a new password. Raises BadInput when it is too short, too long, or the account's name."""
        return await asyncio.to_thread(self._hasher.hash, strong(text, account=account))

    async def fits(self, known: str | None, text: str) -> bool:
        """True when the text is the password of this hash. Without a hash the same work is done, and it never fits."""
        if self._decoy is None:
            self._decoy = await asyncio.to_thread(self._hasher.hash, secrets.token_urlsafe(16))
        fits = await asyncio.to_thread(self._verify, known or self._decoy, text)
        return fits and known is not None

    def _verify(self, known: str, text: str) -> bool:
        if len(text) > LENGTH[1]:
            return False
        try:
            return self._hasher.verify(known, unicodedata.normalize("NFKC", text))
        except (VerificationError, InvalidHashError):
            return False


def strong(text: str, *, account: str) -> str:
    """The password as it is hashed. Raises BadInput, whose words never show it."""
    text = unicodedata.normalize("NFKC", text)
    least, most = LENGTH
    if not least <= len(text) <= most:
        raise BadInput("password", f"{least} to {most} characters", f"{len(text)} characters")
    if plain_account(text) == plain_account(account):
        raise BadInput("password", "another word than the account", "the account itself")
    return text


def plain_account(text: str) -> str:
    """An account's name as it is compared: one form, no case, at most 120 characters."""
    return unicodedata.normalize("NFKC", text).strip().casefold()[:120]
