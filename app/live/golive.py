"""Going live: what is confirmed, whether everything is ready, starting now, and starting later by itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.audit import note
from app.access.service import Member
from app.database import Database
from app.errors import BadInput, Conflict, Forbidden, ZhuboError
from app.events import RoomId, ShopId, ShowId
from app.live import preparing
from app.live.checklist import Checklist, Readiness, checklist
from app.live.policy import Policy, Restricted, policies, restricted_in
from app.live.preparing import PreparationRow, ScheduledRow, StartState
from app.live.rooms import Rooms
from app.live.schedule import LATE, moment_of
from app.shows.plan import ShowPlan
from app.shows.service import Shows

log = structlog.get_logger()

LOOK_EVERY = 2.0  # seconds between looks at the clock on the wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What is chosen and confirmed for a real show; empty where nothing is."""

    platform: str = ""
    duty: str = ""
    label_by: str = ""
    label_at: datetime | None = None
    rules_by: str = ""
    rules_at: datetime | None = None
    restricted_by: str = ""
    restricted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A start that was set for later and what became of it."""

    show: ShowId
    starts_at: datetime
    zone: str
    set_by: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything the going-live page tells of a show."""

    plan: ShowPlan
    preparation: Preparation
    policy: Policy | None
    restricted: tuple[Restricted, ...]
    checklist: Checklist
    scheduled: Scheduled | None


