"""Buyers without their names: a pseudonym to count people by, a masked form to show, and raw messages struck out."""

import hashlib
import hmac
import re
from typing import Any

from app.events import ShopId

MASK = "***"
KEYED = "k"  # no hex digit: tells keyed pseudonyms from old ones
PURPOSE = b"zhubo buyers 1"  # one key file serves several purposes, each with a key of its own
_PHONE = re.compile(r"\+?\d[\d \-]{5,18}\d")
_PEOPLE = frozenset(
    (
        *("customer", "billing", "shipping", "billing_address", "shipping_address", "default_address", "addresses"),
        *("email", "contact_email", "phone", "first_name", "last_name", "name_on_card", "customer_note", "note"),
        *("customer_ip_address", "customer_user_agent", "browser_ip", "client_details", "receipt_email"),
        *("billing_details", "customer_details", "shipping_details", "customer_email", "payment_method_details"),
        *("recipient_address", "buyer_email", "buyer_message", "receiver_name", "receiver_phone", "post_addr"),
        *(
            "post_receiver",
            "post_tel",
            "mask_post_receiver",
            "encrypt_post_tel",
            "encrypt_post_receiver",
            "landing_site",
        ),
        *("note_attributes", "buyer_words", "open_address_id", "doudian_open_id"),
        *("buyer", "buyer_name", "buyer_phone", "recipient", "order_token", "checkout_token"),
    )
)


class Buyers:
    """Pseudonyms of buyers, by HMAC with a key that lies apart from the database.

    Whoever has only the database cannot try phone numbers one after the other until one fits. Versions before 0.3
    wrote `plain_pseudonym`; it is what is keyed here, so that old rows can be keyed later without the buyers' names.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, shop: ShopId, source: str, buyer: str) -> str:
        """`k` and 15 hex digits that stand for a buyer of this shop and source."""
        return self.keyed(plain_pseudonym(shop, source, buyer))

    def keyed(self, plain: str) -> str:
        """An old pseudonym with the key; one that has it already is left alone."""
        if plain.startswith(KEYED):
            return plain
        return KEYED + hmac.new(self._key, plain.encode(), hashlib.sha256).hexdigest()[:15]


def plain_pseudonym(shop: ShopId, source: str, buyer: str) -> str:
    """16 hex digits without a key, as versions before 0.3 kept them."""
    return hashlib.sha256(f"{shop}\0buyer\0{source}\0{buyer}".encode()).hexdigest()[:16]


def masked(text: str) -> str:
    """A name, phone, address or id with too little left of it to find anybody: `138****5678`, `张**`, `l***@x.com`."""
    text = text.strip()
    if not text:
        return ""
    if "@" in text:
        name, _, domain = text.rpartition("@")
        return f"{name[:1]}{MASK}@{domain}"[:40]
    if _PHONE.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 9 else f"{digits[:1]}****"
    return text[:1] + "**"


def without_people(value: Any) -> Any:
    """The JSON value with every field that names or reaches a person struck out."""
    if isinstance(value, dict):
        return {key: MASK if key in _PEOPLE and value[key] else without_people(value[key]) for key in value}
    if isinstance(value, list):
        return [without_people(item) for item in value]
    return value
