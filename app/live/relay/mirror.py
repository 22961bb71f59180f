"""A room of this studio as the others see it: its messages, clips, desk and snapshot go out, their asks come in.

The room never waits for it. While Redis is away what it had to say is lost, which the others notice by the numbers.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import structlog

from app.errors import ZhuboError
from app.events import CommentHeard, from_json
from app.live import wire
from app.live.relay.asks import ANSWER_WITHIN, refused, reply
from app.live.relay.port import Reached
from app.live.relay.tail import Keys, Lost, Tail, age_seconds, clip_key
from app.live.room import LiveRoom
from app.live.stage import Frame, Seat

REFRESH = 1.0  # seconds; the state is told anew also when nothing happens, so that a flush is healed
DESK_EVERY = 0.3  # seconds between two pictures of the desk
PAUSE = 0.5  # seconds between tries while Redis is away
TAIL_MESSAGES = 1_200  # a little more than a page may miss
STATE_LIFE, STREAM_LIFE, CLIP_LIFE = 15, 600, 900  # seconds in Redis
QUIETING = frozenset({"kill", "hold", "cut"})
"""Done also when they come late: a host who falls silent after the presser was told to try again harms nobody."""

_log = structlog.get_logger()


class Mirror:
    """One room's way out. `reached` is the room as pages here have it; `overtaken` is called once it is not ours."""

    def __init__(self, tail: Tail, keys: Keys, live: LiveRoom, reached: Reached, overtaken: Callable[[], None]) -> None:
        self._tail, self._keys, self._live, self._reached = tail, keys, live, reached
        self._overtaken = overtaken
        self._told_desk = 0.0
        self._lost = False
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell(), name=f"{self._keys.room}:mirror")
            group.create_task(self._hear(), name=f"{self._keys.room}:asks")

    async def _tell(self) -> None:
        tap = self._live.tap()
        try:
            while True:
                if tap.gone:
                    tap = self._live.tap()
                await self._something(tap)
                try:
                    await self._send([frame for _ in range(tap.waiting) if (frame := await tap.take()) is not None])
                except Lost as away:
                    await self._waits(away)
                else:
                    self._lost = False
        finally:
            tap.leave()

    async def _something(self, tap: Seat) -> None:
        """Return when there is something to tell, or when it is time to say that nothing happened."""
        now = asyncio.get_running_loop().time()
        early = DESK_EVERY - (now - self._told_desk)
        waiting = {asyncio.ensure_future(tap.ready())}
        if early <= 0:
            waiting.add(asyncio.ensure_future(self._live.changed()))
        try:
            await asyncio.wait(waiting, timeout=early if early > 0 else REFRESH, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _send(self, frames: list[Frame]) -> None:
        token = self._live.billing.token
        commands: list[tuple[str | bytes | int, ...]] = [("GET", self._keys.holder)]
        for frame, following in zip(frames, [*frames, ""][1:], strict=True):
            if isinstance(frame, bytes):
                continue
            fields: tuple[str | bytes | int, ...] = ("token", token, "m", frame)
            if isinstance(following, bytes):
                sha256 = sha256_of(json.loads(frame)["speech"]["clip"])
                commands.append(("SET", clip_key(sha256), following, "EX", CLIP_LIFE))
                fields += ("clip", sha256)
            commands.append(("XADD", self._keys.air, "MAXLEN", "~", TAIL_MESSAGES, "*", *fields))
        commands.append(("SET", self._keys.state, self._state(), "EX", STATE_LIFE))
        now = asyncio.get_running_loop().time()
        if now - self._told_desk >= DESK_EVERY:
            desk = ("token", token, "desk", self._reached.desk())
            commands.append(("XADD", self._keys.desk, "MAXLEN", 1, "*", *desk))
            commands += [("EXPIRE", self._keys.air, STREAM_LIFE), ("EXPIRE", self._keys.desk, STREAM_LIFE)]
            self._told_desk = now
        answers = await self._tail.together(commands)
        holder = int(answers[0] or 0)
        if holder > token:
            _log.error("room.overtaken", room=self._keys.room, token=token, found=holder)
            self._overtaken()
        elif holder < token:
            await self._tail.say("SET", self._keys.holder, token, "EX", STREAM_LIFE)

    def _state(self) -> str:
        picture, billing = self._live.picture(), self._live.billing
        return json.dumps(
            {
                "token": billing.token,
                "epoch": picture.epoch,
                "seq": picture.seq,
                "snapshot": picture.model_dump_json(),
                "about": asdict(self._reached.about),
            },
            ensure_ascii=False,
        )

    async def _hear(self) -> None:
        after: bytes | None = None
        while True:
            try:
                if after is None:
                    after = str(await self._tail.clock_ms() - round(ANSWER_WITHIN * 1000)).encode() + b"-0"
                for id_, fields in (await self._tail.news({self._keys.asks: after})).get(self._keys.asks, []):
                    after = id_
                    age = age_seconds(id_, await self._tail.clock_ms())
                    await self._answer(json.loads(fields[b"ask"]), late=age > ANSWER_WITHIN)
            except Lost as away:
                await self._waits(away)

    async def _answer(self, asked: dict[str, Any], *, late: bool) -> None:
        try:
            answer = await self._do(asked, late)
        except ZhuboError as problem:
            answer = refused(problem)
        if asked["name"]:
            await reply(self._tail, asked["name"], answer)

    async def _do(self, asked: dict[str, Any], late: bool) -> dict[str, Any]:
        match asked["kind"]:
            case "press":
                press = wire.Press.model_validate(asked["press"])
                if not late or press.button in QUIETING:
                    await self._reached.press(press, asked["by"])
            case "hear":
                heard = from_json("comment_heard", asked["heard"])
                if isinstance(heard, CommentHeard):
                    return {"known": await self._reached.hear(heard)}
            case "end" if not late:
                # Its log takes a while; the answer says that it has begun, and the database when it is over.
                task = asyncio.create_task(self._reached.end(asked["reason"]), name=f"{self._keys.room}:end")
                self._ending.add(task)
                task.add_done_callback(self._ending.discard)
            case "heard":
                self._live.heard(Seat(), wire.Heard.model_validate(asked["heard"]))
            case "pages":
                pages = [wire.DeskPage.model_validate(page) for page in asked["pages"]]
                self._live.far(asked["studio"], [_seat(page) for page in pages])
        return {}

    async def _waits(self, away: BaseException) -> None:
        if not self._lost:
            self._lost = True
            _log.warning("relay.away", room=self._keys.room, problem=type(away).__name__)
        await asyncio.sleep(PAUSE)


def _seat(page: wire.DeskPage) -> Seat:
    seat = Seat(number=page.page, kind=page.kind, since=page.since_ms / 1000)
    seat.seen, seat.offset_ms = page.seen_ms / 1000, page.offset_ms
    return seat


def sha256_of(url: str) -> str:
    """The hash in a clip's address."""
    return url.rpartition("/")[2].partition(".")[0]
