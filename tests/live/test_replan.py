"""The running order follows stock, price, orders and questions, and the show opens and says goodbye by its plan."""

from dataclasses import replace
from decimal import Decimal

from app.events import (
    CommentAnswered,
    CommentDecided,
    CommentId,
    CrewPressed,
    LineEnded,
    LineStarted,
    OrderId,
    OrderPlaced,
    PriceChanged,
    ProductId,
    Replanned,
    ShowEnded,
    ShowId,
    ShowStarted,
    StockChanged,
)
from app.live.director import direct
from app.live.programme import Programme
from app.live.shelf import Shelf
from app.live.show import Finish, Intent, NewRound, Over, Plan, Planned, Replan, Say, Show, Tick
from tests.live.fakes import MUG, TEA, comment, fast, plan, product
from tests.live.test_room import on_air

CUP = ProductId("cup")
TITLES = {TEA: "云雾绿茶", MUG: "白瓷杯子", CUP: "竹编茶盘"}
LINES = tuple(
    Planned(place=f"0.{index}", product=name, template=f"{TITLES[name]}的话{index}。", block="opening")
    for index, name in enumerate((TEA, TEA, TEA, MUG, MUG, MUG, CUP, CUP, CUP))
)
BYE = (Planned(place="bye.0", product=None, template="今天就到这里，再见。", block="closing"),)


def show(**more: object) -> Show:
    """A show on air with three products, the first of them being told about."""
    state = Show(
        lang="zh",
        plan=LINES,
        titles=TITLES,
        round=1,
        asked_for=1,
        disclosed=True,
        disclosed_at=1_000.0,
        prices={TEA: Decimal(59), MUG: Decimal(38), CUP: Decimal(90)},
        goodbye=BYE,
    )
    started = ShowStarted(show=ShowId("s"), host="lan", voice="v", lang="zh", duty="王姐", rehearsal=False)
    state, _ = direct(replace(state, **more), started, 1_000.0)  # type: ignore[arg-type]
    return state


def after(state: Show, *cues: object, now: float = 1_010.0) -> tuple[Show, list[Intent]]:
    intents: list[Intent] = []
    for cue in cues:
        state, more = direct(state, cue, now)  # type: ignore[arg-type]
        intents += more
    return state, intents


def order_of(state: Show) -> list[ProductId | None]:
    return list(dict.fromkeys(line.product for line in state.plan[state.position :]))


def reasons(intents: list[Intent]) -> list[tuple[ProductId, str, int]]:
    return [(i.changed.product, i.changed.why, i.changed.number) for i in intents if isinstance(i, Replan)]


def order(number: int, *, status: str = "paid", simulated: bool = False) -> OrderPlaced:
    return OrderPlaced(
        order=OrderId(f"o{number}"),
        product=CUP,
        quantity=1,
        amount=Decimal(90),
        currency="CNY",
        status=status,  # type: ignore[arg-type]
        source="shop",
        simulated=simulated,
    )


def test_a_lower_price_brings_its_product_next_and_says_why() -> None:
    state, intents = after(show(), PriceChanged(product=CUP, price=Decimal(80), list_price=None, currency="CNY"))
    assert order_of(state) == [TEA, CUP, MUG]
    assert reasons(intents) == [(CUP, "price_down", 0)]
    _, intents = after(show(), PriceChanged(product=CUP, price=Decimal(95), list_price=None, currency="CNY"))
    assert reasons(intents) == []


def test_three_paid_orders_bring_a_product_next_and_simulated_ones_do_not() -> None:
    state, intents = after(show(), order(1), order(2), order(3, status="created"))
    assert reasons(intents) == []
    state, intents = after(state, order(3))
    assert order_of(state) == [TEA, CUP, MUG]
    assert reasons(intents) == [(CUP, "selling", 3)]
    state, intents = after(show(), *(order(number, simulated=True) for number in range(5)))
    assert order_of(state) == [TEA, MUG, CUP]


