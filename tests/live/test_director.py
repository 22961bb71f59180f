"""The rules of the show, tested as plain functions."""

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import hypothesis.strategies as st
from hypothesis import given, settings

from app.events import (
    Button,
    CommentId,
    CrewPressed,
    PartFailed,
    PartRecovered,
    PriceChanged,
    ShowEnded,
    ShowStarted,
    StockChanged,
)
from app.live.director import direct
from app.live.show import (
    SOURCES,
    Act,
    Began,
    Border,
    Card,
    Cue,
    Cut,
    Decide,
    Intent,
    Leave,
    NewRound,
    Over,
    Plan,
    Planned,
    Say,
    Show,
    Tick,
)
from tests.live.fakes import MUG, TEA, comment

LINES = (
    Planned(place="0.0", product=TEA, template="来看这一款。", block="opening"),
    Planned(place="0.1", product=TEA, template="现在到手{price}。", block="offer"),
    Planned(place="0.2", product=MUG, template="再看这只杯子。", block="opening"),
)
STARTED = ShowStarted(show="s", host="lan", voice="v", lang="zh", duty="王姐", rehearsal=True)  # type: ignore[arg-type]


class Story:
    """A show told cue by cue, with everything that was asked of the room."""

    def __init__(self, *, lines: tuple[Planned, ...] = LINES, disclosed: bool = True) -> None:
        self.now = 1_000.0
        self.intents: list[Intent] = []
        self.show = Show(
            lang="zh",
            plan=lines,
            round=1,
            asked_for=1,
            disclosed=disclosed,
            disclosed_at=self.now if disclosed else None,
        )
        self.tell(STARTED)

    def tell(self, cue: Cue, *, after: float = 0.0) -> list[Intent]:
        """Tell it `after` seconds later; what the director asks for."""
        self.now += after
        self.show, intents = direct(self.show, cue, self.now)
        self.intents += intents
        return list(intents)

    def over(self, outcome: str = "said", *, away: bool = False) -> list[Intent]:
        """The act on air comes to its end."""
        return self.tell(Over(act=self.act.serial, outcome=outcome, away=away), after=2.0)  # type: ignore[arg-type]

    def press(self, button: str, **more: object) -> list[Intent]:
        """The crew presses a button."""
        return self.tell(CrewPressed(button=button, by="王姐", **more))  # type: ignore[arg-type]

    @property
    def act(self) -> Act:
        """What is on air."""
        assert self.show.act is not None
        return self.show.act


def said(intents: list[Intent]) -> list[str]:
    return [intent.act.source for intent in intents if isinstance(intent, Say)]


def decisions(intents: list[Intent]) -> list[tuple[str, str]]:
    return [(item.decided.decision, item.decided.reason) for item in intents if isinstance(item, Decide)]


def test_a_show_begins_with_the_disclosure_and_then_its_first_sentence():
    story = Story(disclosed=False)
    assert story.act.source == "disclosure"
    assert "AI" in story.act.text
    story.tell(Began(act=story.act.serial, clause=0))
    story.over()
    assert story.act.text == "来看这一款。"
    assert Card(product=TEA) in story.intents


def test_nothing_is_said_before_the_disclosure_was_heard():
    story = Story(disclosed=False)
    assert not said(story.over("failed"))
    assert not said(story.press("say", text="欢迎。"))
    assert said(story.tell(Tick(), after=1.1)) == ["disclosure"]
    story.tell(Began(act=story.act.serial, clause=0))
    assert said(story.over()) == ["crew"]


def test_a_first_disclosure_that_was_cut_comes_again_at_once():
    story = Story(disclosed=False)
    assert not said(story.press("cut"))
    assert said(story.tell(Tick(), after=1.1)) == ["disclosure"]


def test_the_disclosure_comes_again_after_ten_minutes_at_a_border():
    story = Story()
    story.tell(Tick(), after=601.0)
    assert story.act.source == "rundown"
    assert story.tell(Border(act=story.act.serial)) == [Cut(act=story.act.serial, reason="disclosure", at_border=True)]
    story.over("cut")
    assert story.act.source == "disclosure"


