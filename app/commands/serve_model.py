"""`serve-model`: the embedded model for other programs of this machine (or, with a key, of the network)."""

import asyncio
import contextlib
import ipaddress

import uvicorn

from app.commands.run import prepare, say
from app.engines import model_process
from app.errors import BadInput
from app.settings import Settings
from model.client import EmbeddedModel
from model.openai_server import openai_app

NAME = "zhubo"


def serve_model_command(settings: Settings, *, bind: str, port: int) -> int:
    """Serve until Ctrl-C. Raises BadInput when others could reach it without a key."""
    if settings.model_api_key is None and not _at_home(bind):
        raise BadInput("model_api_key", f"a key in ZHUBO_MODEL_API_KEY, because {bind} is reachable by others", None)
    prepare(settings)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it ends
        asyncio.run(_serve(settings, bind, port))
    say("the model is no longer served")
    return 0


async def _serve(settings: Settings, bind: str, port: int) -> None:
    async with model_process(settings) as address:
        app = openai_app(
            lambda on_usage: EmbeddedModel(address, on_usage=on_usage), name=NAME, key=settings.model_api_key
        )
        say(f"http://{bind}:{port}/v1 answers as the model {NAME!r}; Ctrl-C ends it")
        await uvicorn.Server(uvicorn.Config(app, host=bind, port=port, log_config=None, server_header=False)).serve()


def _at_home(bind: str) -> bool:
    if bind == "localhost":
        return True
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError:
        return False
