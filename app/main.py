"""The one place that knows every concrete thing: makes them, plugs them into one another, owns their tasks."""

import asyncio
import logging
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from app import assets, metrics
from app.access import founding_pages, people_pages
from app.access import pages as access_pages
from app.access.founding import Founding
from app.access.service import Access
from app.alone import Alone
from app.analytics.store import Analytics
from app.catalogue import facts_pages, intake_pages, picture_pages
from app.catalogue import pages as catalogue_pages
from app.catalogue.extraction import Extraction
from app.catalogue.imports import pages as import_pages
from app.catalogue.imports.job import ImportJob
from app.catalogue.imports.service import Imports
from app.catalogue.service import Catalogue
from app.crowd import webhook as comment_webhook
from app.database import Database
from app.engines import language_model, model_argv, voice_argv
from app.errors import BadInput, Unavailable
from app.film import pages as film_pages
from app.film.pushes import Pushes
from app.headers import SecurityHeaders
from app.live import desk, overlay
from app.live import pages as live_pages
from app.live.golive import GoingLive
from app.live.relay.cluster import Cluster
from app.live.relay.tail import Tail
from app.live.rooms import Rooms
from app.orders import file_pages as order_file_pages
from app.orders import pages as order_pages
from app.orders import webhooks as order_webhooks
from app.orders.outbox import Outbox
from app.orders.relay import relay
from app.orders.service import Orders
from app.orders.vault import vault_in
from app.privacy import pages as privacy_pages
from app.privacy.pseudonyms import pseudonyms_in
from app.privacy.service import Privacy
from app.privacy.sweep import sweep_for_ever
from app.sample.seed import seed_sample
from app.screens import catalogue as catalogue_screens
from app.screens import (
    connections,
    dashboard,
    door,
    golive,
    home,
    import_facts,
    live,
    people,
    phone,
    push,
    readings,
    report,
    script,
    show_facts,
    upload,
    welcome,
)
from app.screens import facts as facts_screen
from app.screens import orders as orders_screen
from app.screens import paste as paste_screen
from app.screens import privacy as privacy_screen
from app.screens import shows as shows_screens
from app.screens.errors import add_error_pages
from app.settings import Settings
from app.shows import audition_pages, readings_pages, script_pages
from app.shows import facts_pages as show_facts_pages
from app.shows import pages as show_pages
from app.shows.auditions import Auditions
from app.shows.service import Shows
from app.shows.writers import Writers
from app.studio import Studio, studio_of
from app.templates import WEB, Templates
from app.voices import clip_cache, studio_voice
from app.workers import Worker
from avatar.client import EmbeddedVoice
from avatar.phones_zh import load_dictionary

CHORES_AGAIN = 2.0  # seconds until a studio asks again whose turn the chores are, when the database was away
VOICE_FIRST = 20.0  # seconds the model waits for the voice to be ready
MODEL_NICENESS = 5  # the voice and the sockets go before the model when cores are scarce

_log = structlog.get_logger()


