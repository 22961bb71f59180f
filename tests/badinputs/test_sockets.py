"""Bad inputs 51–57 at the overlay's and the desk's websockets: origins, tokens, frames, JSON, resuming."""

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode

from app.access.service import SAMPLE
from app.live.wire import WIRE_LIMIT
from tests.live.house import OTHER, message, open_house


@pytest.fixture
async def house(database, settings):
    async with open_house(database, settings) as house:
        yield house


async def key(house, room) -> str:
    """A token without the door's own limit of thirty a minute, which is another test's business."""
    return (await house.studio.rooms.tokens.exchange(await house.studio.rooms.tokens.code(SAMPLE, room)))[0]


async def closed_by(house, *frames: str | bytes, hello: bool = True) -> int:
    """Send the frames on a fresh page's socket; the code with which the studio closes it."""
    room = await house.rehearse()
    async with house.socket("/overlay/ws") as socket:
        if hello:
            await socket.send(json.dumps({"type": "hello", "token": await key(house, room)}))
            await message(socket, "snapshot")
        for frame in frames:
            await socket.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(8):
                while True:
                    await socket.recv()
    received = closed.value.rcvd
    return received.code if received is not None else 1006


async def still_there(house) -> None:
    """The room goes on and other pages can join."""
    (room,) = house.studio.rooms.running(SAMPLE)
    token = await key(house, room.id)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        assert (await message(socket, "snapshot"))["state"] == "on_air"


@pytest.mark.parametrize("path", ["/overlay/ws", "/desk/{room}/ws"])
@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1.evil.example"])
async def test_foreign_origins_are_refused_at_the_handshake(house, path, origin):
    room = await house.rehearse()
    with pytest.raises(InvalidStatus) as refused:
        async with house.socket(path.format(room=room), origin=origin, cookie=house.cookie):
            pass
    assert refused.value.response.status_code == 403


async def test_a_token_opens_its_own_room_only_and_no_desk(house):
    room = await house.rehearse()
    token = await key(house, room)
    assert (await house.studio.rooms.tokens.check(token)).room == room
    with pytest.raises(InvalidStatus):
        async with house.socket(f"/desk/{room}/ws?token={token}"):
            pass
    house.client.cookies.clear()
    await house.client.post("/enter", json={"code": await house.studio.access.first_link(OTHER)})
    with pytest.raises(InvalidStatus):
        async with house.socket(f"/desk/{room}/ws", cookie=house.cookie):
            pass


DEEP = "[" * 10_000 + "]" * 10_000


FORMS = (
    '{"type":"ping","t":NaN}',
    '{"type":"ping","t":1e400}',
    '{"type":"ping","t":1,"more":2}',
    '{"type":"ping","t":1,"offset_ms":"late"}',
    '{"type":"heard","line":"x","clause":' + "9" * 5_000 + ',"seconds":0}',
    '{"type":"heard","line":"' + "x" * 500 + '","clause":1,"seconds":0}',
    '{"type":"hello","token":"again"}',
    '{"type":"say","text":"buy"}',
    "{",
    "",
    DEEP,
)


async def test_messages_of_another_form_end_the_page_and_nothing_else(house):
    for frame in FORMS:
        assert await closed_by(house, frame) in (1007, 1008), frame[:40]
    await still_there(house)


async def test_deep_json_before_the_hello_is_refused(house):
    assert await closed_by(house, DEEP, hello=False) == 4403
    await still_there(house)


async def test_a_binary_frame_ends_the_page(house):
    assert await closed_by(house, b"\x00" * 100) in (1003, 1008)
    await still_there(house)


async def test_a_huge_frame_ends_the_page_before_it_is_read_whole(house):
    assert await closed_by(house, "x" * (4 * WIRE_LIMIT)) in (1008, 1009)
    await still_there(house)


async def test_invalid_utf8_ends_the_page(house):
    room = await house.rehearse()
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": await key(house, room)}))
        await message(socket, "snapshot")
        raw = Frame(Opcode.TEXT, b"\xff\xfe\xfa").serialize(mask=True)
        assert socket.transport is not None
        socket.transport.write(raw)
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(8):
                while True:
                    await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code in (1002, 1007)
    await still_there(house)


@pytest.mark.parametrize("seq", [-1, 10**9, 2**64])
@pytest.mark.parametrize("own_epoch", [True, False])
async def test_resuming_from_nowhere_brings_the_whole_picture(house, seq, own_epoch):
    room = await house.rehearse()
    token = await key(house, room)
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token}))
        epoch = (await message(socket, "snapshot"))["epoch"]
    async with house.socket("/overlay/ws") as socket:
        hello = {"type": "hello", "token": token, "epoch": epoch if own_epoch else "another", "seq": seq}
        await socket.send(json.dumps(hello))
        assert (await message(socket, "snapshot"))["recovered"] is False


async def test_a_thousand_small_messages_do_not_hold_the_room_up(house):
    room = await house.rehearse()
    async with house.socket("/overlay/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": await key(house, room)}))
        await message(socket, "snapshot")
        for number in range(1_000):
            await socket.send(json.dumps({"type": "ping", "t": float(number)}))
        last = await message(socket, "clock", within=20.0)
        while last["echo"] != 999.0:
            last = await message(socket, "clock", within=20.0)
    await still_there(house)
