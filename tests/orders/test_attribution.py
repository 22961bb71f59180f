"""Exactly one class per order: explained, session, after the live, or none."""

from app.events import LineId, ProductId, RoomId, ShowId
from app.orders.attribution import CODE_SECONDS, Coded, Mention, Run, attribute, by_code, run_of

TEA, MUG = ProductId("tea"), ProductId("mug")
RUN = Run(room=RoomId("r1"), show=ShowId("s"), rehearsal=False, started=1000.0, ended=None)


def mention(at: float, product: ProductId | None, line: str | None = None) -> Mention:
    return Mention(at=at, product=product, line=None if line is None else LineId(line))


def test_an_order_while_its_product_is_explained_is_explained_and_knows_the_line() -> None:
    got = attribute(RUN, [mention(1010, TEA, "l1"), mention(1500, TEA, "l2")], TEA, 1501)
    assert (got.attribution, got.room, got.line) == ("explained", "r1", "l2")


def test_five_minutes_count_from_the_end_of_the_explanation() -> None:
    said = [mention(1010, TEA, "l1"), mention(1200, MUG, "l2")]
    assert attribute(RUN, said, TEA, 1500).attribution == "explained"
    assert attribute(RUN, said, TEA, 1501).attribution == "session"


def test_a_line_about_nothing_does_not_end_an_explanation() -> None:
    assert attribute(RUN, [mention(1010, TEA, "l1"), mention(1020, None, "l2")], TEA, 1400).attribution == "explained"


def test_a_product_never_named_and_an_unknown_one_are_session() -> None:
    assert attribute(RUN, [mention(1010, TEA, "l1")], MUG, 1020).attribution == "session"
    assert attribute(RUN, [mention(1010, TEA, "l1")], None, 1020).attribution == "session"


def test_what_was_said_after_the_order_explains_nothing() -> None:
    got = attribute(RUN, [mention(1010, MUG, "l1"), mention(1030, TEA, "l2")], TEA, 1020)
    assert (got.attribution, got.line) == ("session", "l1")


def test_after_the_show_an_order_belongs_to_it_for_a_day() -> None:
    over = Run(room=RoomId("r0"), show=ShowId("s"), rehearsal=False, started=0.0, ended=100.0)
    assert run_of([over], 100 + 86_400, None, False) == over
    assert run_of([over], 101 + 86_400, None, False) is None
    assert attribute(over, [], TEA, 101).attribution == "after_live"
    assert attribute(None, [], TEA, 101).attribution == "unattributed"


def test_a_show_on_air_wins_over_one_that_ended_and_the_named_show_over_both() -> None:
    over = Run(room=RoomId("r0"), show=ShowId("old"), rehearsal=False, started=900.0, ended=1100.0)
    assert run_of([RUN, over], 1200, None, False) == RUN
    assert run_of([RUN, over], 1200, ShowId("old"), False) == over
    assert run_of([RUN, over], 950, None, False) == over
    assert run_of([RUN], 1200, ShowId("unknown"), False) is None


def test_a_shops_clock_may_lag_a_little_at_the_start_of_a_show() -> None:
    assert run_of([RUN], 995.0, None, False) == RUN
    assert run_of([RUN], 994.0, None, False) is None


def test_play_orders_belong_to_rehearsals_and_real_ones_to_real_shows() -> None:
    play = Run(room=RoomId("r2"), show=ShowId("s"), rehearsal=True, started=1000.0, ended=None)
    assert run_of([RUN, play], 1100, None, True) == play
    assert run_of([play], 1100, None, False) is None
    assert run_of([RUN], 1100, None, True) is None


CODED = Coded(room=RoomId("r1"), show=ShowId("s"), line=LineId("l7"), rehearsal=False, made=1000.0)


def test_a_code_of_ours_is_exact_for_a_week_and_knows_its_line() -> None:
    got = by_code(CODED, 1000 + CODE_SECONDS, None, False)
    assert got is not None and (got.attribution, got.room, got.line) == ("code", "r1", "l7")
    assert by_code(CODED, 1001 + CODE_SECONDS, None, False) is None
    assert by_code(CODED, 994, None, False) is None, "the order was placed before the code was there"


def test_an_unknown_code_a_play_code_and_one_of_another_show_leave_it_to_time() -> None:
    assert by_code(None, 1500, None, False) is None
    assert by_code(CODED, 1500, None, True) is None
    assert by_code(CODED, 1500, ShowId("other"), False) is None
    assert by_code(CODED, 1500, ShowId("s"), False) is not None
