"""The live room's doors over real sockets: desk, overlay, tokens, webhooks; what strangers may not do."""

import asyncio
import json
import sqlite3
import time

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.access.service import SAMPLE
from app.errors import Forbidden, NotFound
from app.events import CommentHeard, RoomId
from app.ledger import Ledger, broken_at
from tests.live.house import OTHER, SHOW, message, open_house


@pytest.fixture
async def house(database, settings):
    async with open_house(database, settings) as house:
        yield house


async def test_a_rehearsal_speaks_to_an_overlay_page_within_seconds(house):
    room = await house.rehearse()
    token = await house.token(room)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        snapshot = await message(socket, "snapshot")
        assert snapshot["label"] == "AI生成 · 数字人主播"
        start = await message(socket, "speech.start")
        sound = await socket.recv()
        assert isinstance(sound, bytes)
        assert sound[:4] == b"OggS"
        clip = await house.client.get(start["speech"]["clip"])
        assert clip.content == sound
        assert "immutable" in clip.headers["cache-control"]
        await socket.send(json.dumps({"type": "ping", "t": 5.0}))
        clock = await message(socket, "clock")
        assert clock["echo"] == 5.0
        assert abs(clock["server_ms"] / 1000 - time.time()) < 1


async def test_starting_the_same_rehearsal_twice_is_one_room(house):
    assert await house.rehearse() == await house.rehearse()
    form = await house.client.post(f"/shows/{SHOW}/rehearse", data={})
    assert form.status_code == 303
    assert form.headers["location"].startswith("/desk/")


async def test_a_page_that_comes_back_misses_nothing(house):
    room = await house.rehearse()
    token = await house.token(room)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        snapshot = await message(socket, "snapshot")
        last = (await message(socket, "speech.start"))["seq"]
    await house.client.post(f"/desk/{room}/press", json={"button": "cut"})
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token, "epoch": snapshot["epoch"], "seq": last}))
        assert (await message(socket, "recovered"))["recovered"] is True
        first = json.loads(str(await socket.recv()))
        assert first["seq"] == last + 1


