"""Pseudonyms of viewers: the same person is recognised within a shop and source, and nobody can be named from it.

The key lies in the data folder, apart from the database: whoever has only the database cannot try platform ids
one after the other until a pseudonym fits.
"""

import hashlib
import hmac
from pathlib import Path

from app.events import ShopId
from app.orders.vault import KEY_FILE, vault_in

PURPOSE = b"zhubo viewers 1"  # one key file serves several purposes, each with a key of its own


class Pseudonyms:
    """16 hex digits for a viewer of a shop and source, by HMAC-SHA256."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, PURPOSE, "sha256")

    def of(self, shop: ShopId, source: str, viewer: str) -> str:
        """The viewer's pseudonym."""
        return hmac.new(self._key, f"{shop}\0{source}\0{viewer}".encode(), hashlib.sha256).hexdigest()[:16]


def pseudonyms_in(folder: Path) -> Pseudonyms:
    """The data folder's pseudonyms; its key file is made on first use. Raises Unavailable for a damaged one."""
    folder.mkdir(parents=True, exist_ok=True)
    vault_in(folder)
    return Pseudonyms((folder / KEY_FILE).read_bytes())
