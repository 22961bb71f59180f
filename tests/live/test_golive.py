"""Going live: the checklist, the platform's word, starting now and at a set time, links that can be revoked."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from app.access.service import SAMPLE
from app.errors import BadInput
from app.live.golive import GoingLive
from app.live.looks import Look
from app.live.policy import policies, restricted_in
from app.live.preparing import ScheduledRow
from app.live.schedule import ZONES, moment_of
from tests.live.fakes import plan, product
from tests.live.house import OTHER, SHOW, message, open_house

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
async def house(database, settings):
    async with open_house(database, settings) as house:
        yield house


async def settle(house, platform="own"):
    """Everything that a real show needs."""
    for item in ("tea", "mug"):
        assert (await house.client.post(f"/catalogue/{item}/confirm", json={})).status_code == 204
    body = {"platform": platform, "duty": "王姐", "label": "yes"}
    assert (await house.client.post(f"/shows/{SHOW}/prepare", json=body)).status_code == 204
    if platform != "own":
        assert (await house.client.post(f"/shows/{SHOW}/rules-read", json={})).status_code == 204


async def missing(house):
    return [item.topic for item in (await house.studio.golive.prepared(SAMPLE, SHOW)).checklist.missing]


async def test_a_show_goes_live_only_when_everything_is_settled(house):
    assert await missing(house) == ["facts", "label", "duty", "platform", "rules"]
    refused = await house.client.post(f"/shows/{SHOW}/start", json={})
    assert refused.status_code == 409
    assert "facts_open" in refused.json()["detail"]
    assert house.studio.rooms.running(SAMPLE) == []
    await settle(house)
    assert await missing(house) == []
    started = await house.client.post(f"/shows/{SHOW}/start", json={})
    assert started.status_code == 200
    (room,) = house.studio.rooms.running(SAMPLE)
    assert (room.id, room.rehearsal) == (started.json()["room"], False)
    assert house.studio.rooms.desk(SAMPLE, room.id).duty == "王姐"
    assert "no_page" in house.studio.rooms.desk(SAMPLE, room.id).alerts


async def test_a_voice_that_is_away_stops_a_start_and_a_model_that_is_away_does_not(house):
    await settle(house)
    house.studio.rooms.part("model", "down", "")
    assert await missing(house) == []
    house.studio.rooms.part("voice", "down", "")
    assert await missing(house) == ["voice"]


async def test_a_platform_that_refuses_ai_hosts_cannot_be_started_on(house):
    await settle(house, "tiktok_us")
    assert await missing(house) == ["platform", "rules"]


async def test_conditions_are_to_be_read_again_for_another_platform(house):
    await settle(house, "douyin")
    assert await missing(house) == []
    body = {"platform": "bilibili", "duty": "王姐", "label": "yes"}
    await house.client.post(f"/shows/{SHOW}/prepare", json=body)
    assert await missing(house) == ["rules"]
    await house.client.post(f"/shows/{SHOW}/prepare", json={**body, "label": ""})
    assert await missing(house) == ["label", "rules"]


async def test_what_cannot_be_chosen_is_said(house):
    for body in ({"platform": "nowhere", "duty": "x"}, {"platform": "own", "duty": "x" * 121}):
        assert (await house.client.post(f"/shows/{SHOW}/prepare", json=body)).status_code == 422


def test_old_and_unchecked_policies_are_stale_and_every_one_has_its_source():
    for policy in policies().values():
        assert policy.source
        assert policy.rule["zh"]
        assert policy.rule["en"]
        assert policy.verdict == "allow" or policy.do["zh"]
        assert policy.stale(date(2030, 1, 1))
    assert policies()["taobao"].stale(NOW.date())
    assert not policies()["douyin"].stale(NOW.date())


def test_restricted_goods_are_found_by_whole_words():
    goods = tuple(
        product(f"p{index}", title, "9") for index, title in enumerate(("麻绳 twine 10m", "红酒 wine", "奶粉 2段"))
    )
    assert [item.category for item in restricted_in(goods)] == ["alcohol_tobacco", "infant_formula"]
    assert restricted_in(plan().products) == ()


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ("2026-11-24T20:00", "Asia/Shanghai", "2026-11-24T12:00"),
        ("2026-12-01T20:00", "America/New_York", "2026-12-02T01:00"),
        ("2026-11-24T10:30", "UTC", "2026-11-24T10:30"),
    ],
)
def test_a_wall_clock_time_is_one_moment(local, zone, utc):
    assert moment_of(local, zone, NOW).strftime("%Y-%m-%dT%H:%M") == utc


def test_an_hour_that_comes_twice_is_its_first_and_one_that_never_comes_is_refused():
    before = datetime(2026, 10, 20, tzinfo=UTC)
    assert moment_of("2026-11-01T01:30", "America/New_York", before) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    with pytest.raises(BadInput, match="clocks go forward"):
        moment_of("2027-03-14T02:30", "America/New_York", datetime(2027, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        ("tomorrow", "UTC"),
        ("2026-11-24T20:00+08:00", "UTC"),
        ("2026-11-24T20:00", "Mars/Olympus"),
        ("2026-11-24T09:00", "UTC"),
        ("2027-11-24T09:00", "UTC"),
    ],
)
def test_times_that_are_none_are_refused(local, zone):
    with pytest.raises(BadInput):
        moment_of(local, zone, NOW)


def test_every_zone_of_the_list_is_known_here():
    assert all(moment_of("2026-12-01T12:00", zone, NOW) for zone in ZONES)


def at(house, moment):
    """The studio's going live with another clock on the wall."""
    return GoingLive(house.studio.database, house.studio.shows, house.studio.rooms, now=lambda: moment)


