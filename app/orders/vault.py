"""Secrets at rest: sealed with a key that lives in the data folder, apart from the database.

AES-256-GCM; the place of a secret (shop and kind) is bound in, so a sealed text moved to another row does not open.
A stolen database, or a backup of it alone, gives nobody a signature.
"""

import base64
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import Unavailable

KEY_FILE = "secrets.key"
KEY_BYTES, NONCE_BYTES = 32, 12
MARK = "sealed:1:"


class Vault:
    """Seals and opens short texts with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key, self._cipher = key, AESGCM(key)

    def key_for(self, purpose: bytes) -> bytes:
        """A key of its own for another purpose; it tells nothing of this one."""
        return hmac.digest(self._key, purpose, "sha256")

    def seal(self, text: str, place: str) -> str:
        """The text as it may lie in a database."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), place.encode())
        return MARK + base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> str:
        """The text. Raises Unavailable for one sealed with another key or for another place."""
        if not is_sealed(sealed):
            return sealed  # written before there was a vault; `Orders.seal_all` seals it at the next start
        packed = base64.b64decode(sealed.removeprefix(MARK))
        try:
            return self._cipher.decrypt(packed[:NONCE_BYTES], packed[NONCE_BYTES:], place.encode()).decode()
        except InvalidTag as problem:
            raise Unavailable(
                f"secret: wanted one sealed with this data folder's {KEY_FILE}, found another; restore that file"
                " from the backup, or make the connection's secret anew"
            ) from problem


def is_sealed(text: str) -> bool:
    """True for what a vault sealed."""
    return text.startswith(MARK)


def vault_in(folder: Path) -> Vault:
    """The folder's vault; its key is made on first use, readable by the studio's own user only.

    Raises Unavailable when the key file has another form than ours.
    """
    path = folder / KEY_FILE
    try:
        # Whoever is first makes it; the file appears whole, since it is linked into place only when written.
        made = folder / f".{KEY_FILE}.{secrets.token_hex(8)}"
        if not path.exists():
            handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(made, path)
            finally:
                made.unlink()
    except FileExistsError:
        return vault_in(folder)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Unavailable(f"{path}: wanted a key of {KEY_BYTES} bytes, found {len(key)}")
    return Vault(key)