def test_a_purchase_question_cuts_the_rundown_at_once():
    story = Story()
    first = story.act.serial
    intents = story.tell(comment("多少钱", story.now))
    assert Cut(act=first, reason="purchase question") in intents
    assert said(intents) == ["purchase"]
    assert decisions(intents) == [("answer", "purchase question")]


def test_another_question_waits_for_the_border_of_the_clause():
    story = Story()
    serial = story.act.serial
    assert not said(story.tell(comment("怎么泡比较好", story.now)))
    assert story.tell(Border(act=serial)) == [Cut(act=serial, reason="answer", at_border=True)]
    assert said(story.over("cut")) == ["answer"]


def test_an_answer_is_not_cut_by_another_question():
    story = Story()
    story.tell(comment("多少钱", story.now))
    assert not [
        item for item in story.tell(comment("包邮吗", story.now, number=2, viewer="v2")) if isinstance(item, Cut)
    ]
    assert story.act.source == "purchase"
    assert said(story.over()) == ["purchase"]


def test_a_cut_sentence_goes_on_at_the_cut_clause_and_never_from_the_top():
    story = Story()
    act = story.act
    story.tell(Began(act=act.serial, clause=0))
    story.tell(Began(act=act.serial, clause=1))
    story.tell(comment("多少钱", story.now))
    story.over()
    assert (story.act.planned, story.act.first) == (act.planned, 1)


def test_a_sentence_that_yielded_at_a_border_goes_on_with_the_next_clause():
    story = Story()
    act = story.act
    story.tell(Began(act=act.serial, clause=0))
    story.tell(comment("怎么泡", story.now))
    story.tell(Border(act=act.serial))
    story.over("cut")
    story.over()
    assert (story.act.planned, story.act.first) == (act.planned, 1)


def test_similar_questions_are_answered_once_and_name_two_who_asked():
    story = Story()
    story.tell(comment("多少钱", story.now))
    story.tell(comment("包邮吗", story.now, number=2, viewer="v2", name="阿强"))
    intents = story.tell(comment("包邮不包邮", story.now, number=3, viewer="v3", name="团子妈"))
    assert decisions(intents) == [("merge", "asked already")]
    intents = story.over()
    act = next(item.act for item in intents if isinstance(item, Say))
    assert act.waiting is not None
    assert act.waiting.names == ("阿强", "团子妈")
    again = story.tell(comment("有包邮吗", story.now, number=4, viewer="v4"))
    assert decisions(again) == [("merge", "answered just now")]


def test_the_same_event_is_heard_once():
    story = Story()
    story.tell(comment("多少钱", story.now))
    assert story.tell(comment("多少钱", story.now)) == []
    assert story.show.counts["seen"] == 1


def test_a_question_older_than_thirty_seconds_is_dropped_and_not_answered_late():
    story = Story()
    story.tell(comment("多少钱", story.now))
    story.tell(comment("包邮吗", story.now, number=2, viewer="v2"))
    intents = story.tell(Tick(), after=31.0)
    assert ("drop", "too old") in decisions(intents)
    assert "purchase" not in said(story.over())


def test_one_viewer_cannot_fill_the_show():
    story = Story()
    texts = ("多少钱", "包邮吗", "怎么泡", "产地是哪里")
    got = [decisions(story.tell(comment(text, story.now, number=index))) for index, text in enumerate(texts)]
    assert got[-1] == [("drop", "viewer rate")]


def test_hidden_characters_do_not_hide_a_question():
    story = Story()
    intents = story.tell(comment("多\u200b少\u200b钱", story.now))
    assert said(intents) == ["purchase"]
    assert decisions(story.tell(comment("\u200b\u200b", story.now, number=2))) == [("drop", "empty")]


