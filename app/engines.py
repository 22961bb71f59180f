"""The embedded model for a command's lifetime: its process started, waited for, and gone at the end."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from app import supply
from app.errors import BadInput, Unavailable
from app.settings import Settings
from app.workers import Worker
from model.client import EmbeddedModel
from model.openai_client import OpenAIModel
from model.stand_in import StandIn

log = structlog.get_logger()

TRAINED = Path(__file__).parents[1] / "model" / "weights" / "moe-0.5b.safetensors"  # what training added
PATIENCE = 120.0  # seconds a cold model may take on a slow disk


@asynccontextmanager
async def engines(settings: Settings, *, model: bool = True) -> AsyncGenerator[EmbeddedModel | None, None]:
    """The embedded model, answering; or None when the command runs on rules alone."""
    if not model:
        yield None
        return
    async with model_process(settings) as address:
        yield EmbeddedModel(address)


@asynccontextmanager
async def model_process(settings: Settings) -> AsyncGenerator[Path, None]:
    """The address of a model that answers; its process is gone at the end. Raises Unavailable when it fails."""
    with tempfile.TemporaryDirectory(prefix="zhubo-") as folder:
        address = Path(folder) / "model"
        worker = Worker("model", model_argv(settings, address), on_change=lambda *_: None)
        task = asyncio.create_task(worker.run(), name="model:worker")
        try:
            if not await worker.ready(PATIENCE):
                raise Unavailable(f"language model: wanted an answer within {PATIENCE:.0f} s, found none")
            yield address
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def language_model(settings: Settings, address: Path) -> AsyncGenerator[EmbeddedModel | StandIn, None]:
    """What words the studio's answers: the embedded model at `address`, or an endpoint with that model behind it.

    Raises BadInput when the endpoint's address is none.
    """
    embedded = EmbeddedModel(address)
    if settings.model_url is None:
        yield embedded
        return
    try:
        endpoint = OpenAIModel(
            settings.model_url, key=settings.model_key, name=settings.model_name, patience=settings.model_patience
        )
    except ValueError as wrong:
        raise BadInput("model_url", "http(s)://host[:port]/v1", settings.model_url) from wrong

    def told(is_open: bool, why: str) -> None:
        log.info("model endpoint", state="down" if is_open else "ok", detail=why)

    try:
        yield StandIn(endpoint, embedded, on_change=told)
    finally:
        await endpoint.close()


def model_argv(settings: Settings, address: Path) -> list[str]:
    """How the model's process is started."""
    argv = _argv("model.serve", address, "--weights", supply.donor_weights_dir(settings), settings.threads)
    return [*argv, "--delta", str(TRAINED)] if settings.engine == "moe" else argv


def voice_argv(settings: Settings, address: Path) -> list[str]:
    """How the voice's process is started."""
    return _argv("avatar.serve", address, "--voice", supply.voice_files_dir(settings), settings.threads)


def _argv(module: str, address: Path, option: str, folder: Path, threads: int) -> list[str]:
    return [
        sys.executable, "-m", module, "--socket", str(address), option, str(folder), "--threads", str(threads)
    ]  # fmt: skip
