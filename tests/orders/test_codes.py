"""Codes on links: their form, the addresses that carry them, and what platforms hand back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInput
from app.events import ShopId
from app.orders.buyers import Buyers, plain_pseudonym
from app.orders.codes import address_with, checked_address, checked_parameter, code_in_address, new_code, plain_code
from app.orders.parse import Sent
from app.orders.sources import SOURCES

SHOP, CODE = ShopId("mine"), "zb23456789"


def test_every_code_is_read_back_from_the_address_that_carries_it() -> None:
    code = new_code()
    assert plain_code(code) == plain_code(f" {code.upper()}\t") == code
    address = address_with("https://shop.example/p/{sku}?a=1#top", "茶 1/2", "zb", code)
    assert address == f"https://shop.example/p/%E8%8C%B6%201%2F2?a=1&zb={code}#top"
    assert code_in_address(address) == code
    assert code_in_address(address_with("http://s.example", "x", "utm_term", code)) == code


@pytest.mark.parametrize("text", [None, 5, "", "zb", "zb2345678o", "referrer", "zb23456789x", "https://x/?q=hello"])
def test_what_is_no_code_is_none(text: object) -> None:
    assert plain_code(text) == "" and code_in_address(text) == ""


@given(st.text(max_size=80))
def test_any_address_is_taken_or_refused_and_what_is_taken_leads_to_its_own_host(text: str) -> None:
    try:
        address = checked_address(text)
    except BadInput:
        return
    assert address == "" or code_in_address(address_with(address, "tea", "zb", CODE)) == CODE


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "//shop.example", "shop.example/p", "https://", "https://a@b.example/", "ftp://x/",
        "https://{sku}.example/", "https://shop.example/a b", "https://x:99999999/", "https://good.example\\@evil.example",
        "https://shop.example/" + "a" * 500,
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_or_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(BadInput, match="address"):
        checked_address(address)


def test_the_parameters_name_is_plain() -> None:
    assert (checked_parameter(""), checked_parameter("utm_content")) == ("zb", "utm_content")
    with pytest.raises(BadInput, match="parameter"):
        checked_parameter("a&b=")


@pytest.mark.parametrize(
    ("source", "more"),
    [
        ("webhook", {"code": CODE}),
        ("shopify", {"landing_site": f"/products/tea?utm_source=x&zb={CODE}"}),
        ("shopify", {"note_attributes": [{"name": "from", "value": CODE}]}),
        ("woocommerce", {"meta_data": [{"key": "_entry", "value": f"https://s.example/?zb={CODE}"}]}),
        ("stripe", {"client_reference_id": CODE}),
    ],
)
def test_platforms_hand_the_code_back_in_their_own_way(source: str, more: dict[str, object]) -> None:
    body = SOURCES[source].sample("o-1", 1_700_000_000)
    assert isinstance(body, dict)
    (body["data"]["object"] if source == "stripe" else body).update(more)
    sent = Sent(shop=SHOP, buyers=Buyers(b"k"), headers={}, raw=json.dumps(body).encode(), received_ms=0)
    (message,) = SOURCES[source].read(sent)
    assert message.event is not None and message.event.code == CODE


def test_a_buyers_pseudonym_needs_the_key_and_an_old_one_gets_it_without_the_name() -> None:
    mine, other = Buyers(b"k1"), Buyers(b"k2")
    assert mine.of(SHOP, "webhook", "u") == mine.of(SHOP, "webhook", "u") != other.of(SHOP, "webhook", "u")
    assert mine.of(SHOP, "webhook", "u") != mine.of(ShopId("other"), "webhook", "u")
    old = plain_pseudonym(SHOP, "webhook", "u")
    assert mine.keyed(old) == mine.of(SHOP, "webhook", "u")
    assert mine.keyed(mine.keyed(old)) == mine.keyed(old)