def test_links_are_skipped_and_a_person_in_danger_is_handed_over():
    story = Story()
    assert decisions(story.tell(comment("加我微信abc12345", story.now)))[0][0] == "skip"
    assert decisions(story.tell(comment("我不想活了", story.now, number=2)))[0][0] == "hand_over"


def test_a_crew_cut_ends_the_sentence_for_good():
    story = Story()
    act = story.act
    story.tell(Began(act=act.serial, clause=0))
    intents = story.press("cut")
    assert intents[0] == Cut(act=act.serial, reason="crew cut")
    assert story.act.text == LINES[1].template


def test_next_goes_to_the_next_product():
    story = Story()
    story.press("next")
    assert story.act.product == MUG
    assert story.show.product == MUG


def test_pin_brings_a_product_forward_and_asks_for_its_words_when_none_are_left():
    story = Story()
    assert Card(product=MUG) in story.press("pin", product=MUG)
    assert story.act.product == MUG
    intents = story.press("pin", product=TEA)
    assert Plan(round=1, product=TEA) in intents
    story.tell(NewRound(round=1, lines=LINES[:1], pin=True))
    story.over()
    assert story.act.planned == LINES[0]


def test_what_the_crew_says_comes_at_once_before_everything():
    story = Story()
    story.tell(comment("多少钱", story.now))
    intents = story.press("say", text="欢迎新朋友。")
    assert said(intents) == ["crew"]
    assert story.act.text == "欢迎新朋友。"


def test_kill_silences_and_drops_and_nothing_is_said_until_resume():
    story = Story()
    story.tell(comment("多少钱", story.now))
    story.tell(comment("包邮吗", story.now, number=2, viewer="v2"))
    intents = story.press("kill")
    assert ("drop", "kill") in decisions(intents)
    assert story.show.act is None
    for cue in (Tick(), comment("还有吗", story.now, number=3), CrewPressed(button="next", by="x")):
        assert not said(story.tell(cue, after=1.0))
    assert said(story.press("resume"))


def test_a_changed_price_that_was_said_is_corrected_at_once():
    story = Story()
    story.over()
    story.tell(Began(act=story.act.serial, clause=0))
    intents = story.tell(PriceChanged(product=TEA, price=Decimal(49), list_price=None, currency="CNY"))
    assert isinstance(intents[0], Cut)
    assert said(intents) == ["correction"]
    assert "{price}" in story.act.text


def test_a_changed_price_on_air_that_was_not_said_is_a_change_and_elsewhere_nothing():
    story = Story()
    assert said(story.tell(PriceChanged(product=TEA, price=Decimal(49), list_price=None, currency="CNY"))) == ["change"]
    assert not said(story.tell(PriceChanged(product=MUG, price=Decimal(9), list_price=None, currency="CNY")))


def test_a_sold_out_product_is_announced_and_its_sentences_are_passed_over():
    story = Story()
    assert said(story.tell(StockChanged(product=TEA, stock=0))) == ["change"]
    story.over()
    assert story.act.product == MUG


def test_the_next_round_is_asked_for_before_the_plan_runs_dry():
    story = Story()
    story.show = replace(story.show, asked_for=-1)
    assert any(isinstance(item, Plan) for item in story.over())
    story.over()
    assert said(story.over()) == ["idle"]
    story.tell(NewRound(round=1, lines=LINES))
    story.over()
    assert story.act.planned == LINES[0]


def test_without_a_voice_recorded_lines_alternate_with_tries_and_questions_wait():
    story = Story()
    story.tell(PartFailed(part="voice", detail="killed"))
    story.tell(comment("怎么泡", story.now))
    assert said(story.over("failed", away=True)) == ["idle"]
    assert said(story.over()) == ["rundown"]
    assert story.act.planned == LINES[0]
    story.tell(PartRecovered(part="voice"))
    story.over("failed")
    assert story.act.source == "answer"


def test_a_refused_sentence_is_passed_over_and_a_voiceless_one_waits():
    story = Story()
    story.over("failed")
    assert story.act.planned == LINES[1]
    story.tell(Began(act=story.act.serial, clause=0))
    assert said(story.over("failed", away=True)) == ["idle"]
    story.over("failed")
    assert (story.act.planned, story.act.first) == (LINES[1], 1)


