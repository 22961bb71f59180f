"""The page of a room's push: what it asks for, and what it shows while a push runs and after it ended."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from app.access.service import SAMPLE
from app.events import RoomId, ShowId
from app.film.pipe import Health
from app.film.pushes import Push
from app.studio import Studio
from tests.web.shop import PretendedRooms, seeded, shop_app, studio_over

BASE = "http://studio.test"
ROOM = RoomId("room-1")


@pytest_asyncio.fixture
async def studio(tmp_path: Path) -> AsyncGenerator[Studio]:
    await seeded(tmp_path / "shop.db")
    async with studio_over(tmp_path / "shop.db") as studio:
        assert isinstance(studio.rooms, PretendedRooms)
        studio.rooms.shows[ROOM] = ShowId("sample")
        yield studio


@pytest_asyncio.fixture
async def client(studio: Studio) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=shop_app(studio))
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers={"origin": BASE}) as client:
        answer = await client.post("/enter", json={"code": await studio.access.first_link()})
        assert answer.status_code in (200, 303)
        yield client


def pushed(studio: Studio, health: Health) -> None:
    done = asyncio.create_task(asyncio.sleep(0), name="push")
    push = Push(shop=SAMPLE, host="push.example.com", task=done, health=health)
    studio.pushes._pushes[ROOM] = push


@pytest.mark.parametrize(("lang", "asks"), [("zh", "推流地址"), ("en", "Push address with stream key")])
async def test_it_asks_for_the_address_and_hides_what_is_typed(client: httpx.AsyncClient, lang: str, asks: str) -> None:
    page = await client.get(f"/desk/{ROOM}/push", cookies={"lang": lang}, headers={"accept-language": lang})
    assert page.status_code == 200
    assert asks in page.text
    assert 'type="password"' in page.text
    assert ("彩排" if lang == "zh" else "rehearsal") in page.text


async def test_a_running_push_shows_its_health_and_only_the_hosts_name(
    client: httpx.AsyncClient, studio: Studio
) -> None:
    pushed(studio, Health(state="live", fps=24.8, dropped=3, seconds=61.2, connections=2))
    text = (await client.get(f"/desk/{ROOM}/push")).text
    for shown in ("push.example.com", "24.8", ">3<", ">61<", ">2<", "/push/stop"):
        assert shown in text
    assert 'name="ingest"' not in text


async def test_a_push_that_ended_says_why_and_can_be_started_again(client: httpx.AsyncClient, studio: Studio) -> None:
    pushed(studio, Health(state="ended", problem="ingest: gone for good"))
    text = (await client.get(f"/desk/{ROOM}/push")).text
    assert "ingest: gone for good" in text
    assert 'name="ingest"' in text


async def test_a_room_of_nobody_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/desk/elsewhere/push")).status_code == 404
