"""Signatures by golden vectors, clocks, rotation and every way to get one wrong."""

import pytest

from app.errors import Forbidden
from app.orders.signatures import (
    sign,
    sign_base64,
    sign_doudian,
    sign_douyin,
    sign_tiktok,
    verify,
    verify_equal,
)

SECRET = "s3cr3t"
RAW = '{"id":1,"名":"茶"}'.encode()
AT = 1_700_000_000
GOLDEN = "b04013d0377f7d01b7e192a408680fde6339351435c59975000846853f04ab14"
GOLDEN_BASE64 = "nb+Sl293b0PbxvRItfqYXt0jTOuTYEwdAQUo98ismsI="


def test_the_generic_scheme_meets_its_golden_vector() -> None:
    assert len(RAW) == 20
    assert sign(SECRET, RAW, AT) == f"t={AT},v1={GOLDEN}"
    verify(f"t={AT},v1={GOLDEN}", RAW, [SECRET], AT)


def test_shopify_and_woocommerce_meet_their_golden_vector() -> None:
    assert sign_base64(SECRET, RAW) == GOLDEN_BASE64
    verify_equal(GOLDEN_BASE64, ["old", SECRET], lambda secret: sign_base64(secret, RAW))


def test_tiktok_doudian_and_douyin_meet_their_golden_vectors() -> None:
    assert sign_tiktok(SECRET, "app1", RAW) == "d8676c0a88bd670d88a1851a08da4b4ca490de06ddf6c93635f673db3803aeb6"
    assert sign_doudian(SECRET, "app1", RAW) == "2100c0e14d62f8d38108a06f33eccc66"
    assert sign_douyin(SECRET, RAW) == "d6a139027efd412504f7c32eeaff0cb33ce46f58"


@pytest.mark.parametrize(
    "given", [None, "", GOLDEN_BASE64[:-1], GOLDEN_BASE64.replace("+", "-"), GOLDEN_BASE64.lower(), "茶", "x" * 5000]
)
def test_any_other_base64_signature_is_refused(given: str | None) -> None:
    with pytest.raises(Forbidden):
        verify_equal(given, [SECRET], lambda secret: sign_base64(secret, RAW))


@pytest.mark.parametrize("late", [-300, 300])
def test_a_clock_may_differ_by_five_minutes(late: int) -> None:
    verify(sign(SECRET, RAW, AT), RAW, [SECRET], AT + late)


@pytest.mark.parametrize("late", [-301, 301])
def test_a_valid_signature_beyond_five_minutes_is_refused(late: int) -> None:
    with pytest.raises(Forbidden):
        verify(sign(SECRET, RAW, AT), RAW, [SECRET], AT + late)


def test_old_and_new_secret_are_both_good_during_a_rotation() -> None:
    verify(sign("old", RAW, AT), RAW, ["new", "old"], AT)
    verify(sign("new", RAW, AT), RAW, ["new", "old"], AT)


def test_a_sender_may_sign_with_two_secrets_at_once() -> None:
    verify(f"t={AT},v1={'0' * 64},v1={GOLDEN}", RAW, [SECRET], AT)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        GOLDEN,
        f"v1={GOLDEN}",
        f"t={AT}",
        f"t={AT},v1=",
        f"t={AT},v1={GOLDEN.upper()}",
        f"t={AT},v1={GOLDEN[:-1]}",
        f"t={AT},v1=茶",
        f"t=٣,v1={GOLDEN}",
        f"t=-{AT},v1={GOLDEN}",
        f"t={'9' * 400},v1={GOLDEN}",
        f"t={AT}," + "v1=0," * 300 + f"v1={GOLDEN}",
    ],
)
def test_any_other_header_is_refused(header: str | None) -> None:
    with pytest.raises(Forbidden):
        verify(header, RAW, [SECRET], AT)


def test_the_signature_of_a_body_written_anew_is_refused() -> None:
    with pytest.raises(Forbidden):
        verify(sign(SECRET, RAW, AT), RAW.replace(b":", b": "), [SECRET], AT)


def test_a_shop_without_a_secret_accepts_nothing() -> None:
    with pytest.raises(Forbidden):
        verify(sign("", RAW, AT), RAW, [], AT)
    with pytest.raises(Forbidden):
        verify_equal("", [], lambda secret: sign_base64(secret, RAW))
