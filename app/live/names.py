"""Pseudonyms of those who are no viewers: simulated ones, and the crew trying a comment.

Real viewers get keyed ones (app/privacy/pseudonyms.py). The first version of this studio wrote these for them too, so
erasing a viewer still looks for both.
"""

import hashlib

from app.events import ShopId


def viewer_hash(shop: ShopId, source: str, viewer: str) -> str:
    """16 hex digits that stand for somebody of this shop and source; anyone who guesses the id can make them."""
    return hashlib.sha256(f"{shop}\0{source}\0{viewer}".encode()).hexdigest()[:16]