class GoingLive:
    """Real shows of every shop. Raises NotFound for another shop's show."""

    def __init__(
        self,
        database: Database,
        shows: Shows,
        rooms: Rooms,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._shows, self._rooms, self.now = database, shows, rooms, now

    async def prepared(self, shop: ShopId, show: ShowId) -> Prepared:
        """The show with its checklist as it stands now."""
        plan = await self._shows.plan(shop, show)
        async with self._database.transaction() as db:
            row = await preparing.preparation_row(db, shop, show)
            start = await preparing.scheduled_row(db, shop, show)
        preparation = Preparation() if row is None else _preparation(row)
        policy = policies().get(preparation.platform)
        restricted = restricted_in(plan.products)
        seen = Readiness(
            plan=plan,
            health=self._rooms.health,
            duty=preparation.duty,
            label_by=preparation.label_by,
            policy=policy,
            rules_by=preparation.rules_by,
            restricted=restricted,
            restricted_by=preparation.restricted_by,
            today=self.now().date(),
        )
        return Prepared(
            plan=plan,
            preparation=preparation,
            policy=policy,
            restricted=restricted,
            checklist=checklist(seen),
            scheduled=None if start is None else _scheduled(start),
        )

    async def prepare(self, who: Member, show: ShowId, *, platform: str, duty: str, label: bool) -> None:
        """Choose the platform, name the duty person, confirm the label. Another platform's rules are to be read anew.

        Raises BadInput for a platform that is not in the data file or a name longer than 120 characters.
        """
        if platform not in policies():
            raise BadInput("platform", "one of the list", platform)
        if len(duty.strip()) > 120:
            raise BadInput("duty", "a name of at most 120 characters", duty)
        await self._shows.plan(who.shop, show)
        async with self._database.transaction() as db:
            row = await self._row(db, who.shop, show)
            if row.platform != platform:
                row.platform, row.rules_by, row.rules_at = platform, "", None
            row.duty = duty.strip()
            if label != bool(row.label_by):
                row.label_by, row.label_at = (who.name, self.now()) if label else ("", None)
            note(db, who.shop, who.name, "show_planned", object=show, detail={"platform": platform, "label": label})

    async def read_rules(self, who: Member, show: ShowId) -> None:
        """Somebody has read the platform's current rules and keeps them. Raises Conflict without a platform."""
        await self._shows.plan(who.shop, show)
        async with self._database.transaction() as db:
            row = await self._row(db, who.shop, show)
            if not row.platform:
                raise Conflict("platform: wanted one chosen, found none")
            row.rules_by, row.rules_at = who.name, self.now()
            note(db, who.shop, who.name, "show_planned", object=show, detail={"rules_read": row.platform})

    async def allow_restricted(self, who: Member, show: ShowId, allow: bool) -> None:
        """The owner answers for goods that are off by default. Raises Forbidden for anybody else."""
        if who.role != "owner":
            raise Forbidden(f"role: wanted owner, found {who.role}")
        await self._shows.plan(who.shop, show)
        async with self._database.transaction() as db:
            row = await self._row(db, who.shop, show)
            row.restricted_by, row.restricted_at = (who.name, self.now()) if allow else ("", None)
            note(db, who.shop, who.name, "show_planned", object=show, detail={"restricted": allow})

    async def start(self, shop: ShopId, show: ShowId, by: str) -> RoomId:
        """Put the show on air for everybody. Raises Conflict that names what is missing, and then nothing begins."""
        prepared = await self.prepared(shop, show)
        if not prepared.checklist.ready:
            missing = ", ".join(item.code for item in prepared.checklist.missing)
            raise Conflict(f"checklist: wanted everything ready, found missing: {missing}")
        room = await self._rooms.start(shop, show, rehearsal=False, duty=prepared.preparation.duty)
        async with self._database.transaction() as db:
            note(
                db, shop, by, "went_live", object=show, detail={"room": room, "platform": prepared.preparation.platform}
            )
        return room

    async def schedule(self, who: Member, show: ShowId, local: str, zone: str) -> datetime:
        """Let the show start by itself at that wall-clock time. Raises BadInput (see `moment_of`)."""
        starts_at = moment_of(local, zone, self.now())
        await self._shows.plan(who.shop, show)
        async with self._database.transaction() as db:
            row = await preparing.scheduled_row(db, who.shop, show)
            if row is None:
                row = ScheduledRow(shop=who.shop, show=show)
                db.add(row)
            row.starts_at, row.zone, row.set_by = starts_at, zone, who.name
            row.state, row.reason = "waiting", ""
            note(db, who.shop, who.name, "show_planned", object=show, detail={"starts": f"{local} {zone}"})
        return starts_at

    async def cancel(self, who: Member, show: ShowId) -> None:
        """Call a start off that has not begun. Raises Conflict when there is none."""
        async with self._database.transaction() as db:
            row = await preparing.scheduled_row(db, who.shop, show)
            if row is None or row.state != "waiting":
                raise Conflict("start: wanted one that is set, found none")
            row.state = "cancelled"
            note(db, who.shop, who.name, "show_planned", object=show, detail={"starts": "cancelled"})

    async def scheduled(self, shop: ShopId) -> list[Scheduled]:
        """The shop's starts that are still to come, the next one first."""
        async with self._database.transaction() as db:
            return [_scheduled(row) for row in await preparing.scheduled_in(db, shop)]

    async def keep_time(self) -> None:
        """Start what is due until cancelled; the wall clock is read anew each time, so that it may be set meanwhile."""
        while True:
            try:
                await self.start_due()
            except (OSError, SQLAlchemyError) as away:
                log.warning("schedule.later", problem=str(away)[:200])
            await asyncio.sleep(LOOK_EVERY)

    async def start_due(self) -> None:
        """Start every show whose time has come, or write down why not. Each start is taken by one process only."""
        now = self.now()
        async with self._database.transaction() as db:
            await preparing.give_up_starts(db, now - LATE)
            due = await preparing.due_starts(db, now)
        for shop, show in due:
            if await self._is_getting_ready(shop, show):
                continue
            async with self._database.transaction() as db:
                claimed = await preparing.claim_start(db, shop, show, now)
            if not claimed:
                continue
            state, reason = await self._start_one(shop, show)
            log.info("schedule.settled", show=show, state=state, reason=reason)
            async with self._database.transaction() as db:
                await preparing.settle_start(db, shop, show, state, reason)

    async def _is_getting_ready(self, shop: ShopId, show: ShowId) -> bool:
        """Whether nothing is missing but a voice that is still starting: that is worth waiting for."""
        missing = (await self.prepared(shop, show)).checklist.missing
        return bool(missing) and all(item.code == "voice_starting" for item in missing)

    async def _start_one(self, shop: ShopId, show: ShowId) -> tuple[StartState, str]:
        try:
            missing = (await self.prepared(shop, show)).checklist.missing
            if missing:
                return "refused", " ".join(item.topic for item in missing)
            await self.start(shop, show, "studio")
        except ZhuboError as problem:
            return "refused", str(problem)
        return "started", ""

    async def _row(self, db: AsyncSession, shop: ShopId, show: ShowId) -> PreparationRow:
        row = await preparing.preparation_row(db, shop, show)
        if row is None:
            row = PreparationRow(shop=shop, show=show, platform="", duty="", label_by="", rules_by="", restricted_by="")
            db.add(row)
        return row


def _preparation(row: PreparationRow) -> Preparation:
    return Preparation(
        platform=row.platform,
        duty=row.duty,
        label_by=row.label_by,
        label_at=row.label_at,
        rules_by=row.rules_by,
        rules_at=row.rules_at,
        restricted_by=row.restricted_by,
        restricted_at=row.restricted_at,
    )


def _scheduled(row: ScheduledRow) -> Scheduled:
    return Scheduled(
        show=ShowId(row.show),
        starts_at=row.starts_at,
        zone=row.zone,
        set_by=row.set_by,
        state=row.state,
        reason=row.reason,
    )
