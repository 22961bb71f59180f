"""A loop whose clock jumps to the next timer, a voice with exact times, a model, a log, and a small show."""

import asyncio
import hashlib
import selectors
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from app.catalogue.product import Product, Question
from app.events import CommentHeard, CommentId, CrowdKind, LiveEvent, ProductId, Recorded, RoomId, ShopId, ShowId
from app.live.views import Billing
from app.shows.plan import ShowPlan
from avatar.clips import Clip
from avatar.speech import Word
from scripts_gen.facts import ProductFacts, Spec
from scripts_gen.language import Prompt, Sampling, Shape
from scripts_gen.rundown import Script, Segment

_T = TypeVar("_T")


class _JumpingSelector(selectors.SelectSelector):
    """When nothing is ready and the loop would sleep, time jumps instead."""

    jump: Callable[[float], None]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self.jump(timeout)
        elif not ready and timeout is None:
            ready = super().select(0.05)
        return ready


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop in which ten minutes of timers pass in a moment; work for threads is done on the spot."""

    def __init__(self) -> None:
        selector = _JumpingSelector()
        selector.jump = self._jump
        self._now = 1_000.0
        super().__init__(selector)

    def _jump(self, seconds: float) -> None:
        self._now += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., _T], *args: Any) -> "asyncio.Future[_T]":  # type: ignore[override]
        """Do it now: a thread would take real time, which does not pass here."""
        future: asyncio.Future[_T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as problem:
            future.set_exception(problem)
        return future

    def time(self) -> float:
        """The jumping clock, seconds."""
        return self._now


def fast(work: Coroutine[Any, Any, _T]) -> _T:
    """Run the coroutine on a fast loop."""
    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(work)


class FakeVoice:
    """Makes clips in `pace` × their length, one at a time, urgent first; can be taken away and can hang."""

    def __init__(self, *, pace: float = 0.4, characters_a_second: float = 4.5) -> None:
        self.pace = pace
        self.rate = characters_a_second
        self.away = False
        self.hangs = False
        self.made: list[str] = []
        self.stopped: list[str] = []
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._busy = False
        self._turn = 0

    async def make(self, text: str, priority: int) -> Clip:
        """One clip; raises OSError while the voice is away."""
        if self.away:
            raise OSError("the voice is away")
        await self._enter(priority)
        try:
            seconds = max(0.4, len(text) / self.rate)
            while self.hangs:
                await asyncio.sleep(0.1)
            await asyncio.sleep(seconds * self.pace)
            if self.away:
                raise OSError("the voice went away")
            self.made.append(text)
            return clip_of(text, seconds)
        except asyncio.CancelledError:
            self.stopped.append(text)
            raise
        finally:
            self._leave()

    async def _enter(self, priority: int) -> None:
        if not self._busy:
            self._busy = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turn += 1
        entry = (priority, self._turn, turn)
        self._waiting.append(entry)
        try:
            await turn
        except asyncio.CancelledError:
            if entry in self._waiting:
                self._waiting.remove(entry)
            else:
                self._leave()
            raise

    def _leave(self) -> None:
        self._waiting = [entry for entry in self._waiting if not entry[2].done()]
        if not self._waiting:
            self._busy = False
            return
        best = min(self._waiting, key=lambda entry: entry[:2])
        self._waiting.remove(best)
        best[2].set_result(None)


def clip_of(text: str, seconds: float) -> Clip:
    """A clip with one word a character and evenly spread times."""
    step = seconds / max(1, len(text))
    words = tuple(
        Word(text=char, first=index, last=index + 1, start=index * step, end=(index + 1) * step)
        for index, char in enumerate(text)
    )
    opus = text.encode()
    return Clip(
        text=text,
        spoken=text,
        seconds=seconds,
        pcm=b"",
        opus=opus,
        phones=(),
        visemes=(("aa", 0.0, seconds, 1.0),),
        words=words,
        sha256=hashlib.sha256(opus).hexdigest(),
        voice="fake",
    )


class FakeModel:
    """Says one sentence after a delay, or is away."""

    def __init__(self, text: str = "这款挺适合日常用的。", *, delay: float = 0.3) -> None:
        self.text, self.delay = text, delay
        self.away = False
        self.warmed: list[Prompt] = []
        self.asked: list[Prompt] = []
        self.closed = 0

    async def stream(self, prompt: Prompt, sampling: Sampling, shape: Shape | None = None) -> AsyncGenerator[str, None]:
        """The sentence in two pieces."""
        self.asked.append(prompt)
        if self.away:
            raise OSError("the model is away")
        try:
            await asyncio.sleep(self.delay)
            half = len(self.text) // 2
            yield self.text[:half]
            yield self.text[half:]
        finally:
            self.closed += 1

    async def warm(self, prompt: Prompt) -> None:
        """Remember what was read."""
        if self.away:
            raise OSError("the model is away")
        self.warmed.append(prompt)


class FakeLog:
    """An EventLog in memory; `away` makes it refuse."""

    def __init__(self, epoch: str = "e1", clock: Callable[[], float] | None = None) -> None:
        self.records: list[Recorded] = []
        self.away = False
        self.epoch = epoch
        self.clock = clock

    async def append(self, room: RoomId, event: LiveEvent) -> Recorded:
        """Keep the event."""
        await asyncio.sleep(0)
        if self.away:
            raise OSError("the log is away")
        at = self.clock() if self.clock else asyncio.get_running_loop().time()
        record = Recorded(room=room, seq=len(self.records) + 1, epoch=self.epoch, at=at, event=event, prev="", hash="")
        self.records.append(record)
        return record

    async def read(self, room: RoomId, *, after: int = 0) -> AsyncGenerator[Recorded, None]:
        """The events after `after`."""
        if self.away:
            raise OSError("the log is away")
        for record in self.records[after:]:
            yield record

    def events(self, kind: type[_T]) -> list[_T]:
        """All events of a kind, in order."""
        return [record.event for record in self.records if isinstance(record.event, kind)]


TEA = ProductId("tea")
MUG = ProductId("mug")
SHOP = ShopId("shop")
ROOM = RoomId("room")


def product(name: ProductId, title: str, price: str, *, stock: int = 50) -> Product:
    """A product with a price, a spec, a service and a frequent question."""
    facts = ProductFacts(
        title=title,
        brand="山里人家",
        category="食品",
        price=Decimal(price),
        list_price=Decimal(price) + 20,
        specs=(Spec(name="净含量", value="250g"), Spec(name="产地", value="云南")),
        selling_points=("手工采摘",),
        service=("包邮", "七天无理由退货"),
        promotions=(f"直播间到手{price}元",),
    )
    return Product(
        id=name,
        shop=SHOP,
        sku=str(name),
        lang="zh",
        facts=facts,
        price=facts.price,
        list_price=facts.list_price,
        list_price_basis="platform_price",
        currency="CNY",
        stock=stock,
        picture=None,
        confirmed=True,
        faq=(Question(question="怎么泡", answer="热水冲泡，静置片刻就能喝。", facts=()),),
    )


def plan() -> ShowPlan:
    """A show of two products with short scripts; the offer speaks the price."""
    products = (product(TEA, "云雾绿茶", "59"), product(MUG, "白瓷杯", "38"))
    return ShowPlan(
        id=ShowId("sample"),
        shop=SHOP,
        title="下午茶",
        lang="zh",
        host="lan",
        voice="zf_xiaoxiao",
        persona="亲切",
        duty="王姐",
        products=products,
        scripts={item.id: _script(item) for item in products},
        policies=(("shipping_time", "现货当天发出。"),),
    )


def _script(item: Product) -> Script:
    texts = {
        "opening": f"来看这一款，{item.title}。喜欢的朋友可以留意一下。",
        "selling_points": "它是手工采摘的，叶片完整。闻起来很清爽，适合下午慢慢喝。",
        "offer": f"现在到手{item.price}元，点卡片就能看到。",
        "objection": "担心不合适的话，七天无理由退货。",
        "transition": "有想问的，打在评论里。",
    }
    return Script(
        product=item.id,
        lang="zh",
        persona="亲切",
        segments=tuple(Segment(kind=kind, text=text) for kind, text in texts.items()),
    )


def billing(show: ShowPlan | None = None, *, epoch: str = "e1", token: int = 1) -> Billing:
    """A rehearsal of the small show."""
    return Billing(room=ROOM, plan=show or plan(), epoch=epoch, token=token, rehearsal=True, duty="王姐")


def comment(
    text: str, at: float, *, number: int | str = 1, viewer: str = "v1", name: str = "小雨", kind: CrowdKind = "comment"
) -> CommentHeard:
    """A viewer's comment received at `at`."""
    return CommentHeard(
        comment=CommentId(f"c{number}"),
        source="test",
        source_event_id=str(number),
        crowd_kind=kind,
        viewer=viewer,
        name=name,
        text=text,
        simulated=True,
        received_at=at,
    )


def kinds(events: Sequence[object]) -> list[str]:
    """The names of the events' classes, for reading a story at a glance."""
    return [type(event).__name__ for event in events]
