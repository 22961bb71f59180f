"""The shop's pages over the real services and the sample shop, without a browser."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.access.service import SAMPLE
from app.events import RoomId, ShowId
from app.screens.door import own_path
from app.templates import WEB
from scripts_gen.facts import ProductFacts
from tests.web.shop import PretendedRooms, opened

LABELS = ("AI生成 · 数字人主播", "AI-generated host")


@pytest.mark.parametrize("path", ["/", "/catalogue", "/catalogue/tea-osmanthus", "/dashboard", "/sessions", "/desk/r1"])
async def test_who_is_not_signed_in_is_sent_to_the_door(file: Path, path: str) -> None:
    async with opened(file) as (_, client):
        client.cookies.clear()
        answer = await client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_opens_in_both_languages(file: Path, lang: str) -> None:
    async with opened(file) as (studio, client):
        await client.get(f"/lang/{lang}")
        product = (await studio.catalogue.products(SAMPLE))[0].id
        for path in (
            "/",
            "/catalogue",
            f"/catalogue/{product}",
            "/dashboard",
            "/sessions",
            "/login",
            "/enter",
            "/overlay",
        ):
            answer = await client.get(path)
            assert answer.status_code == 200, path
            assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}"' in answer.text, path
            assert "Undefined" not in answer.text, path


async def test_home_has_the_rehearse_button_and_all_products_of_the_show(file: Path) -> None:
    async with opened(file) as (studio, client):
        page = (await client.get("/")).text
        plan = await studio.shows.plan(SAMPLE, ShowId("sample"))
    assert 'action="/shows/sample/rehearse"' in page
    assert "彩排" in page
    assert page.count('class="tile-price"') == len(plan.products)


async def test_home_leads_to_the_desk_of_a_running_room(file: Path) -> None:
    async with opened(file) as (studio, client):
        assert isinstance(studio.rooms, PretendedRooms)
        studio.rooms.shows[RoomId("r1")] = ShowId("sample")
        assert 'href="/desk/r1"' in (await client.get("/")).text
        assert "岚的好物间" in (await client.get("/desk/r1")).text


async def test_a_room_that_is_not_ours_is_not_here(file: Path) -> None:
    async with opened(file) as (_, client):
        answer = await client.get("/desk/somebody-elses")
    assert answer.status_code == 404
    assert "你的店铺里没有这一页" in answer.text


async def test_a_product_shows_its_facts_marked_in_the_listing(file: Path) -> None:
    async with opened(file) as (studio, client):
        product = (await studio.catalogue.products(SAMPLE))[0]
        page = (await client.get(f"/catalogue/{product.id}")).text
        listing = await studio.catalogue.listing(SAMPLE, product.id)
    for key, spans in product.facts.evidence.items():
        assert f'data-fact="{key}"' in page or key not in dict(product.facts.items())
        assert spans
    shown = re.search(r'<div class="listing" id="listing">(.*?)</div>', page, re.DOTALL)
    assert shown
    assert re.sub(r"<[^>]+>", "", shown[1]).replace("&gt;", ">").replace("&amp;", "&").replace("&#34;", '"') == listing


async def test_a_new_price_by_plain_form_is_on_the_page_and_in_the_ledger(file: Path) -> None:
    async with opened(file) as (studio, client):
        product = (await studio.catalogue.products(SAMPLE))[1].id
        answer = await client.post(f"/catalogue/{product}/price", data={"price": "12.50"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/catalogue/{product}#offer")
        page = (await client.get(f"/catalogue/{product}")).text
        assert (await studio.catalogue.ledger(SAMPLE, product))[0].price == Decimal("12.50")
    assert "¥12.50" in page
    assert page.count("<tr><td>") >= 2


async def test_hostile_words_are_shown_as_words(file: Path, tmp_path: Path) -> None:
    bad = """<script>alert(1)</script>"><img src=x onerror=alert(1)> {{7*7}} ${7*7}"""
    async with opened(Path(shutil.copy(file, tmp_path / "shop.db"))) as (studio, client):
        facts = ProductFacts(title=bad, brand=bad, price=Decimal(1), selling_points=(bad,))
        await studio.catalogue.add(SAMPLE, sku="bad", lang="zh", listing=bad, facts=facts, stock=1, by=bad)
        for path in ("/catalogue", "/catalogue/bad"):
            page = (await client.get(path)).text
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "{{7*7}}" in page, "said literally, never evaluated"


@pytest.mark.parametrize("theme", ["jade", "night", "none", "';}body{display:none", "<script>"])
async def test_nothing_takes_the_ai_label_from_the_overlay(file: Path, theme: str) -> None:
    async with opened(file) as (_, client):
        client.cookies.clear()
        page = await client.get("/overlay", params={"theme": theme, "bg": theme, "layout": theme, "label": ""})
    assert page.status_code == 200
    assert all(label in page.text for label in LABELS)
    assert "display:none" not in page.text
    assert "<script>" not in page.text


async def test_an_overlay_that_fails_still_carries_the_label(file: Path) -> None:
    async with opened(file) as (_, client):
        page = await client.get("/overlay/nothing")
    assert page.status_code == 404
    assert all(label in page.text for label in LABELS)


async def test_a_surprise_is_told_in_shopkeepers_words_without_its_inside(file: Path) -> None:
    async with opened(file) as (_, client):
        with capture_logs() as logged:
            page = await client.get("/broken")
            told = await client.get("/broken", headers={"accept": "application/json"})
    assert page.status_code == told.status_code == 500
    assert "我们这边出了问题" in page.text
    assert "secret" not in page.text + told.text
    assert [entry["error"] for entry in logged] == ["the secret inside"] * 2


async def test_programs_get_the_reason_as_json(file: Path) -> None:
    async with opened(file) as (studio, client):
        product = (await studio.catalogue.products(SAMPLE))[0].id
        answer = await client.post(
            f"/catalogue/{product}/price", json={"price": "many"}, headers={"accept": "application/json"}
        )
    assert answer.status_code == 422
    told = answer.json()
    assert (told["field"], told["found"]) == ("price", "many")
    assert "price" in told["detail"]


async def test_a_wrong_password_comes_back_to_the_page_with_a_word(file: Path) -> None:
    async with opened(file) as (_, client):
        client.cookies.clear()
        answer = await client.post("/login", data={"account": "sample", "password": "not the one"})
        page = await client.get(answer.headers["location"])
    assert "账号和密码对不上" in page.text


@pytest.mark.parametrize("path", ["/", "/login", "/overlay", "/nothing", "/assets/1.6.1/tabler.css"])
async def test_every_answer_carries_the_security_headers(file: Path, path: str) -> None:
    async with opened(file) as (_, client):
        headers = (await client.get(path)).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nx: y", ""]
)
def test_the_language_link_leads_nowhere_else(wanted: str) -> None:
    assert own_path(wanted) == "/"


def test_the_language_link_leads_back() -> None:
    assert own_path("/catalogue/tea?x=1") == "/catalogue/tea?x=1"


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in (WEB / "templates").iterdir():
        source = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b", source), path.name
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", source), path.name
