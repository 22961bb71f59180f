"""The parts that perform in one room, plugged into one another: voice, words, look-ahead, stage and diary."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.events import EventLog, LiveEvent
from app.live.composer import WarmModel, Wording
from app.live.diary import Diary
from app.live.drafts import Drafts
from app.live.kitchen import Kitchen
from app.live.larder import ClipMaker, Larder
from app.live.lips import Lips
from app.live.mouth import Mouth
from app.live.repertoire import Repertoire
from app.live.shelf import Shelf
from app.live.show import Cue, Show
from app.live.stage import Stage
from app.live.views import Billing
from avatar.clips import Clip


class House(Protocol):
    """The room, as its parts need it."""

    clock: Callable[[], float]

    @property
    def show(self) -> Show:
        """The show as it stands."""
        ...

    def step(self, cue: Cue) -> None:
        """Something happened that the director must hear of at once."""
        ...

    def noted(self, event: LiveEvent) -> None:
        """Write it down and show it."""
        ...

    def shown(self, event: LiveEvent) -> None:
        """It is written down; show it."""
        ...

    def part(self, part: str, ok: bool, detail: str) -> None:
        """A part went away or came back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """One room's performers."""

    diary: Diary
    larder: Larder
    wording: Wording
    drafts: Drafts
    lips: Lips
    mouth: Mouth
    kitchen: Kitchen

    async def close(self) -> None:
        """Stop every performer, and wait until they have stopped."""
        await self.mouth.close()
        await self.drafts.close()
        await self.larder.close()


def assemble(
    house: House,
    billing: Billing,
    shelf: Shelf,
    stage: Stage,
    *,
    log_: EventLog,
    make: ClipMaker,
    model: WarmModel | None,
    spool: Path,
    keep_clip: Callable[[Clip], str],
) -> Cast:
    """The cast of one run of a room. Must be called on the event loop."""
    plan = billing.plan
    diary = Diary(log_, billing.room, spool, on_state=lambda ok, why: house.part("database", ok, why))
    larder = Larder(make, on_away=lambda why: house.part("voice", False, why))
    repertoire = Repertoire(plan.lang)
    wording = Wording(
        model, lang=plan.lang, policies=plan.policies, on_state=lambda ok, why: house.part("model", ok, why)
    )
    drafts = Drafts(wording, shelf, larder, plan.lang)
    lips = Lips(
        epoch=billing.epoch,
        token=billing.token,
        lang=plan.lang,
        voice=plan.voice,
        shelf=shelf,
        larder=larder,
        stage=stage,
        diary=diary,
        repertoire=repertoire,
        note=house.noted,
        show=house.shown,
        clock=house.clock,
        keep_clip=keep_clip,
    )
    mouth = Mouth(
        lips,
        name=billing.room,
        shelf=shelf,
        larder=larder,
        stage=stage,
        repertoire=repertoire,
        compose=drafts.answer,
        tell=house.step,
        note=house.noted,
    )
    kitchen = Kitchen(
        lang=plan.lang,
        shelf=shelf,
        larder=larder,
        repertoire=repertoire,
        show=lambda: house.show,
        likely=lambda product: wording.likely(shelf.facts(product), shelf.known(product)),
    )
    return Cast(diary=diary, larder=larder, wording=wording, drafts=drafts, lips=lips, mouth=mouth, kitchen=kitchen)