async def set_start(house, minutes=30):
    now = datetime.now(UTC)
    local = (now + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
    answer = await house.client.post(f"/shows/{SHOW}/schedule", json={"starts": local, "zone": "UTC"})
    assert answer.status_code == 204
    return datetime.fromisoformat(local).replace(tzinfo=UTC)


async def start_row(house):
    async with house.studio.database.transaction() as db:
        return await db.get(ScheduledRow, (SAMPLE, SHOW))


async def test_a_set_start_happens_by_itself_once_and_survives_a_restart(house):
    await settle(house)
    starts = await set_start(house)
    assert [item.show for item in await house.studio.golive.scheduled(SAMPLE)] == [SHOW]
    await at(house, starts - timedelta(seconds=1)).start_due()
    assert house.studio.rooms.running(SAMPLE) == []
    # another object over the same database: what a restarted studio has
    await at(house, starts + timedelta(seconds=1)).start_due()
    assert [room.rehearsal for room in house.studio.rooms.running(SAMPLE)] == [False]
    assert (await start_row(house)).state == "started"
    await at(house, starts + timedelta(hours=-1, seconds=2)).start_due()  # the wall clock jumps back an hour
    await at(house, starts + timedelta(seconds=3)).start_due()
    assert len(house.studio.rooms.running(SAMPLE)) == 1


async def test_a_set_start_that_is_not_settled_any_more_says_why_and_does_not_go_live(house):
    await settle(house)
    starts = await set_start(house)
    await house.client.post(f"/shows/{SHOW}/prepare", json={"platform": "channels", "duty": "王姐", "label": ""})
    await at(house, starts).start_due()
    row = await start_row(house)
    assert (row.state, row.reason.split()) == ("refused", ["label", "platform", "rules"])
    assert house.studio.rooms.running(SAMPLE) == []
    page = await house.client.get(f"/shows/{SHOW}/live", headers={"Accept": "text/html", "Accept-Language": "zh"})
    assert "没有自动开始" in page.text


async def test_a_start_waits_for_a_voice_that_is_starting_but_not_for_ever(house):
    await settle(house)
    starts = await set_start(house)
    house.studio.rooms.part("voice", "starting", "")
    await at(house, starts).start_due()
    assert (await start_row(house)).state == "waiting"
    await at(house, starts + timedelta(minutes=11)).start_due()
    assert (await start_row(house)).state == "missed"


async def test_a_start_that_was_called_off_or_missed_does_not_happen(house):
    await settle(house)
    starts = await set_start(house)
    assert (await house.client.post(f"/shows/{SHOW}/schedule/cancel", json={})).status_code == 204
    assert (await house.client.post(f"/shows/{SHOW}/schedule/cancel", json={})).status_code == 409
    await at(house, starts).start_due()
    starts = await set_start(house)
    await at(house, starts + timedelta(minutes=11)).start_due()
    assert (await start_row(house)).state == "missed"
    assert house.studio.rooms.running(SAMPLE) == []


async def test_links_have_their_look_and_a_picture_for_the_phone_and_end_together(house):
    room = await house.rehearse()
    body = {"layout": "landscape", "theme": "plum", "bg": "green"}
    made = (await house.client.post(f"/desk/{room}/overlay-link", json=body)).json()
    assert made["url"].startswith("/overlay?layout=landscape&theme=plum&bg=green#")
    assert made["address"] == house.url + made["url"]
    assert made["qr"].startswith("data:image/svg+xml")
    plan = await house.studio.shows.plan(SAMPLE, SHOW)
    plain = (await house.client.post(f"/desk/{room}/overlay-link", json={})).json()
    assert plain["url"].partition("#")[0] == "/overlay" + Look.of("", plan.theme, plan.background).query != "/overlay"
    bad = await house.client.post(f"/desk/{room}/overlay-link", json={"layout": "<script>"})
    assert bad.status_code == 422
    token = await house.token(room)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        await message(socket, "snapshot")
        assert (await house.client.post(f"/desk/{room}/overlay-revoke", json={})).status_code == 204
        with pytest.raises(ConnectionClosed):
            while True:
                await socket.recv()
    code = made["url"].partition("#")[2]
    assert (await house.client.post("/overlay/token", json={"code": code})).status_code == 403


async def test_another_shop_finds_none_of_it(house):
    room = await house.rehearse()
    house.client.cookies.clear()
    await house.client.post("/enter", json={"code": await house.studio.access.first_link(OTHER)})
    for path in ("prepare", "rules-read", "restricted", "start", "schedule"):
        body = {"platform": "own", "duty": "x", "allow": "yes", "starts": "2026-12-01T20:00", "zone": "UTC"}
        answer = await house.client.post(f"/shows/{SHOW}/{path}", json=body)
        assert answer.status_code in (404, 422), path
    assert (await house.client.get(f"/shows/{SHOW}/live")).status_code == 404
    assert (await house.client.post(f"/desk/{room}/overlay-revoke", json={})).status_code == 404
    async with house.studio.database.transaction() as db:
        assert await db.get(ScheduledRow, (OTHER, SHOW)) is None
