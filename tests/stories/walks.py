"""Steps that several stories share: coming in, being invited, looking into the picture, keeping a screenshot."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from app.orders.vault import vault_in
from tests.stories.studio import Studio

KEPT = Path(__file__).parents[2] / "kept"
SLOW = 30_000  # ms; pages of a machine that CI shares
PASSWORD = "one-long-secret"


async def a_page(browser: Browser, *, width: int = 1440, height: int = 900, phone: bool = False) -> Page:
    """A person's own browser, at the desk or in the hand; whatever a script throws fails the story."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", has_touch=phone, is_mobile=phone
    )
    context.set_default_timeout(SLOW)
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page threw {error}"))
    return page


async def owner_in(studio: Studio, browser: Browser) -> Page:
    """The owner, by the printed link."""
    page = await a_page(browser)
    await page.goto(f"{studio.url}/enter#{studio.enter}")
    await page.wait_for_url(f"{studio.url}/")
    return page


async def invited(studio: Studio, browser: Browser, owner: Page, role: str, name: str, **size: Any) -> Page:
    """Somebody whom the owner invites, at home in their own browser."""
    await owner.goto(f"{studio.url}/people")
    await owner.check(f"input[name=role][value={role}]")
    await owner.click("form[action='/people/invitations'] button")
    link = await owner.input_value("#invitation-link")
    page = await a_page(browser, **size)
    await page.goto(link)
    await expect(page.locator("#join-offer")).to_be_visible()
    await page.fill("input[name=name]", name)
    await page.fill("#join-account", f"{role}-1")
    await page.fill("input[name=password]", PASSWORD)
    await page.fill("input[name=again]", PASSWORD)
    await page.click("#join button")
    await page.wait_for_url(lambda url: "/join" not in url)
    return page


async def in_picture(page: Page, condition: str, timeout: float = SLOW) -> None:
    """Wait until `condition` over the preview's `window.zhubo` (as `z`) holds."""
    await page.wait_for_function(
        f"() => {{ const z = document.getElementById('preview').contentWindow.zhubo; return z && ({condition}); }}",
        timeout=timeout,
    )


async def shot(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep what the page looks like."""
    KEPT.mkdir(exist_ok=True)
    await page.screenshot(path=KEPT / f"{name}.png", full_page=whole)


def secret_of(studio: Studio, kind: str) -> str:
    """What senders of this kind sign with."""
    sealed = studio.books("select secret from integrations where kind = ? and shop = 'sample'", kind)[0][0]
    return vault_in(studio.data).open(sealed, f"sample/{kind}")