def test_the_end_of_the_show_is_the_end():
    story = Story()
    intents = story.tell(ShowEnded(reason="done"))
    assert isinstance(intents[0], Cut)
    assert intents[-1] == Leave(reason="done")
    assert story.tell(comment("多少钱", story.now)) == []


def test_the_crew_may_answer_or_skip_a_comment():
    story = Story()
    story.tell(comment("加我微信abc12345", story.now))
    assert said(story.press("answer", comment=CommentId("c1"))) == ["purchase"]
    story.tell(comment("怎么泡", story.now, number=2, viewer="v2"))
    assert decisions(story.press("skip", comment=CommentId("c2"))) == [("skip", "crew")]


CUES = st.one_of(
    st.builds(Tick),
    st.builds(
        lambda text, number: comment(text, 1_000.0, number=number, viewer=f"v{number % 7}"),
        st.sampled_from(["多少钱", "包邮吗", "怎么泡", "主播好", "产地哪里", "666", "", "能便宜点吗", "什么时候发货"]),
        st.integers(0, 400),
    ),
    st.builds(
        lambda button, text: CrewPressed(button=button, by="x", text=text, product=TEA, comment=CommentId("c1")),
        st.sampled_from(get_args(Button)),
        st.just("好的。"),
    ),
    st.builds(
        lambda price: PriceChanged(product=TEA, price=Decimal(price), list_price=None, currency="CNY"),
        st.integers(1, 99),
    ),
    st.builds(lambda stock: StockChanged(product=TEA, stock=stock), st.integers(0, 2)),
    st.sampled_from([PartFailed(part="voice", detail=""), PartRecovered(part="voice")]),
    st.sampled_from(["border", "said", "failed", "round"]),
)


@settings(max_examples=100, deadline=None)
@given(cues=st.lists(st.tuples(CUES, st.floats(0, 40)), max_size=60), disclosed=st.booleans())
def test_whatever_happens_the_rules_hold(cues: list[tuple[Cue | str, float]], disclosed: bool):
    """No line of a killed room, one act at a time, bounded queues, every comment decided at most once."""
    story = Story(disclosed=disclosed)
    on_air: int | None = story.act.serial
    decided: dict[str, int] = {}
    for cue, wait in cues:
        if isinstance(cue, str):
            if cue == "round":
                cue = NewRound(round=story.show.round, lines=LINES)
            elif story.show.act is None:
                continue
            elif cue == "border":
                cue = Border(act=story.act.serial)
            else:
                cue = Over(act=story.act.serial, outcome=cue)  # type: ignore[arg-type]
                on_air = None
        for intent in story.tell(cue, after=wait):
            match intent:
                case Cut(at_border=False):
                    assert intent.act == on_air
                    on_air = None
                case Say():
                    assert on_air is None
                    assert story.show.phase == "on_air"
                    on_air = intent.act.serial
                case Decide():
                    key = intent.decided.comment
                    decided[key] = decided.get(key, 0) + 1
        assert (story.show.act.serial if story.show.act else None) == on_air
        if story.show.phase in ("silenced", "held"):
            assert on_air is None
        for name, source in SOURCES.items():
            assert sum(1 for item in story.show.waiting if item.source == name) <= source.bound
    if story.show.phase == "on_air":  # it is never stuck
        story.tell(Tick(), after=1.5)
        assert story.show.act is not None
    counts = story.show.counts
    answered = sum(counts.get(name, 0) for name in ("answer", "merge", "skip", "hand_over", "drop"))
    waiting = sum(1 for item in story.show.waiting if item.comment is not None and not item.again)
    pressed = counts.get("pressed:answer", 0) + counts.get(
        "pressed:reply", 0
    )  # the crew may have a decided comment answered once more
    assert counts.get("seen", 0) <= answered + waiting <= counts.get("seen", 0) + pressed
