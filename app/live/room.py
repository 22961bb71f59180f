"""A live room: an actor with one mailbox and one loop, the only writer of its log.

Anyone may `tell` it something; nobody reaches in. The loop takes one cue at a time, asks the director, and carries out
the intents without waiting: speaking, making clips and writing the log are tasks of the room's own group.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import structlog

from app.errors import Conflict
from app.events import (
    CommentDecided,
    CommentHeard,
    CommentId,
    CrewPressed,
    EventLog,
    FactsChanged,
    LiveEvent,
    PriceChanged,
    ProductId,
    Recorded,
    ShowEnded,
    ShowStarted,
    StockChanged,
)
from app.live import wire
from app.live.board import Board
from app.live.cast import assemble
from app.live.clock import steady_clock
from app.live.composer import WarmModel
from app.live.deskview import Moment, desk_of
from app.live.director import direct
from app.live.health import Health
from app.live.larder import ClipMaker
from app.live.mailbox import Mailbox
from app.live.presses import checked
from app.live.programme import Programme
from app.live.questions import cleaned, named_product
from app.live.recovery import take_up
from app.live.shelf import Shelf
from app.live.show import Card, Cue, Cut, Decide, Finish, Intent, Leave, NewRound, Phase, Plan, Replan, Say, Show, Tick
from app.live.stage import PageKind, Seat, Stage
from app.live.views import Billing, View, card_event, card_in, snapshot_of
from app.metrics import COMMENTS, LOOKAHEAD, VIEWERS
from app.shows.plan import ShowPlan
from avatar.clips import Clip

log = structlog.get_logger()

TICK = 0.25  # seconds
KNOWN = 5_000  # comments by which repeated deliveries are recognised
WARM_AHEAD = 8.0  # seconds of ready audio before the model may take the cores to read a product's facts
QUIET_CROWD = frozenset({"like", "enter", "leave"})
"""Counted, not logged: they come by the thousand and decide nothing."""
_NOTICES: Mapping[Phase, Literal["held", "silenced", "on_air"]] = {
    "held": "held",
    "silenced": "silenced",
    "on_air": "on_air",
}


class LiveRoom:
    """One run of one show. Must be made and run on the event loop; cancel `run` to end it without a word."""

    def __init__(
        self,
        billing: Billing,
        *,
        log_: EventLog,
        past: Sequence[Recorded],
        make: ClipMaker,
        model: WarmModel | None,
        spool: Path,
        keep_clip: Callable[[Clip], str],
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.billing = billing
        plan = billing.plan
        self.clock = clock or steady_clock()
        self._shelf = Shelf(plan.products[: billing.products], plan.policies, plan.title, plan.lang)
        self._programme = Programme(plan, self._shelf)
        gone = frozenset(product.id for product in self._shelf.products.values() if product.sold_out)
        taken = take_up(past, self._programme, gone, plan.lang)
        self.show: Show = taken.show
        self._taken = taken
        stock = {product.id: product.stock for product in self._shelf.products.values()}
        self._board = Board(rehearsal=billing.rehearsal, stock=stock)
        for record in past:
            self._fold(record.event)
        self._health = Health()
        self._mailbox = Mailbox()
        self._known: OrderedDict[CommentId, None] = OrderedDict.fromkeys(
            record.event.comment for record in past[-KNOWN:] if isinstance(record.event, CommentHeard)
        )
        self._stage = Stage(epoch=billing.epoch, snapshot=self._snapshot, clock=self.clock)
        self._cast = assemble(
            self,
            billing,
            self._shelf,
            self._stage,
            log_=log_,
            make=make,
            model=model,
            spool=spool,
            keep_clip=keep_clip,
        )
        self._leaving = asyncio.Event()
        self._revision = 0
        self._changed = asyncio.Event()

    @property
    def plan(self) -> ShowPlan:
        """The show that is performed here."""
        return self.billing.plan

    @property
    def rehearsal(self) -> bool:
        """Whether nobody outside sees it."""
        return self.billing.rehearsal

    def tell(self, event: LiveEvent) -> None:
        """Put an event into the mailbox. Never waits."""
        if isinstance(event, CommentHeard):
            self._known[event.comment] = None
            while len(self._known) > KNOWN:
                self._known.popitem(last=False)
        self._mailbox.put(event)

    def knows(self, heard: CommentHeard) -> bool:
        """Whether this very event came before (among the last KNOWN)."""
        return heard.comment in self._known

    async def run(self) -> None:
        """Be the room until the show has ended. Raises Conflict when another speaker took the lease."""
        try:
            async with asyncio.TaskGroup() as group:
                name = self.billing.room
                tasks = [
                    group.create_task(self._cast.diary.run(), name=f"{name}:diary"),
                    group.create_task(self._cast.mouth.run(), name=f"{name}:mouth"),
                    group.create_task(self._cast.kitchen.run(), name=f"{name}:kitchen"),
                    group.create_task(self._tick(), name=f"{name}:tick"),
                    group.create_task(self._listen(), name=f"{name}:listen"),
                    group.create_task(self._warm(), name=f"{name}:warm"),
                ]
                await self._leaving.wait()
                for task in tasks:
                    task.cancel()
        finally:
            await self._cast.close()
            self._stage.close()
        await self._cast.diary.flush()

    async def _listen(self) -> None:
        self._begin()
        while True:
            self.step(await self._mailbox.take())
            await asyncio.sleep(0)  # a flooded mailbox must not keep the loop from the mouth and the sockets

    def _begin(self) -> None:
        for line in self._taken.open_lines:
            self._cast.diary.post(line)
        if self.show.phase == "idle":
            plan = self.billing.plan
            self.step(
                ShowStarted(
                    show=plan.id,
                    host=plan.host,
                    voice=plan.voice,
                    lang=plan.lang,
                    duty=self.billing.duty,
                    rehearsal=self.billing.rehearsal,
                )
            )
        for heard in self._taken.undecided:
            self.step(heard, logged=False)

    async def _tick(self) -> None:
        room = str(self.billing.room)
        while True:
            self._mailbox.put(Tick())
            LOOKAHEAD.labels(room).set(self._cast.kitchen.ready_seconds())
            VIEWERS.labels(room).set(self._stage.pages)
            await asyncio.sleep(TICK)

    async def _warm(self) -> None:
        """Let the model read a product's facts when it goes on air, so that answers begin sooner."""
        while True:
            await asyncio.sleep(TICK)
            if self.show.product is None or not self.show.voice_ok or self._cast.kitchen.ready_seconds() < WARM_AHEAD:
                continue
            facts = self._shelf.facts(self.show.product)
            if facts is not self._cast.wording.warmed:
                await self._cast.wording.warm(facts)

    def step(self, cue: Cue, *, logged: bool = True) -> None:
        """One cue: today's truth first, then the rules, then what they ask for. Nothing here waits."""
        if isinstance(cue, PriceChanged):
            self._shelf.price_changed(cue)
            self._cast.drafts.forget()
        elif isinstance(cue, StockChanged | FactsChanged):
            self._shelf.facts_changed(cue) if isinstance(cue, FactsChanged) else self._shelf.stock_changed(cue)
            self._cast.drafts.forget()
        self.show, intents = direct(self.show, cue, self.clock())
        if isinstance(cue, LiveEvent):
            self._note(cue, logged=logged)
        for intent in intents:
            self._carry_out(intent)
        self._cast.drafts.look(self.show)
        if not isinstance(cue, Tick) or intents:
            self._touch()

    def _note(self, event: LiveEvent, *, logged: bool) -> None:
        self._fold(event)
        if isinstance(event, CommentHeard):
            if event.crowd_kind == "gift":
                self._stage.publish(wire.Gift(name=event.name[:40], text=event.text[:100], simulated=event.simulated))
            if event.crowd_kind in QUIET_CROWD:
                return
        if logged:
            self._cast.diary.post(event)
        match event:
            case PriceChanged() | StockChanged() | FactsChanged() if event.product == self.show.product:
                self._put_card(event.product)
            case CrewPressed(button="kill" | "hold" | "resume"):
                if (state := _NOTICES.get(self.show.phase)) is not None:
                    self._stage.publish(wire.Notice(notice_kind=state, text=""))
            case CrewPressed(button="correct"):
                self._stage.publish(wire.Notice(notice_kind="correction", text=event.text))

    def _fold(self, event: LiveEvent) -> None:
        about = None
        if isinstance(event, CommentHeard) and event.crowd_kind == "comment":
            about = named_product(cleaned(event.text), self.show.titles, self.show.topic)
        self._board.take(event, about)

    def _carry_out(self, intent: Intent) -> None:
        match intent:
            case Say():
                self._cast.mouth.say(intent.act)
            case Cut():
                self._cast.mouth.stop(intent.act, intent.reason, at_border=intent.at_border)
            case Card():
                self._put_card(intent.product)
            case Plan():
                lines = (
                    self._programme.round(intent.round)
                    if intent.product is None
                    else self._programme.about(intent.product, intent.round)
                )
                self._mailbox.put(NewRound(round=intent.round, lines=lines, pin=intent.product is not None))
            case Decide():
                self._decided(intent.decided)
            case Replan():
                self.noted(intent.changed)
            case Finish():
                self._mailbox.put(ShowEnded(reason=intent.reason))
            case Leave():
                self._stage.publish(wire.Notice(notice_kind="ended", text=""))
                self._leaving.set()

    def _decided(self, decided: CommentDecided) -> None:
        COMMENTS.labels(decided.decision).inc()
        self._board.take(decided)
        self._cast.diary.post(decided)

    def noted(self, event: LiveEvent) -> None:
        """What the mouth did."""
        self._cast.diary.post(event)
        self.shown(event)

    def shown(self, event: LiveEvent) -> None:
        """What the mouth did, which the log has already."""
        self._board.take(event)
        self._touch()

    def _put_card(self, product: ProductId | None) -> None:
        self._stage.publish(wire.CardChanged(card=card_in(self._view(), product)))
        if product in self._shelf.products:
            self._cast.diary.post(card_event(self._shelf.products[product]))

    def starting(self, part: str) -> None:
        """A part is being started: that it does not answer yet is no failure."""
        self._health.starting(part)

    def part(self, part: str, ok: bool, detail: str) -> None:
        """A part of the studio went away or came back; told once a change."""
        if (turned := self._health.turned(part, ok, detail)) is not None:
            self._mailbox.put(turned)

    def press(self, press: wire.Press, by: str) -> None:
        """A button of the desk. Raises BadInput for what may not be said and for unknown products or comments."""
        if self._leaving.is_set():
            raise Conflict("room: wanted a show on air, found it ended")
        self.step(checked(press, by, self.show, self._shelf))

    def end(self, reason: str) -> None:
        """Take the show off air."""
        self.step(ShowEnded(reason=reason))

    def join(self, epoch: str, seq: int, kind: PageKind = "browser") -> Seat:
        """A page's place on the stage."""
        seat = self._stage.join(epoch, seq, kind)
        self._touch()
        return seat

    def leave(self, seat: Seat) -> None:
        """The page went."""
        self._stage.leave(seat)
        self._touch()

    def tap(self) -> Seat:
        """A place from which everything on the stage goes to other studios."""
        return self._stage.tap()

    def picture(self) -> wire.Snapshot:
        """The whole of what a page shows now, after the stage's last message."""
        return self._stage.picture()

    def far(self, studio: str, seats: Sequence[Seat]) -> None:
        """The pages that look at the room by way of another studio."""
        self._stage.far(studio, seats)
        self._touch()

    def heard(self, seat: Seat, heard: wire.Heard) -> None:
        """A page says how far it has played."""
        seat.seen = self.clock()
        self._cast.lips.page_heard(heard)

    def pinged(self, seat: Seat, ping: wire.Ping) -> wire.Clock:
        """A page asks for the time, and may say how far its own clock is off."""
        seat.seen = self.clock()
        if ping.offset_ms is not None:
            seat.offset_ms = ping.offset_ms
        return wire.Clock(echo=ping.t, server_ms=round(seat.seen * 1000, 1))

    def _snapshot(self, epoch: str, seq: int) -> wire.Snapshot:
        return snapshot_of(self._view(), epoch, seq, self._cast.lips.current())

    def _touch(self) -> None:
        self._revision += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self) -> None:
        """Return when something the desk shows has changed."""
        await self._changed.wait()

    def desk(self) -> wire.Desk:
        """Everything the desk shows, whole."""
        moment = Moment(
            revision=self._revision,
            now=self.clock(),
            speech=self._cast.lips.current(),
            ready=self._cast.larder.ready,
            lookahead=self._cast.kitchen.ready_seconds(),
            seats=self._stage.seats,
            health=self._health.states,
            forgotten=self._mailbox.forgotten,
            silent=self._cast.lips.silent,
        )
        return desk_of(self._view(), moment)

    def _view(self) -> View:
        return View(billing=self.billing, show=self.show, shelf=self._shelf, board=self._board)
