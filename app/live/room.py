"""A live room: an actor with one mailbox and one loop, the only writer of its log.

Anyone may `tell` it something; nobody reaches in. The loop takes one cue at a time, asks the director, and carries out
the intents without waiting: speaking, making clips and writing the log are tasks of the room's own group.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

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
    Part,
    PartFailed,
    PartRecovered,
    PriceChanged,
    ProductId,
    Recorded,
    ShowEnded,
    ShowStarted,
    StockChanged,
)
from app.live import wire
from app.live.board import Board
from app.live.clock import steady_clock
from app.live.composer import WarmModel, Wording
from app.live.diary import Diary
from app.live.director import direct
from app.live.drafts import Drafts
from app.live.kitchen import Kitchen
from app.live.larder import ClipMaker, Larder
from app.live.lips import Lips
from app.live.mailbox import Mailbox
from app.live.mouth import Mouth
from app.live.presses import checked
from app.live.programme import Programme
from app.live.recovery import take_up
from app.live.repertoire import Repertoire
from app.live.shelf import Shelf
from app.live.show import Card, Cue, Cut, Decide, Intent, Leave, NewRound, Plan, Say, Show, Tick
from app.live.stage import Seat, Stage
from app.live.views import Billing, View, card_event, card_in, desk_of, snapshot_of
from app.metrics import COMMENTS, LOOKAHEAD, VIEWERS
from app.shows.plan import ShowPlan
from avatar.clips import Clip

log = structlog.get_logger()

TICK = 0.25  # seconds
KNOWN = 5_000  # comments by which repeated deliveries are recognised
WARM_AHEAD = 8.0  # seconds of ready audio before the model may take the cores to read a product's facts
QUIET_CROWD = frozenset({"like", "enter", "leave"})
"""Counted, not logged: they come by the thousand and decide nothing."""


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
        self._show: Show = taken.show
        self._taken = taken
        self._board = Board(rehearsal=billing.rehearsal)
        for record in past:
            self._board.take(record.event)
        self._mailbox = Mailbox()
        self._known: OrderedDict[CommentId, None] = OrderedDict.fromkeys(
            record.event.comment for record in past[-KNOWN:] if isinstance(record.event, CommentHeard)
        )
        self._stage = Stage(epoch=billing.epoch, snapshot=self._snapshot, clock=self.clock)
        self._diary = Diary(log_, billing.room, spool, on_state=self._database_is)
        self._larder = Larder(make, on_away=lambda why: self.part("voice", False, why))
        self._repertoire = Repertoire(plan.lang)
        self._wording = Wording(
            model, lang=plan.lang, policies=plan.policies, on_state=lambda ok, why: self.part("model", ok, why)
        )
        self._drafts = Drafts(self._wording, self._shelf, self._larder, plan.lang)
        self._lips = Lips(
            epoch=billing.epoch,
            token=billing.token,
            lang=plan.lang,
            voice=plan.voice,
            shelf=self._shelf,
            larder=self._larder,
            stage=self._stage,
            diary=self._diary,
            repertoire=self._repertoire,
            note=self._noted,
            show=self._shown,
            clock=self.clock,
            keep_clip=keep_clip,
        )
        self._mouth = Mouth(
            self._lips,
            name=billing.room,
            shelf=self._shelf,
            larder=self._larder,
            stage=self._stage,
            repertoire=self._repertoire,
            compose=self._drafts.answer,
            tell=self._step,
            note=self._noted,
        )
        self._kitchen = Kitchen(
            lang=plan.lang,
            shelf=self._shelf,
            larder=self._larder,
            repertoire=self._repertoire,
            show=lambda: self._show,
            likely=lambda product: self._wording.likely(self._shelf.facts(product), self._shelf.known(product)),
        )
        self._leaving = asyncio.Event()
        self._starting: set[str] = set()
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
                    group.create_task(self._diary.run(), name=f"{name}:diary"),
                    group.create_task(self._mouth.run(), name=f"{name}:mouth"),
                    group.create_task(self._kitchen.run(), name=f"{name}:kitchen"),
                    group.create_task(self._tick(), name=f"{name}:tick"),
                    group.create_task(self._listen(), name=f"{name}:listen"),
                    group.create_task(self._warm(), name=f"{name}:warm"),
                ]
                await self._leaving.wait()
                for task in tasks:
                    task.cancel()
        finally:
            await self._mouth.close()
            await self._drafts.close()
            await self._larder.close()
            self._stage.close()
        await self._diary.flush()

    async def _listen(self) -> None:
        self._begin()
        while True:
            self._step(await self._mailbox.take())
            await asyncio.sleep(0)  # a flooded mailbox must not keep the loop from the mouth and the sockets

    def _begin(self) -> None:
        for line in self._taken.open_lines:
            self._diary.post(line)
        if self._show.phase == "idle":
            plan = self.billing.plan
            self._step(
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
            self._step(heard, logged=False)

    async def _tick(self) -> None:
        room = str(self.billing.room)
        while True:
            self._mailbox.put(Tick())
            LOOKAHEAD.labels(room).set(self._kitchen.ready_seconds())
            VIEWERS.labels(room).set(self._stage.pages)
            await asyncio.sleep(TICK)

    async def _warm(self) -> None:
        """Let the model read a product's facts when it goes on air, so that answers begin sooner."""
        while True:
            await asyncio.sleep(TICK)
            if self._show.product is None or not self._show.voice_ok or self._kitchen.ready_seconds() < WARM_AHEAD:
                continue
            facts = self._shelf.facts(self._show.product)
            if facts is not self._wording.warmed:
                await self._wording.warm(facts)

    def _step(self, cue: Cue, *, logged: bool = True) -> None:
        """One cue: today's truth first, then the rules, then what they ask for. Nothing here waits."""
        if isinstance(cue, PriceChanged):
            self._shelf.price_changed(cue)
            self._drafts.forget()
        elif isinstance(cue, StockChanged | FactsChanged):
            self._shelf.facts_changed(cue) if isinstance(cue, FactsChanged) else self._shelf.stock_changed(cue)
            self._drafts.forget()
        self._show, intents = direct(self._show, cue, self.clock())
        if isinstance(cue, LiveEvent):
            self._note(cue, logged=logged)
        for intent in intents:
            self._carry_out(intent)
        self._drafts.look(self._show)
        if not isinstance(cue, Tick) or intents:
            self._touch()

    def _note(self, event: LiveEvent, *, logged: bool) -> None:
        self._board.take(event)
        if isinstance(event, CommentHeard):
            if event.crowd_kind == "gift":
                self._stage.publish(wire.Gift(name=event.name[:40], text=event.text[:100], simulated=event.simulated))
            if event.crowd_kind in QUIET_CROWD:
                return
        if logged:
            self._diary.post(event)
        match event:
            case PriceChanged() | StockChanged() | FactsChanged() if event.product == self._show.product:
                self._put_card(event.product)
            case CrewPressed(button="kill"):
                self._stage.publish(wire.Notice(notice_kind="silenced", text=""))
            case CrewPressed(button="resume"):
                self._stage.publish(wire.Notice(notice_kind="on_air", text=""))

    def _carry_out(self, intent: Intent) -> None:
        match intent:
            case Say():
                self._mouth.say(intent.act)
            case Cut():
                self._mouth.stop(intent.act, intent.reason, at_border=intent.at_border)
            case Card():
                self._put_card(intent.product)
            case Plan():
                lines = (
                    self._programme.round(intent.round)
                    if intent.product is None
                    else self._programme.about(intent.product)
                )
                self._mailbox.put(NewRound(round=intent.round, lines=lines, pin=intent.product is not None))
            case Decide():
                self._decided(intent.decided)
            case Leave():
                self._stage.publish(wire.Notice(notice_kind="ended", text=""))
                self._leaving.set()

    def _decided(self, decided: CommentDecided) -> None:
        COMMENTS.labels(decided.decision).inc()
        self._board.take(decided)
        self._diary.post(decided)

    def _noted(self, event: LiveEvent) -> None:
        """What the mouth did."""
        self._diary.post(event)
        self._shown(event)

    def _shown(self, event: LiveEvent) -> None:
        self._board.take(event)
        self._touch()

    def _put_card(self, product: ProductId | None) -> None:
        self._stage.publish(wire.CardChanged(card=card_in(self._view(), product)))
        if product in self._shelf.products:
            self._diary.post(card_event(self._shelf.products[product]))

    def _database_is(self, ok: bool, detail: str) -> None:
        self.part("database", ok, detail)

    def starting(self, part: str) -> None:
        """A part is being started: that it does not answer yet is no failure."""
        self._starting.add(part)

    def part(self, part: str, ok: bool, detail: str) -> None:
        """A part of the studio went away or came back; told once a change."""
        if ok:
            self._starting.discard(part)
        if part not in self._board.health or (self._board.health[part] == "ok") == ok or part in self._starting:
            return
        self._board.health[part] = "ok" if ok else "down"
        name: Part = "model" if part == "model" else "voice" if part == "voice" else "database"
        self._mailbox.put(PartRecovered(part=name) if ok else PartFailed(part=name, detail=detail[:200]))

    def press(self, press: wire.Press, by: str) -> None:
        """A button of the desk. Raises BadInput for what may not be said and for unknown products or comments."""
        if self._leaving.is_set():
            raise Conflict("room: wanted a show on air, found it ended")
        self._step(checked(press, by, self._show, self._shelf))

    def end(self, reason: str) -> None:
        """Take the show off air."""
        self._step(ShowEnded(reason=reason))

    def join(self, epoch: str, seq: int) -> Seat:
        """A page's place on the stage."""
        return self._stage.join(epoch, seq)

    def leave(self, seat: Seat) -> None:
        """The page went."""
        self._stage.leave(seat)

    def heard(self, heard: wire.Heard) -> None:
        """A page says how far it has played."""
        self._lips.page_heard(heard)

    def _snapshot(self, epoch: str, seq: int) -> wire.Snapshot:
        return snapshot_of(self._view(), epoch, seq, self._lips.current())

    def _touch(self) -> None:
        self._revision += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self) -> None:
        """Return when something the desk shows has changed."""
        await self._changed.wait()

    def desk(self) -> wire.Desk:
        """Everything the desk shows, whole."""
        return desk_of(
            self._view(),
            revision=self._revision,
            server_ms=round(self.clock() * 1000),
            speech=self._lips.current(),
            ready=self._larder.ready,
            lookahead=self._kitchen.ready_seconds(),
            viewers=self._stage.pages,
            forgotten=self._mailbox.forgotten,
        )

    def _view(self) -> View:
        return View(billing=self.billing, show=self._show, shelf=self._shelf, board=self._board)
