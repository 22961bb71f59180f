"""The embedded model for a command's lifetime: its process started, waited for, and gone at the end."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from app import supply
from app.errors import Unavailable
from app.settings import Settings
from app.workers import Worker
from model.client import EmbeddedModel

PATIENCE = 120.0  # seconds a cold model may take on a slow disk


@asynccontextmanager
async def engines(settings: Settings, *, model: bool = True) -> AsyncGenerator[EmbeddedModel | None, None]:
    """The embedded model, answering; or None when the command runs on rules alone."""
    if not model:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="zhubo-") as folder:
        address = Path(folder) / "model"
        worker = Worker("model", model_argv(settings, address), on_change=lambda *_: None)
        task = asyncio.create_task(worker.run(), name="model:worker")
        try:
            if not await worker.ready(PATIENCE):
                raise Unavailable(f"language model: wanted an answer within {PATIENCE:.0f} s, found none")
            yield EmbeddedModel(address)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def model_argv(settings: Settings, address: Path) -> list[str]:
    """How the model's process is started."""
    weights = supply.donor_weights_dir(settings)
    return _argv("model.serve", address, "--weights", weights, settings.threads)


def voice_argv(settings: Settings, address: Path) -> list[str]:
    """How the voice's process is started."""
    return _argv("avatar.serve", address, "--voice", supply.voice_files_dir(settings), settings.threads)


def _argv(module: str, address: Path, option: str, folder: Path, threads: int) -> list[str]:
    return [
        sys.executable, "-m", module, "--socket", str(address), option, str(folder), "--threads", str(threads)
    ]  # fmt: skip
