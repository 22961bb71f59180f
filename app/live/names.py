"""Pseudonyms of viewers: the same person is recognised within a shop and source, and nobody can be named from it."""

import hashlib

from app.events import ShopId


def viewer_hash(shop: ShopId, source: str, viewer: str) -> str:
    """16 hex digits that stand for a viewer of this shop and source."""
    return hashlib.sha256(f"{shop}\0{source}\0{viewer}".encode()).hexdigest()[:16]
