"""`zhubo run`: fetch what is missing, migrate, seed the sample shop, serve, and print the signed-in link."""

import asyncio
import contextlib
import json
import socket
import sys
import webbrowser

import uvicorn

from app import supply
from app.commands.lan import Identity, addresses, identity_in, terminal_qr
from app.commands.occupied import occupied
from app.errors import Unavailable
from app.main import create_app
from app.settings import Settings

PORTS_TRIED = 50
EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for by --lan
WIRE_FROM_CLIENTS = 64 * 1024  # bytes of one websocket message we accept


def run_command(settings: Settings, *, open_browser: bool) -> int:
    """Serve until Ctrl-C. Returns the exit code."""
    listening = _listen(EVERYWHERE if settings.lan else settings.bind, settings.port)
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    prepare(settings)
    identity, settings = _for_the_network(settings) if settings.lan else (None, settings)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=WIRE_FROM_CLIENTS,
        timeout_graceful_shutdown=8,
        server_header=False,
        ssl_certfile=identity.certificate if identity else None,
        ssl_keyfile=identity.key if identity else None,
    )
    server = _Announcing(config, settings, open_browser, identity)
    # Ctrl-C is how a studio ends.
    with contextlib.suppress(KeyboardInterrupt), occupied(settings.data_dir):
        asyncio.run(server.serve(sockets=[listening]))
    say("the studio is closed")
    return 0


def _for_the_network(settings: Settings) -> tuple[Identity, Settings]:
    """The certificate for this machine's addresses, and the settings with the address that phones use."""
    reached_at = addresses()
    if not reached_at:
        raise Unavailable("network: wanted an address that others can reach, found none; is this machine connected?")
    url = f"https://{reached_at[0]}:{settings.port}"
    return identity_in(settings.data_dir, reached_at), settings.model_copy(update={"lan_url": url})


def prepare(settings: Settings) -> None:
    """Everything on disk that the studio needs; quick when it is there already."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    supply.fetch_all(settings, say)
    supply.donor_weights_dir(settings, say)


def say(message: str) -> None:
    """Progress goes to standard error."""
    print(message, file=sys.stderr, flush=True)


class _Announcing(uvicorn.Server):
    """Prints the link once the studio answers."""

    def __init__(
        self, config: uvicorn.Config, settings: Settings, open_browser: bool, identity: Identity | None
    ) -> None:
        super().__init__(config)
        self._identity = identity
        self._settings = settings
        self._open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say where the studio is."""
        await super().startup(sockets)
        if not self.started:
            return
        here = f"https://localhost:{self._settings.port}" if self._identity else None
        base = self._settings.public_url or here or f"http://{self._settings.bind}:{self._settings.port}"
        code = await self.config.app.state.studio.access.first_link()  # type: ignore[union-attr]
        link = f"{base}/enter#{code}"
        print(f"\n  Zhubo 主播 is ready.  Open this link (works once, 10 minutes):\n\n    {link}\n", flush=True)
        if self._identity is not None:
            await self._announce_to_phones(self._identity)
        print("  Ctrl-C stops the studio.\n", flush=True)
        print("ZHUBO_READY " + json.dumps({"url": base, "enter": code}), flush=True)
        if self._open_browser:
            webbrowser.open(link)

    async def _announce_to_phones(self, identity: Identity) -> None:
        code = await self.config.app.state.studio.access.first_link()  # type: ignore[union-attr]
        link = f"{self._settings.lan_url}/enter#{code}"
        print(f"  For a phone in this network (works once, 10 minutes):\n\n    {link}\n\n{terminal_qr(link)}")
        print("  The browser warns once, because nobody vouches for this studio's own certificate. Its SHA-256")
        print(f"  fingerprint, to compare:\n    {identity.fingerprint}\n", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Rooms first: they tell their pages to come back, so that nobody has to be waited for."""
        if self.started:
            await self.config.app.state.studio.rooms.close()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def _listen(bind: str, port: int) -> socket.socket:
    """A listening socket at the port, or at the next free one."""
    for candidate in range(port, port + PORTS_TRIED) if port else (0,):
        listening = socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((bind, candidate))
        except OSError:
            listening.close()
            continue
        return listening
    raise Unavailable(f"port: wanted a free one from {port} to {port + PORTS_TRIED - 1}, found none")