def test_three_questions_about_another_product_bring_it_next_and_only_once() -> None:
    questions = [
        comment(f"竹编茶盘{what}", 1_010.0, number=number, viewer=f"v{number}")
        for number, what in enumerate(("多大", "怎么洗", "什么材质"))
    ]
    state, intents = after(show(), *questions, questions[0])
    assert order_of(state) == [TEA, CUP, MUG]
    assert reasons(intents) == [(CUP, "asked", 3)]
    more = [comment("竹编茶盘重吗", 1_011.0, number=9, viewer="v9")]
    assert reasons(after(state, *more, now=1_012.0)[1]) == []


def test_nothing_is_moved_while_a_product_is_pinned() -> None:
    _, intents = after(show(pinned=TEA), order(1), order(2), order(3))
    assert reasons(intents) == []


def test_a_product_whose_turn_is_over_is_asked_for_and_comes_after_the_one_on_air() -> None:
    state = show(plan=LINES[:6])
    state, intents = after(state, order(1), order(2), order(3))
    asked = [intent for intent in intents if isinstance(intent, Plan)]
    assert [(intent.product, intent.round) for intent in asked] == [(CUP, 1)]
    state, _ = after(state, NewRound(round=1, lines=LINES[6:], pin=True))
    assert order_of(state) == [TEA, CUP, MUG]


def test_what_is_sold_out_leaves_the_order_and_comes_back_with_a_line_to_the_desk() -> None:
    state, intents = after(show(), StockChanged(product=MUG, stock=0))
    assert reasons(intents) == [(MUG, "sold_out", 0)]
    state, intents = after(state, StockChanged(product=MUG, stock=5))
    assert reasons(intents) == [(MUG, "back_in_stock", 0)]


def test_when_the_planned_time_is_over_the_show_says_goodbye_and_ends() -> None:
    state, _ = after(show(seconds=60.0), Tick())
    assert state.act is not None and not state.closing
    state, intents = after(state, Over(act=state.act.serial, outcome="said"), now=1_061.0)
    assert [intent.act.text for intent in intents if isinstance(intent, Say)] == ["今天就到这里，再见。"]
    assert state.act is not None
    state, intents = after(state, Over(act=state.act.serial, outcome="said"), now=1_064.0)
    assert [intent.reason for intent in intents if isinstance(intent, Finish)] == ["the planned time is over"]
    assert state.act is None


def test_a_rehearsal_says_goodbye_and_goes_on_until_somebody_ends_it() -> None:
    state = replace(show(seconds=60.0), rehearsal=True)
    state, _ = after(state, Over(act=state.act.serial, outcome="said"), now=1_061.0)  # type: ignore[union-attr]
    state, intents = after(state, Over(act=state.act.serial, outcome="said"), now=1_064.0)  # type: ignore[union-attr]
    assert not [intent for intent in intents if isinstance(intent, Finish)]
    assert any(isinstance(intent, Plan) for intent in intents)


def test_an_answer_that_a_correction_broke_off_is_begun_anew_and_decided_once() -> None:
    state, intents = after(show(priced={TEA: 1_000.0}), comment("产地是哪里", 1_010.0))
    while state.act is not None and state.act.source != "answer":
        state, more = after(state, Over(act=state.act.serial, outcome="said"))
        intents += more
    begun = state.act
    assert begun is not None
    price = PriceChanged(product=TEA, price=Decimal(49), list_price=None, currency="CNY")
    state, _ = after(state, price, now=1_012.0)
    assert state.act is not None and state.act.source == "correction"
    state, intents = after(state, Over(act=state.act.serial, outcome="said"), now=1_015.0)
    assert state.act is not None and state.act.waiting is not None
    assert (state.act.source, state.act.waiting.comment, state.act.since) == ("answer", CommentId("c1"), begun.since)
    assert not [intent for intent in intents if not isinstance(intent, Say)]


