"""Codes on a show's links: which show and line somebody came from, and how a shop hands them back (pure).

A code is `zb` and eight letters and digits; it names a show's line and product, never a person. Links carry it as a
query parameter (`zb` unless the shop wants another name), so shops that keep the address an order began at hand it
back.
"""

import re
import secrets
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from app.errors import BadInput

PARAMETER = MARK = "zb"
LENGTH = 8  # after the mark
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o 1 i l: people copy codes from screens
ADDRESS_MOST, PARAMETER_MOST = 500, 32
SKU_MARK = "{sku}"
_CODE = re.compile(f"{MARK}[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """Eight letters of 31 after the mark: 8.5 × 10¹¹ of them."""
    return MARK + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain_code(text: object) -> str:
    """The code in a cell or field, "" when it holds none; capitals and spaces around are forgiven."""
    found = str(text).strip().casefold() if isinstance(text, str) else ""
    return found if _CODE.fullmatch(found) else ""


def code_in_address(address: object) -> str:
    """The code that an address carries under any parameter's name, "" when it carries none."""
    if not isinstance(address, str) or len(address) > 4 * ADDRESS_MOST:
        return ""
    try:
        pairs = parse_qsl(urlsplit(address).query, max_num_fields=50)
    except ValueError:
        return ""
    return next((code for _, value in pairs if (code := plain_code(value))), "")


def checked_address(text: str, field: str = "address") -> str:
    """A shop's address, maybe with `{sku}` in it; "" for none. Raises BadInput."""
    address = text.strip()
    if not address:
        return ""
    wanted = "an address such as https://shop.example/p/{sku}"
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and parts.port is not None if ":" in parts.netloc else bool(parts.hostname)
    except ValueError:
        raise BadInput(field, wanted, address) from None
    fits = len(address) <= ADDRESS_MOST and address.isprintable() and not re.search(r"[\s\\]", address)
    if not fits or parts.scheme not in ("http", "https") or not named or "@" in parts.netloc or "{" in parts.netloc:
        raise BadInput(field, wanted, address)
    return address


def checked_parameter(text: str) -> str:
    """The name of the query parameter; ours for none. Raises BadInput."""
    name = text.strip() or PARAMETER
    if not re.fullmatch(rf"[A-Za-z0-9_.-]{{1,{PARAMETER_MOST}}}", name):
        raise BadInput("parameter", f"1 to {PARAMETER_MOST} letters, digits, _ . -", text)
    return name


def address_with(address: str, sku: str, parameter: str, code: str) -> str:
    """Where a viewer is led: the article number in its place, the code among the query's parameters."""
    parts = urlsplit(address.replace(SKU_MARK, quote(sku, safe="")))
    query = "&".join(filter(None, (parts.query, f"{parameter}={code}")))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