def create_app(settings: Settings) -> FastAPI:
    """The studio as an ASGI application. Its lifespan migrates, starts the child processes and takes up open rooms."""
    _configure_logs(settings)
    templates = Templates()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
        async with _open_studio(settings, templates) as (studio, workers):
            app.state.studio, app.state.workers = studio, workers
            yield

    app = FastAPI(title="Zhubo 主播", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(SecurityHeaders)
    add_error_pages(app, templates)
    for router in (
        access_pages.router,
        people_pages.router,
        founding_pages.router,
        import_pages.router,
        intake_pages.router,
        facts_pages.router,
        catalogue_pages.router,
        picture_pages.router,
        show_pages.router,
        script_pages.router,
        show_facts_pages.router,
        audition_pages.router,
        readings_pages.router,
        desk.router,
        live_pages.router,
        overlay.router,
        comment_webhook.router,
        order_webhooks.router,
        order_pages.router,
        order_file_pages.router,
        privacy_pages.router,
        assets.router,
        door.router,
        people.router,
        welcome.router,
        home.router,
        upload.router,
        import_facts.router,
        paste_screen.router,
        catalogue_screens.router,
        facts_screen.router,
        shows_screens.router,
        show_facts.router,
        script.router,
        dashboard.router,
        report.router,
        orders_screen.router,
        connections.router,
        live.router,
        privacy_screen.router,
        phone.router,
        readings.router,
        golive.router,
        film_pages.router,
        push.router,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
    app.add_api_route("/healthz", _healthz, include_in_schema=False)
    app.add_api_route("/readyz", _readyz, include_in_schema=False)
    app.add_api_route("/metrics", _metrics, include_in_schema=False)
    return app


@asynccontextmanager
async def _open_studio(settings: Settings, templates: Templates) -> AsyncGenerator[tuple[Studio, list[Worker]], None]:
    async with AsyncExitStack() as stack:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if settings.redis_url and settings.sqlalchemy_url.startswith("sqlite"):
            raise BadInput("redis_url", "a PostgreSQL beside it (ZHUBO_DATABASE_URL)", "SQLite: a file has one studio")
        database = Database(settings.sqlalchemy_url)
        stack.push_async_callback(database.close)
        alone = Alone(database)
        stack.push_async_callback(alone.release)
        await database.migrate()
        access, catalogue, shows, orders = (
            Access(database),
            Catalogue(database),
            Shows(database),
            Orders(database, vault_in(settings.data_dir)),
        )
        await orders.seal_all()
        if settings.demo:
            await seed_sample(access, catalogue, shows, orders)
        await Founding(access).prepare()
        # A Unix socket's path has a limit of about 100 bytes, so the sockets do not live in the data folder.
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhubo-")))
        model_at, voice_at = (sockets / f"{name}-{secrets.token_hex(4)}" for name in ("model", "voice"))
        speaker, clips = studio_voice(settings, EmbeddedVoice(voice_at)), clip_cache(settings, settings.clips_dir)
        writer = await stack.enter_async_context(language_model(settings, model_at))
        cluster = Cluster(database, Tail(settings.redis_url), Outbox(database).post) if settings.redis_url else None
        if cluster is not None:
            stack.push_async_callback(cluster.close)
        rooms = Rooms(settings, database, shows, speaker, writer, clips, cluster)
        stack.push_async_callback(rooms.close)
        pushes = Pushes()
        stack.push_async_callback(pushes.close)
        auditions = Auditions(speaker, clips)
        stack.push_async_callback(auditions.close)

        def told(name: str, state: str, detail: str) -> None:
            if state == "starting":
                metrics.WORKER_RESTARTS.labels(name).inc()
            rooms.part(name, state, detail)

        voice = Worker("voice", voice_argv(settings, voice_at), on_change=told)
        model = Worker("model", model_argv(settings, model_at), on_change=told, niceness=MODEL_NICENESS)
        extraction = Extraction(database, writer, busy=rooms.busy, ready=lambda: model.state == "ok")
        writers = Writers(shows, writer, extraction)
        stack.push_async_callback(writers.close)

        async def model_after_voice() -> None:
            # Reading the model takes both cores for some seconds; the first words must not wait for that.
            await voice.ready(VOICE_FIRST)
            await model.run()

        for worker, life in ((voice, voice.run()), (model, model_after_voice())):
            rooms.part(worker.name, "starting", "")
            _own(stack, asyncio.create_task(life, name=f"{worker.name}:worker"))
        await asyncio.to_thread(load_dictionary)
        if cluster is None:
            # A stand-by waits here, warm: everything below is done by one studio of a database only.
            await alone.take()
            _own(stack, asyncio.create_task(alone.guard(_end), name="studio:guard"))
            await rooms.recover()
        else:
            cluster.serve(rooms)
            await cluster.look()
            _own(stack, asyncio.create_task(cluster.run(), name="studio:cluster"))
        going_live = GoingLive(database, shows, rooms)
        privacy = Privacy(database, pseudonyms_in(settings.data_dir), settings.clips_dir)
        # After the rooms: news left over from before a crash must find them on air.
        mine = rooms.mine if cluster is not None else (lambda: None)
        _own(stack, asyncio.create_task(relay(orders, rooms.tell_here, mine), name="orders:relay"))
        chores = _Chores((extraction.run, lambda: sweep_for_ever(privacy)))
        turns = chores.run() if cluster is None else chores.in_turn(alone)
        _own(stack, asyncio.create_task(turns, name="studio:chores"))
        imports = Imports(database, settings.data_dir)
        import_job = ImportJob(database, imports, settings.data_dir, rooms.tell)
        _own(stack, asyncio.create_task(import_job.run(), name="catalogue:imports"))
        _own(stack, asyncio.create_task(going_live.keep_time(), name="golive:keep_time"))
        yield (
            Studio(
                settings=settings,
                database=database,
                access=access,
                catalogue=catalogue,
                imports=imports,
                extraction=extraction,
                shows=shows,
                writers=writers,
                auditions=auditions,
                orders=orders,
                analytics=Analytics(database),
                privacy=privacy,
                rooms=rooms,
                golive=going_live,
                templates=templates,
                pushes=pushes,
            ),
            [voice, model],
        )


class _Chores:
    """What one studio of a database does for all of them, for ever."""

    def __init__(self, works: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        self._works = works

    async def run(self) -> None:
        """Do them until cancelled."""
        async with asyncio.TaskGroup() as group:
            for work in self._works:
                group.create_task(work())

    async def in_turn(self, alone: Alone) -> None:
        """Do them while this is the studio whose turn it is; another one takes over when it is gone."""
        while True:
            try:
                await alone.take()
            except (SQLAlchemyError, OSError) as away:
                _log.warning("chores.wait", problem=type(away).__name__)
                await asyncio.sleep(CHORES_AGAIN)
                continue
            doing = asyncio.create_task(self.run(), name="studio:chores:turn")
            guarding = asyncio.create_task(alone.guard(lambda: None), name="studio:chores:guard")
            try:
                await asyncio.wait({doing, guarding}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (doing, guarding):
                    task.cancel()
                await asyncio.gather(doing, guarding, return_exceptions=True)


def _end() -> None:
    """Close this studio, as Ctrl-C would: another one has taken over."""
    os.kill(os.getpid(), signal.SIGTERM)


def _own(stack: AsyncExitStack, task: "asyncio.Task[None]") -> None:
    """Cancel the task when the studio closes, and wait until it has ended."""

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)


async def _healthz(request: Request) -> JSONResponse:
    """Alive; the state and process of each child, for whoever watches."""
    workers: list[Worker] = request.app.state.workers
    return JSONResponse(
        {"alive": True, "workers": {w.name: {"state": w.state, "pid": w.pid, "restarts": w.restarts} for w in workers}}
    )


async def _readyz(request: Request) -> JSONResponse:
    """Ready: the database answers, and the overlay's page carries the AI label."""
    async with studio_of(request).database.transaction() as db:
        await db.connection()
    if "AI生成 · 数字人主播" not in (WEB / "templates/overlay.html").read_text("utf-8"):
        raise Unavailable("overlay: wanted the AI label in its page, found none")
    return JSONResponse({"ready": True})


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _configure_logs(settings: Settings) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if settings.log_json
            else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
