"""What the desk's buttons do to a show: staying with a product, words by hand, taking over and handing back."""

import pytest

from app.errors import BadInput, Conflict
from app.events import CommentId, CrewPressed, StockChanged
from app.live import wire
from app.live.alerts import Watched, alerts_of
from app.live.pins import keep_pinned
from app.live.show import Began, Card, Cut, NewRound, Plan, Planned, Say
from tests.live.fakes import MUG, TEA, comment, fast
from tests.live.test_director import Story, decisions, said
from tests.live.test_room import on_air


def more(product: str, count: int) -> tuple[Planned, ...]:
    return tuple(
        Planned(place=f"pin1.{index}", product=product, template=f"再说{index}。", block="selling_points")  # type: ignore[arg-type]
        for index in range(count)
    )


def test_a_pinned_product_stays_until_it_is_unpinned():
    story = Story()
    assert story.act.product == TEA
    intents = story.press("pin", product=TEA)
    assert not [item for item in intents if isinstance(item, Cut)]
    intents = story.over()
    assert Plan(round=1, product=TEA) in intents, "more of it is asked for before the plan runs out of it"
    story.tell(NewRound(round=1, lines=more(TEA, 5), pin=True))
    for _ in range(5):
        assert story.act.product == TEA
        story.over()
    story.press("unpin")
    while story.act.product == TEA and story.act.source == "rundown":
        story.over()
    assert story.act.product == MUG


def test_sentences_asked_for_before_the_pin_was_moved_are_not_said():
    story = Story()
    story.press("pin", product=TEA)
    story.over()
    story.press("pin", product=MUG)
    assert story.show.product == MUG
    before = story.show.plan
    story.tell(NewRound(round=1, lines=more(TEA, 5), pin=True))
    assert story.show.plan == before


def test_nothing_of_another_product_comes_between_a_jump_and_its_sentences():
    story = Story()
    story.over()
    story.over()  # both sentences about the tea are gone
    assert story.act.product == MUG
    intents = story.press("jump", product=TEA)
    assert Card(product=TEA) in intents
    assert [item.act.source for item in intents if isinstance(item, Say)] == ["idle"]
    story.tell(NewRound(round=1, lines=more(TEA, 2), pin=True))
    story.over()
    assert story.act.product == TEA
    assert story.show.pinned is None


def test_a_pin_ends_when_the_product_is_sold_out_and_when_another_is_chosen():
    story = Story()
    story.press("pin", product=TEA)
    story.tell(StockChanged(product=TEA, stock=0))
    assert story.show.pinned is None
    story = Story()
    story.press("pin", product=TEA)
    story.press("next")
    assert (story.show.pinned, story.show.product) == (None, MUG)


def test_a_planned_sentence_can_be_taken_out_also_the_one_on_air():
    story = Story()
    story.press("skip_line", line="0.1")
    story.over()
    assert story.act.planned.place == "0.2"
    intents = story.press("skip_line", line="0.2")
    assert [item.reason for item in intents if isinstance(item, Cut)] == ["crew skip"]


def test_taking_over_is_quiet_at_once_and_the_sentence_goes_on_afterwards():
    story = Story()
    story.tell(Began(act=story.act.serial, clause=0))
    planned = story.act.planned
    story.tell(comment("怎么泡", story.now))
    intents = story.press("hold")
    assert [type(item) for item in intents if isinstance(item, Cut)] == [Cut]
    assert decisions(intents) == [("hand_over", "taken over")]
    assert story.show.phase == "held"
    assert not said(story.tell(comment("多少钱", story.now, number=2, viewer="v2")))
    assert decisions(story.intents)[-1] == ("hand_over", "taken over")
    intents = story.press("resume")
    assert [item.act.planned for item in intents if isinstance(item, Say)] == [planned]


def test_the_kill_switch_works_while_a_person_has_taken_over():
    story = Story()
    story.press("hold")
    story.press("kill")
    assert story.show.phase == "silenced"


def test_an_answer_by_hand_replaces_the_hosts_own_and_is_written_down_as_such():
    story = Story()
    story.tell(comment("多少钱", story.now))
    story.tell(comment("怎么泡", story.now, number=2, viewer="v2"))
    story.tell(CrewPressed(button="reply", by="王姐", text="热水冲泡就好。", comment=CommentId("c2")))
    story.over()
    waiting = story.act.waiting
    assert (waiting.words, waiting.by, waiting.comment) == ("热水冲泡就好。", "王姐", "c2")
    assert decisions(story.intents)[-1] == ("answer", "by hand")


def test_a_comment_dropped_long_ago_can_still_be_answered_by_hand():
    story = Story()
    story.tell(comment("hello 666", story.now))
    intents = story.tell(CrewPressed(button="reply", by="王姐", text="欢迎你。", comment=CommentId("c1")))
    assert said(intents) == ["purchase"]
    assert story.act.waiting.names == ("小雨",)


def test_pinning_asks_once_for_more():
    story = Story()
    story.press("pin", product=MUG)
    show, first = keep_pinned(story.show)
    assert not first
    assert not keep_pinned(show)[1]


