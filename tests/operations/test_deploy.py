"""The compose file says only what it may, names what exists, and its nginx really leads to the studio on air."""

import asyncio
import re
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from app.settings import Settings
from tests.servers import free_port, program

ROOT = Path(__file__).parents[2]
NGINX = ROOT / "docs/deploy/nginx.conf"
# The part of the compose specification that the file uses.
SERVICE = {
    "build": str, "image": str, "command": list, "environment": dict, "volumes": list, "ports": list,
    "depends_on": dict, "restart": str, "stop_grace_period": str, "healthcheck": dict,
}  # fmt: skip
HEALTH = {"test": list, "interval": str, "start_period": str, "disable": bool}
CONDITIONS = {"service_started", "service_healthy"}
OWN_VARIABLES = {"ZHUBO_POSTGRES_PASSWORD", "ZHUBO_PUBLISH"}  # of the compose file alone


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return loaded


def test_every_service_is_of_the_specifications_shape(compose: dict[str, Any]) -> None:
    assert set(compose) == {"x-studio", "services", "volumes"}
    for name, service in compose["services"].items():
        assert {"image", "build"} & set(service), name
        for key, value in service.items():
            assert isinstance(value, SERVICE[key]), f"{name}.{key}"
        for key, value in service.get("healthcheck", {}).items():
            assert isinstance(value, HEALTH[key]), f"{name}.healthcheck.{key}"
        assert all(isinstance(value, str) for value in service.get("environment", {}).values()), name
        for other, wish in service.get("depends_on", {}).items():
            assert other in compose["services"] and wish["condition"] in CONDITIONS
            if wish["condition"] == "service_healthy":
                assert "test" in compose["services"][other]["healthcheck"]


def test_every_mount_exists_or_is_a_named_volume(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        if "build" in service:
            assert (ROOT / service["build"] / "Dockerfile").is_file()
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in compose["volumes"]


def test_every_setting_that_is_given_exists(compose: dict[str, Any]) -> None:
    known = {f"ZHUBO_{name.upper()}" for name in Settings.model_fields}
    for service in compose["services"].values():
        named = {name for name in service.get("environment", {}) if name.startswith("ZHUBO_")}
        assert named <= known
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    assert asked <= known | OWN_VARIABLES


def test_no_password_is_written_down_and_only_nginx_is_published(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert re.findall(r"PASSWORD: (?!\$\{)", text) == []
    assert "ZHUBO_POSTGRES_PASSWORD:-" not in text  # it has no default
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["nginx"]
    assert "127.0.0.1" in compose["services"]["nginx"]["ports"][0]


def test_the_two_studios_differ_in_nothing_that_matters(compose: dict[str, Any]) -> None:
    a, b = compose["services"]["studio-a"], compose["services"]["studio-b"]
    assert {key for key in a if a[key] != b[key]} == {"depends_on"}
    upstreams = re.findall(r"server (\S+):(\d+) ", NGINX.read_text())
    assert upstreams == [(name, a["environment"]["ZHUBO_PORT"]) for name in ("studio-a", "studio-b")]


@contextmanager
def nginx(*studios: int) -> Generator[int, None, None]:
    """The real nginx with our file, its names and port replaced by this machine's; its port."""
    port = free_port()
    text = NGINX.read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    for name, at in zip(("studio-a", "studio-b"), studios, strict=True):
        text = text.replace(f"{name}:8000", f"127.0.0.1:{at}")
    with tempfile.TemporaryDirectory(prefix="zhubo-nginx-") as folder:
        temporary = " ".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        text = text.replace("http {", f"http {{ access_log off; {temporary}", 1)
        config = Path(folder) / "nginx.conf"
        config.write_text(f"pid {folder}/pid; error_log {folder}/error.log; daemon off; master_process off;\n{text}")
        command = [program("nginx"), "-c", str(config), "-p", folder]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            yield port
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
async def studio() -> AsyncGenerator[int, None]:
    """Something that answers as a studio would: pages, and sockets that echo with what the proxy said."""

    async def echo(socket: ServerConnection) -> None:
        assert socket.request is not None
        await socket.send(f"{socket.request.headers['Origin']} {socket.request.headers['Host']}")
        async for message in socket:
            await socket.send(message)

    def page(socket: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Upgrade"):
            return None
        return socket.respond(200, f"from {request.headers['X-Forwarded-For']} at {request.headers['Host']}")

    async with serve(echo, "127.0.0.1", 0, process_request=page, compression=None) as server:
        yield server.sockets[0].getsockname()[1]


async def reached(url: str) -> httpx.Response:
    async with asyncio.timeout(30), httpx.AsyncClient() as client:
        while True:
            try:
                return await client.get(url, headers={"X-Forwarded-For": "6.6.6.6"})
            except httpx.ConnectError:  # nginx is starting
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("cannot", [0, 1])
async def test_a_press_that_one_studio_cannot_pass_on_is_given_to_the_other(cannot: int) -> None:
    pressed: list[int] = []

    def studio_that(able: bool) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            pressed.append(204 if able else 503)
            writer.write(b"HTTP/1.1 204 Done\r\n\r\n" if able else b"HTTP/1.1 503 Away\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        return answer

    async with AsyncExitStack() as stack:
        ports = []
        for place in (0, 1):
            server = await asyncio.start_server(studio_that(place != cannot), "127.0.0.1", 0)
            await stack.enter_async_context(server)
            ports.append(server.sockets[0].getsockname()[1])
        with nginx(*ports) as port:
            url = f"http://127.0.0.1:{port}"
            async with asyncio.timeout(30), httpx.AsyncClient() as client:
                for session in ("a", "b", "c", "d"):
                    while True:
                        try:
                            answer = await client.post(f"{url}/desk/r1/press", headers={"Cookie": f"zhubo={session}"})
                            break
                        except httpx.ConnectError:  # nginx is starting
                            await asyncio.sleep(0.05)
                    assert answer.status_code == 204
    assert pressed.count(204) == 4


@pytest.mark.parametrize("on_air", [0, 1])
async def test_nginx_finds_the_studio_that_is_on_air_for_pages_and_sockets(studio: int, on_air: int) -> None:
    stand_by = free_port()  # bound by nobody: a connection is refused, as by a stand-by
    with nginx(*((studio, stand_by) if on_air == 0 else (stand_by, studio))) as port:
        for _ in range(4):
            answer = await reached(f"http://127.0.0.1:{port}/")
            assert (answer.status_code, answer.text) == (200, f"from 127.0.0.1 at 127.0.0.1:{port}")
        origin = f"http://127.0.0.1:{port}"
        async with connect(f"ws://127.0.0.1:{port}/overlay/ws", origin=origin, compression=None) as socket:  # type: ignore[arg-type]
            assert await asyncio.wait_for(socket.recv(), 30) == f"{origin} 127.0.0.1:{port}"
            await socket.send(b"\x00clip")
            assert await asyncio.wait_for(socket.recv(), 30) == b"\x00clip"
        assert (await reached(f"http://127.0.0.1:{port}/metrics")).status_code == 403
