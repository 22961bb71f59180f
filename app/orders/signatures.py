"""Signatures on webhooks: computed over the raw bytes, compared in constant time, old and new secret both tried.

Golden vectors are in tests/orders/test_signatures.py. The generic scheme is Stripe's: `t=<unix>,v1=<hex>`. MD5 and
SHA-1 stand here only because two platforms sign with them; a message of theirs can book an order and nothing else.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence

from app.errors import Forbidden

TOLERANCE = 300  # seconds between the sender's clock and ours, either way
HEADER = "X-Zhubo-Signature"
HEADER_MOST = 1_000  # characters
SIGNATURES_MOST = 4  # v1 parts in one header


def sign(secret: str, raw: bytes, at: int) -> str:
    """The generic scheme's header value for `raw` sent at unix second `at`."""
    return f"t={at},v1={_generic(secret, raw, at)}"


def verify(header: str | None, raw: bytes, secrets: Sequence[str], now: float) -> None:
    """Check the generic scheme's header. Raises Forbidden without saying which part was wrong.

    Several `v1` parts may stand in the header (a sender that rotates); a match with any of `secrets` is enough.
    """
    at, signatures = _parts(header)
    genuine = False
    for secret in secrets:
        wanted = _generic(secret, raw, at)
        for signature in signatures:
            genuine |= hmac.compare_digest(wanted.encode(), signature.encode())
    if not genuine or abs(now - at) > TOLERANCE:
        raise Forbidden(f"{HEADER}: wanted a valid signature of the last {TOLERANCE} s, found another")


def sign_base64(secret: str, raw: bytes) -> str:
    """Base64 HMAC-SHA256 of the body: Shopify's X-Shopify-Hmac-SHA256, WooCommerce's X-WC-Webhook-Signature."""
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def sign_tiktok(secret: str, app_key: str, raw: bytes) -> str:
    """TikTok Shop's Authorization: hex HMAC-SHA256 of the app key and the body."""
    return hmac.new(secret.encode(), app_key.encode() + raw, hashlib.sha256).hexdigest()


def sign_doudian(secret: str, app_key: str, raw: bytes) -> str:
    """抖店's event-sign: hex MD5 of app key, body and secret."""
    return hashlib.md5(app_key.encode() + raw + secret.encode()).hexdigest()  # noqa: S324 - the platform's scheme


def sign_douyin(secret: str, raw: bytes) -> str:
    """The Douyin open platform's X-Douyin-Signature: hex SHA-1 of secret and body."""
    return hashlib.sha1(secret.encode() + raw).hexdigest()  # noqa: S324 - the platform's scheme


def verify_equal(given: str | None, secrets: Iterable[str], signed_with: Callable[[str], str]) -> None:
    """Check that one of the secrets signs to exactly `given`. Raises Forbidden."""
    found = (given or "")[:HEADER_MOST].encode()
    genuine = False
    for secret in secrets:
        genuine |= hmac.compare_digest(signed_with(secret).encode(), found)
    if not genuine:
        raise Forbidden("webhook signature: wanted a valid one, found another")


def _generic(secret: str, raw: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()


def _parts(header: str | None) -> tuple[int, list[str]]:
    at = 0
    signatures: list[str] = []
    for part in (header or "")[:HEADER_MOST].split(","):
        name, _, value = part.strip().partition("=")
        if name == "t" and value.isascii() and value.isdigit() and len(value) <= 12:
            at = int(value)
        elif name == "v1" and len(signatures) < SIGNATURES_MOST:
            signatures.append(value)
    return at, signatures
