"""An order's state does not depend on when, how often or in which order its messages arrive."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.events import OrderStatus
from app.orders.fold import OrderEvent, fold


def said(status: OrderStatus, amount: int = 5900, at: int | None = 1_000, **more: Any) -> OrderEvent:
    fields: dict[str, Any] = {
        "event": f"1:{status}:{at}",
        "currency": "CNY",
        "quantity": 1,
        "sku": "tea",
        "show": None,
        "received_ms": 10_000,
        "simulated": False,
        "test": False,
    }
    return OrderEvent(status=status, amount_minor=amount, updated_ms=at, **{**fields, **more})


events = st.builds(
    said,
    st.sampled_from(["created", "paid", "refunded", "cancelled"]),
    st.integers(0, 10_000),
    st.one_of(st.none(), st.integers(1, 5)),
    simulated=st.booleans(),
    test=st.booleans(),
    show=st.sampled_from([None, "a", "b"]),
)


@given(history=st.lists(events, min_size=1, max_size=8, unique_by=lambda event: event.event), data=st.data())
def test_shuffled_and_repeated_messages_end_in_the_same_state(history: list[OrderEvent], data: st.DataObject) -> None:
    repeats = data.draw(st.lists(st.sampled_from(history), max_size=20))
    shuffled = data.draw(st.permutations(history + repeats))
    assert fold(shuffled) == fold(history)


@given(history=st.lists(events, min_size=1, max_size=8))
def test_never_more_comes_back_than_was_asked(history: list[OrderEvent]) -> None:
    state = fold(history)
    assert 0 <= state.refunded_minor <= state.amount_minor


def test_arriving_a_day_late_changes_nothing() -> None:
    history = [said("created", at=1), said("paid", at=2)]
    late = [replace(event, received_ms=event.received_ms + 86_400_000) for event in reversed(history)]
    assert fold(late) == fold(history)


def test_the_sources_version_counts_not_the_arrival() -> None:
    state = fold([said("cancelled", at=5), said("paid", at=3), said("created", at=1)])
    assert (state.status, state.paid) == ("cancelled", True)
    assert fold([said("paid", at=9), said("cancelled", at=5)]).status == "paid"


def test_without_a_version_the_furthest_status_counts() -> None:
    assert fold([said("paid", at=None), said("created", at=None)]).status == "paid"


def test_a_changed_amount_follows_the_newest_version() -> None:
    assert fold([said("created", 7000, at=2), said("created", 5900, at=1)]).amount_minor == 7000


def test_partial_refunds_add_up_as_the_source_says_and_never_beyond_the_total() -> None:
    history = [said("paid", 5900, at=1), said("refunded", 1000, at=2), said("refunded", 2500, at=3)]
    state = fold(history)
    assert (state.status, state.paid, state.amount_minor, state.refunded_minor) == ("refunded", True, 5900, 2500)
    assert fold([*history, said("refunded", 9900, at=4)]).refunded_minor == 5900


def test_play_money_stays_play_money() -> None:
    assert fold([said("created", simulated=True), said("paid", at=2)]).simulated
    assert fold([said("created", test=True), said("paid", at=2)]).test


def test_a_source_clock_in_the_future_does_not_date_an_order_after_it_was_heard() -> None:
    assert fold([said("paid", at=99_999)]).placed_ms == 10_000


def test_an_order_without_messages_is_no_order() -> None:
    with pytest.raises(ValueError, match="at least one"):
        fold([])