async def test_a_code_opens_one_room_once(house):
    room = await house.rehearse()
    link = (await house.client.post(f"/desk/{room}/overlay-link", json={})).json()["url"]
    code = link.partition("#")[2]
    answers = await asyncio.gather(*(house.client.post("/overlay/token", json={"code": code}) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403]


@pytest.mark.parametrize("hello", ["{}", "nonsense", '{"type":"hello","token":"wrong"}', '{"type":"ping","t":1}'])
async def test_a_page_without_a_token_is_closed(house, hello):
    await house.rehearse()
    async with house.socket("/overlay/ws") as socket:
        await socket.send(hello)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd.code == 4403


async def test_a_foreign_origin_is_refused_at_the_handshake(house):
    room = await house.rehearse()
    for path in ("/overlay/ws", f"/desk/{room}/ws"):
        for origin in ("https://evil.example", "null"):
            with pytest.raises(InvalidStatus) as refused:
                async with house.socket(path, origin=origin, cookie=house.cookie):
                    pass
            assert refused.value.response.status_code == 403


async def test_a_revoked_token_ends_within_five_seconds(house):
    room = await house.rehearse()
    token = await house.token(room)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        await message(socket, "snapshot")
        await house.studio.rooms.tokens.revoke(SAMPLE, room)
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(5):
                while True:
                    await socket.recv()
        assert closed.value.rcvd.code == 4403


async def test_two_desks_show_the_same_and_presses_reach_both(house):
    room = await house.rehearse()
    path = f"/desk/{room}/ws"
    async with house.socket(path, cookie=house.cookie) as one, house.socket(path, cookie=house.cookie) as two:
        assert (await message(one, "desk"))["state"] == "on_air"
        assert (await house.client.post(f"/desk/{room}/press", json={"button": "kill"})).status_code == 204
        for window in (one, two):
            async with asyncio.timeout(3):
                while (await message(window, "desk"))["state"] != "silenced":
                    pass


async def test_silence_comes_within_a_second_while_the_database_is_locked(house, tmp_path):
    room = await house.rehearse()
    live = house.studio.rooms.room(SAMPLE, room)
    assert (await house.client.post(f"/desk/{room}/press", json={"button": "next"})).status_code == 204
    with sqlite3.connect(tmp_path / "test.db", timeout=10, check_same_thread=False) as holder:
        # Off the loop: the studio shares it, and must be able to end the transaction that the lock waits for.
        await asyncio.to_thread(holder.execute, "BEGIN EXCLUSIVE")
        pressed = time.monotonic()
        answer = await house.client.post(f"/desk/{room}/press", json={"button": "kill"})
        assert answer.status_code == 204
        assert time.monotonic() - pressed < 1
        assert live.desk().state == "silenced"
        stranger = httpx.AsyncClient(base_url=house.url, headers={"Origin": house.url}, cookies={"zhubo": "guessed"})
        async with stranger:
            assert (await stranger.post(f"/desk/{room}/press", json={"button": "resume"})).status_code in (401, 503)
        holder.rollback()


async def test_the_desk_is_closed_to_strangers_and_to_other_shops(house):
    room = await house.rehearse()
    with pytest.raises(InvalidStatus):
        async with house.socket(f"/desk/{room}/ws"):
            pass
    async with httpx.AsyncClient(base_url=house.url, headers={"Origin": house.url}) as other:
        assert (await other.post(f"/desk/{room}/press", json={"button": "cut"})).status_code == 401
        await other.post("/enter", json={"code": await house.studio.access.first_link(OTHER)})
        assert (await other.post(f"/shows/{SHOW}/rehearse", json={})).status_code == 404
        for path in ("press", "end", "comment", "overlay-link"):
            body = {"button": "cut", "text": "多少钱"}
            assert (await other.post(f"/desk/{room}/{path}", json=body)).status_code == 404, path
        assert (await other.get(f"/desk/{room}/events.jsonl")).status_code == 404
    with pytest.raises(NotFound):
        house.studio.rooms.room(OTHER, room)
    with pytest.raises(NotFound):
        await house.studio.rooms.tokens.code(OTHER, room)


async def test_a_press_from_another_site_is_refused(house):
    room = await house.rehearse()
    answer = await house.client.post(
        f"/desk/{room}/press", json={"button": "kill"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


async def test_words_without_a_fact_are_refused_with_the_reason(house):
    room = await house.rehearse()
    answer = await house.client.post(f"/desk/{room}/press", json={"button": "say", "text": "今天只要9.9元"})
    assert answer.status_code == 422
    assert "9.9" in answer.json()["detail"]


async def test_a_typed_comment_is_answered_and_marked_as_simulated(house):
    room = await house.rehearse()
    answer = await house.client.post(f"/desk/{room}/comment", json={"name": "小雨", "text": "多少钱"})
    assert answer.status_code == 204
    async with asyncio.timeout(25):
        while not (desk := house.studio.rooms.desk(SAMPLE, room)).comments or not desk.comments[0].answer:
            await asyncio.sleep(0.05)
    assert desk.comments[0].simulated
    assert "59元" in str(desk.comments[0].answer)


async def test_a_signed_comment_is_heard_once_and_a_forged_one_never(house):
    room = await house.rehearse()
    path, body = f"/hooks/comments/{room}", {"id": "7", "viewer": "v", "name": "小雨", "text": "包邮吗"}
    assert (await house.hook(path, body, house.secrets["comments"])).json() == {"duplicate": False}
    assert (await house.hook(path, body, house.secrets["comments"])).json() == {"duplicate": True}
    assert (await house.hook(path, body, "wrong")).status_code == 403
    assert (await house.hook(path, body, house.secrets["orders"])).status_code == 403
    assert (await house.hook(path, body, house.secrets["comments"], at=int(time.time()) - 301)).status_code == 403
    assert (await house.hook("/hooks/comments/unknown", body, house.secrets["comments"])).status_code == 403
    assert (await house.hook(path, {"id": ""}, house.secrets["comments"])).status_code == 422


async def test_an_order_of_the_rehearsal_reaches_its_desk(house):
    room = await house.rehearse()
    order = {
        "id": "o1", "product": "tea", "quantity": 1, "amount": "59.00", "currency": "CNY", "status": "paid",
        "show": SHOW, "simulated": True,
    }  # fmt: skip
    assert (await house.hook(f"/hooks/orders/{SAMPLE}", order, house.secrets["orders"])).status_code == 200
    async with asyncio.timeout(5):
        while not house.studio.rooms.desk(SAMPLE, room).gmv:
            await asyncio.sleep(0.05)
    assert house.studio.rooms.desk(SAMPLE, room).gmv == {"CNY": "59.00"}


async def test_a_price_form_reaches_the_card_on_air(house):
    room = await house.rehearse()
    token = await house.token(room)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        await message(socket, "card")
        changed = time.monotonic()
        assert (await house.client.post("/catalogue/tea/price", json={"price": "49"})).status_code == 204
        card = (await message(socket, "card"))["card"]
        assert card["price"] in ("49", "49.00")
        assert time.monotonic() - changed < 2


async def test_the_end_closes_the_log_whole_and_the_pages(house):
    room = await house.rehearse()
    token = await house.token(room)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        await message(socket, "speech.start")
        assert (await house.client.post(f"/desk/{room}/end", json={})).status_code == 204
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(5):
                while True:
                    await socket.recv()
    answer = await house.client.get(f"/desk/{room}/events.jsonl")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["type"] == "show_started"
    assert lines[-1]["type"] in ("show_ended", "line_ended")
    assert broken_at(lines) is None
    assert house.studio.rooms.running(SAMPLE) == []
    with pytest.raises(Forbidden):
        await house.studio.rooms.tokens.check(token)


async def test_a_room_that_falls_is_taken_up_again_from_its_log(house):
    room = await house.rehearse()
    live = house.studio.rooms.room(SAMPLE, room)
    async with asyncio.timeout(8):
        while live.desk().now is None:
            await asyncio.sleep(0.02)
    live.tell("nonsense")  # type: ignore[arg-type]
    began = time.monotonic()
    async with asyncio.timeout(10):
        while True:
            await asyncio.sleep(0.05)
            try:
                again = house.studio.rooms.room(SAMPLE, room)
            except NotFound:
                continue
            if again is not live and again.desk().now is not None:
                break
    assert time.monotonic() - began < 10
    assert again.billing.token > live.billing.token
    assert again.billing.epoch != live.billing.epoch
    lines = [line async for line in Ledger(house.studio.database, SAMPLE).export(room)]
    assert broken_at(lines) is None
    tokens = [line["token"] for line in lines if line["type"] == "line_started"]
    assert tokens == sorted(tokens)


async def test_the_qr_picture_and_the_short_link_count_a_click(house):
    await house.rehearse()
    picture = await house.client.get(f"/overlay/qr/{SHOW}/tea.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert (await house.client.get(f"/overlay/qr/{SHOW}/nothing.svg")).status_code == 404
    page = await house.client.get(f"/go/{SHOW}/tea", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "云雾绿茶" in page.text
    async with house.studio.database.transaction() as db:
        from app.live.records import ClickRow

        assert await db.get(ClickRow, 1) is not None


async def test_a_flood_of_comments_keeps_the_loop_free(house):
    room = RoomId(await house.rehearse())
    live = house.studio.rooms.room(SAMPLE, room)
    lags: list[float] = []

    async def probe() -> None:
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.02)
            lags.append(loop.time() - before - 0.02)

    probing = asyncio.create_task(probe())
    for number in range(1_500):
        live.tell(
            CommentHeard(
                comment=f"f{number}",  # type: ignore[arg-type]
                source="flood",
                source_event_id=str(number),
                crowd_kind="comment",
                viewer=f"v{number}",
                name="小雨",
                text=("多少钱", "哈哈哈", "包邮吗", "产地哪里")[number % 4],
                simulated=True,
                received_at=time.time(),
            )
        )
        if number % 10 == 0:
            await asyncio.sleep(0.02)
    async with asyncio.timeout(10):
        while live.desk().counts.get("seen", 0) + live.desk().counts["forgotten"] < 1_500:
            await asyncio.sleep(0.05)
    probing.cancel()
    assert sorted(lags)[int(len(lags) * 0.95)] < 0.25