def test_words_by_hand_pass_the_gates_and_are_spoken_to_the_viewer(tmp_path):
    async def story():
        async with on_air(tmp_path) as air:
            air.room.tell(comment("这个茶怎么泡比较好", air.now))
            await air.until(lambda: air.room.desk().comments)
            reply = wire.Press(button="reply", comment="c1", text="热水冲泡，静置片刻就能喝。")
            air.room.press(reply, "王姐")
            await air.until(lambda: any("小雨问的" in str(item["text"]) for item in air.speeches()))
            await air.until(lambda: (air.room.desk().comments[0].answer or "").endswith("就能喝。"))
            assert air.room.desk().comments[0].reason == "by hand"
            for button, more in (("reply", {"comment": "c1"}), ("say", {}), ("correct", {})):
                with pytest.raises(BadInput, match="9\\.9"):
                    air.room.press(wire.Press(button=button, text="今天只要9.9元。", **more), "王姐")

    fast(story())


def test_a_correction_is_spoken_and_stands_on_the_overlay(tmp_path):
    async def story():
        async with on_air(tmp_path) as air:
            air.room.press(wire.Press(button="correct", text="热水冲泡，静置片刻就能喝。"), "王姐")
            notice = air.messages("notice")
            await air.until(lambda: any(str(item["text"]).startswith("更正一下") for item in air.speeches()))
            assert [item["notice_kind"] for item in notice or air.messages("notice")] == ["correction"]

    fast(story())


def test_taken_over_is_seen_on_the_overlay_and_nothing_can_be_said_meanwhile(tmp_path):
    async def story():
        async with on_air(tmp_path) as air:
            air.room.press(wire.Press(button="hold"), "王姐")
            desk = air.room.desk()
            assert desk.state == "held"
            assert "silence" not in desk.alerts
            with pytest.raises(Conflict):
                air.room.press(wire.Press(button="say", text="大家好。"), "王姐")
            await air.until(lambda: air.messages("notice"))
            assert air.messages("notice")[-1]["notice_kind"] == "held"
            count = len(air.speeches())
            await air.until(lambda: air.now > desk.server_ms / 1000 + 30)
            assert len(air.speeches()) == count
            air.room.press(wire.Press(button="resume"), "王姐")
            await air.until(lambda: len(air.speeches()) > count)

    fast(story())


def test_a_room_taken_up_again_is_still_held_and_still_pinned(tmp_path):
    async def story():
        async with on_air(tmp_path) as air:
            air.room.press(wire.Press(button="pin", product=MUG), "王姐")
            await air.until(lambda: air.room.desk().products[1].on_air)
            air.room.press(wire.Press(button="hold"), "王姐")
            await air.until(lambda: any(getattr(item.event, "button", "") == "hold" for item in air.log.records))
            log = air.log
            log.records = [item for item in log.records if type(item.event).__name__ != "ShowEnded"]
            before = list(log.records)
        log.records = before
        async with on_air(tmp_path, past=log, warm_up=0.1) as air:
            desk = air.room.desk()
            assert desk.state == "held"
            assert [product.pinned for product in desk.products] == [False, True]

    fast(story())


def test_the_running_order_tells_when_each_product_comes(tmp_path):
    async def story():
        async with on_air(tmp_path) as air:
            order = air.room.desk().order
            assert [stop.number for stop in order[:2]] in ([1, 2], [2, 1])
            assert order[1].in_seconds == pytest.approx(order[0].in_seconds + order[0].seconds, abs=0.2)
            place = next(line.line for line in air.room.desk().next if line.planned)
            air.room.press(wire.Press(button="skip_line", line=place), "王姐")
            assert place not in [line.line for line in air.room.desk().next]
            with pytest.raises(BadInput):
                air.room.press(wire.Press(button="skip_line", line=place), "王姐")

    fast(story())


def test_sold_out_at_the_desk_can_be_taken_back_to_the_number_before(tmp_path):
    async def story():
        async with on_air(tmp_path) as air:
            stock = air.room.desk().products[0].stock
            air.room.tell(StockChanged(product=TEA, stock=0))
            await air.until(lambda: air.room.desk().products[0].stock == 0)
            assert air.room.desk().products[0].stock_before == stock
            air.room.tell(StockChanged(product=TEA, stock=7))
            await air.until(lambda: air.room.desk().products[0].stock == 7)
            assert air.room.desk().products[0].stock_before is None

    fast(story())


def test_alerts_come_in_the_order_of_urgency_and_none_for_a_silence_that_was_wanted():
    quiet = {
        "phase": "on_air", "rehearsal": False, "silent": 3.5, "health": {"voice": "down", "model": "down"},
        "sold_out": True, "pages": 0, "offsets": [5_000.0],
    }  # fmt: skip
    assert alerts_of(Watched(**quiet)) == ("silence", "voice_down", "no_page", "sold_out", "model_down", "clock_off")
    calm = {**quiet, "phase": "held", "health": {}, "sold_out": False, "pages": 1, "offsets": [120.0]}
    assert alerts_of(Watched(**calm)) == ()


def test_pages_are_listed_with_what_their_clock_says(tmp_path):
    async def story():
        async with on_air(tmp_path) as air:
            seat = air.room.join("", 0, "obs")
            clock = air.room.pinged(seat, wire.Ping(type="ping", t=5.0, offset_ms=-1200.0))
            assert clock.echo == 5.0
            page = air.room.desk().pages[-1]
            assert (page.kind, page.offset_ms) == ("obs", -1200.0)
            air.room.leave(seat)
            assert [item.kind for item in air.room.desk().pages] == ["browser"]

    fast(story())