def test_an_answer_that_the_crew_cut_stays_cut() -> None:
    state, _ = after(show(), comment("多少钱", 1_010.0))
    assert state.act is not None and state.act.source == "purchase"
    cut, _ = direct(state, CrewPressed(button="cut", by="王姐"), 1_012.0)
    assert cut.act is not None and cut.act.source == "rundown"


def test_every_line_of_ten_minutes_is_approved_or_of_a_kind_that_the_page_names(tmp_path) -> None:
    """The script page promises which words a show says; this holds it to that."""

    async def story() -> None:
        async with on_air(tmp_path) as air:
            await air.until(lambda: air.room.show.round > 3, 900)
            scripts = plan().scripts
            approved = "".join(part.text for script in scripts.values() for part in script.segments)
            approved += "".join(item.answer for each in plan().products for item in each.faq)
            said = [line for line in air.log.events(LineStarted) if line.line_kind == "rundown"]
            blocks = {line.block.partition(":")[2] for line in said if line.text not in approved}
            assert blocks == {"welcome"}
            assert len({line.block.partition(".")[0] for line in said}) > 2

    fast(story())


def test_an_answer_is_heard_whole_though_the_price_changes_in_the_middle(tmp_path) -> None:
    async def story() -> None:
        async with on_air(tmp_path) as air:
            await air.until(lambda: any("59元" in str(item["text"]) for item in air.speeches()), 120)
            air.room.tell(comment("产地是哪里", air.now, number=77))
            await air.until(lambda: any(line.line_kind == "answer" for line in air.log.events(LineStarted)), 60)
            air.room.tell(PriceChanged(product=TEA, price=Decimal(49), list_price=None, currency="CNY"))
            await air.until(lambda: "云南" in _answer(air.log), 60)
            await air.until(lambda: any(e.line_kind == "answer" for e in _whole(air.log)), 60)
            decided = [event for event in air.log.events(CommentDecided) if event.comment == CommentId("c77")]
            assert len(decided) == 1

    fast(story())


def _answer(log) -> str:
    return "".join(event.answer for event in log.events(CommentAnswered))


def _whole(log) -> list[LineEnded]:
    return [event for event in log.events(LineEnded) if event.outcome == "said"]


def test_the_desk_shows_why_a_product_left_the_order(tmp_path) -> None:
    async def story() -> None:
        async with on_air(tmp_path) as air:
            air.room.tell(StockChanged(product=MUG, stock=0))
            await air.until(lambda: bool(air.room.desk().moves), 5)
            (move,) = air.room.desk().moves
            assert (move.product, move.why) == (MUG, "sold_out")
            await air.until(lambda: bool(air.log.events(Replanned)), 5)
            assert not [stop for stop in air.room.desk().order if stop.product == MUG]

    fast(story())


def test_a_real_show_ends_by_itself_after_its_goodbye(tmp_path) -> None:
    async def story() -> None:
        async with on_air(tmp_path) as air:
            air.room.show = replace(air.room.show, rehearsal=False, seconds=60.0)
            await air.until(lambda: bool(air.log.events(ShowEnded)), 240)
            last = air.log.events(LineStarted)[-1]
            assert last.block.endswith(":closing")
            assert air.log.events(ShowEnded)[0].reason == "the planned time is over"

    fast(story())


def test_welcome_and_goodbye_pass_the_gate_in_both_languages() -> None:
    for lang in ("zh", "en"):
        for number in range(12):
            planned = replace(plan(), id=ShowId(f"s{number}"), lang=lang)
            shelf = Shelf([replace(product(TEA, "云雾绿茶", "59"), lang=lang)], (), "show", lang)
            programme = Programme(planned, shelf)
            opening = [line for line in programme.round(0) if line.block == "welcome"]
            assert opening and programme.goodbye()
            for line in (*opening, *programme.goodbye()):
                assert shelf.may_say(line.template, None).ok, line.template
