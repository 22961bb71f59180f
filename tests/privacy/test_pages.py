"""The privacy page and the phone's page: complete in both languages, for owners, without a script."""

import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from app.access.service import SAMPLE
from app.database import Database
from app.events import CommentHeard, CommentId, RoomId, ShopId
from app.ledger import Ledger
from app.live.records import RoomRow
from app.privacy import pages
from app.privacy.service import Retention
from app.screens import phone, privacy
from app.settings import Settings
from tests.access.studio import Shop, open_shop

ROOM = RoomId("r1")
OTHER = ShopId("other")
DAYS = {"comments_days": "30", "buyers_days": "60", "logs_days": "1095", "clips_days": "10"}


@pytest.fixture
async def shop(database: Database, settings: Settings) -> AsyncGenerator[Shop, None]:
    async with open_shop(database, settings) as shop:
        for router in (pages.router, privacy.router, phone.router):
            shop.app.include_router(router)
        await shop.sign_in()
        yield shop


async def heard(shop: Shop, database: Database, words: str, tenant: ShopId = SAMPLE) -> None:
    now = datetime.now(UTC)
    async with database.transaction() as db:
        db.add(
            RoomRow(
                shop=tenant, room=ROOM, show="s", rehearsal=False, duty="Lin", products=None,
                started_at=now, ended_at=now,
            )
        )  # fmt: skip
    await Ledger(database, tenant, "e1").append(
        ROOM,
        CommentHeard(
            comment=CommentId("c"), source="webhook", source_event_id="e", crowd_kind="comment",
            viewer=shop.studio.privacy.pseudonym(tenant, "webhook", "u-1"), name="小明", text=words,
            simulated=False, received_at=time.time(),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(("lang", "title"), [("zh-CN", "保存多久"), ("en", "How long it is kept")])
async def test_the_page_is_whole_in_both_languages(shop: Shop, lang: str, title: str) -> None:
    answer = await shop.client.get("/settings/privacy", headers={"accept-language": lang})
    assert answer.status_code == 200 and title in answer.text
    assert 'value="1095"' in answer.text


async def test_days_are_kept_and_wrong_ones_refused(shop: Shop) -> None:
    assert (await shop.client.post("/settings/privacy/retention", data=DAYS)).status_code == 303
    wanted = Retention(comments_days=30, buyers_days=60, logs_days=1095, clips_days=10)
    assert await shop.studio.privacy.retention(SAMPLE) == wanted
    for wrong in ("", "-1", "3.5", "99999", "１０", "1" * 400):
        answer = await shop.client.post("/settings/privacy/retention", data={**DAYS, "comments_days": wrong})
        assert answer.status_code == 422, wrong
    assert await shop.studio.privacy.retention(SAMPLE) == wanted


async def test_a_viewer_is_exported_then_erased(shop: Shop, database: Database) -> None:
    await heard(shop, database, "我住幸福路")
    asked = {"source": "webhook", "viewer": "u-1"}
    taken = await shop.client.post("/settings/privacy/export", data=asked)
    assert [line["text"] for line in taken.json()["held"]] == ["我住幸福路"]
    assert taken.headers["cache-control"] == "no-store"
    assert (await shop.client.post("/settings/privacy/erase", data=asked)).status_code == 422  # not sure yet
    done = await shop.client.post(
        "/settings/privacy/erase", data={**asked, "sure": "yes"}, headers={"accept-language": "zh-CN"}
    )
    assert done.status_code == 200 and "已抹去 1 条" in done.text and "u-1" not in done.text
    assert (await shop.client.post("/settings/privacy/export", data=asked)).json() == {"held": []}


async def test_another_shop_sees_and_erases_nothing_here(shop: Shop, database: Database) -> None:
    await heard(shop, database, "我住幸福路")
    await shop.sign_in(OTHER)
    asked = {"source": "webhook", "viewer": "u-1", "sure": "yes"}
    assert (await shop.client.post("/settings/privacy/export", data=asked)).json() == {"held": []}
    assert (await shop.client.post("/settings/privacy/erase", data=asked)).status_code == 200
    await shop.sign_in()
    held = (await shop.client.post("/settings/privacy/export", data=asked)).json()["held"]
    assert [line["text"] for line in held] == ["我住幸福路"]


async def test_only_owners_come_near_and_nobody_from_another_site(shop: Shop) -> None:
    deeds = ("/settings/privacy/retention", "/settings/privacy/export", "/settings/privacy/erase")
    for path in deeds:
        answer = await shop.client.post(path, data=DAYS, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403, path
    shop.client.cookies.clear()
    assert (await shop.client.get("/settings/privacy")).status_code in (303, 401)
    for path in (*deeds, "/phone"):
        assert (await shop.client.post(path, data=DAYS)).status_code in (303, 401), path


async def test_the_phone_gets_a_code_that_stands_in_the_fragment_only(shop: Shop) -> None:
    before = await shop.client.get("/phone", headers={"accept-language": "en"})
    assert before.status_code == 200 and "/enter#" not in before.text and "run --lan" in before.text
    after = await shop.client.post("/phone", headers={"accept-language": "en"})
    assert after.text.count("/enter#") == 1 and "data:image/svg+xml" in after.text
    assert after.headers["cache-control"] == "no-store"
