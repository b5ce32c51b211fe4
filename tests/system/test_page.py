"""The page in a real browser, beside a telco that takes calls."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Page, async_playwright, expect

from customers.seed import number_of
from ivr.speech.testing import tone_of
from tests.sip import SipPhone
from tests.system.telco import Telco
from tests.system.test_service_0611 import ANYTHING, MAIN
from tests.web.browser import fits, sign_in
from users import change_user

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SOON = 15_000  # milliseconds, on a busy machine


@dataclass
class Browser:
    """A page that is open, and what it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
async def browser(telco: Telco) -> AsyncIterator[Browser]:
    """The page of calls, open in Rome, for the administrator, who has chosen a password already."""
    async with telco.db() as db, db.write() as session:
        await change_user(session, "admin", must_change=False)
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        context = await chromium.new_context(
            timezone_id="Europe/Rome", viewport={"width": 1280, "height": 900}
        )
        context.set_default_timeout(SOON)
        expect.set_options(timeout=SOON)
        made = Browser(await context.new_page())
        made.page.on(
            "console", lambda said: made.complaints.append(said.text) if said.type == "error" else None
        )
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        await made.page.goto(f"http://{telco.loopback.node}:8080/sign-in?next=/calls")
        await sign_in(made.page, "admin", telco.password("admin"))
        yield made
        await chromium.close()


def tail(number: str) -> str:
    return f"•••{number[-3:]}"


async def counted(page: Page, step: str) -> int:
    """How many callers the drawing has at a step."""
    texts = await page.locator(f'[data-step="{step}"] text').all_text_contents()
    return max([int(text) for text in texts if text.isdigit()], default=0)


async def test_a_call_is_seen_while_it_lasts_and_told_afterwards(
    telco: Telco, carrier: SipPhone, browser: Browser
) -> None:
    page, caller = browser.page, number_of(57)
    row = page.locator("#live tbody tr", has_text=tail(caller))
    await expect(page.locator("#live-count")).to_have_text("0")
    before = await counted(page, "main")
    call = await (await carrier.call(telco.service, caller=caller)).answered()
    await expect(row).to_contain_text("care.service_0611")
    await expect(row).to_contain_text("main")
    await call.hears(tone_of(MAIN))
    await call.press("1")
    await expect(row).to_contain_text("anything_else")
    await call.hears(tone_of(ANYTHING), within=20)
    await call.press("2")
    await call.hung_up()
    await expect(row).to_have_count(0)
    last = page.locator("#last-calls tbody tr", has_text=tail(caller))
    await expect(last).to_contain_text("resolved")
    await expect(page.locator("#live-count")).to_have_text("0")

    async def drawn() -> bool:
        return await counted(page, "main") > before

    await telco.until(drawn)
    story = await telco.ended_call(number=caller)
    await last.locator("a").click()
    await expect(page.locator("h2", has_text="Step by step")).to_be_visible()
    steps = await page.locator(".trace strong").all_inner_texts()
    assert steps == ["the call begins", *(step["path"] for step in story["trace"][1:])]
    assert caller.removeprefix("+39") not in await page.content()
    began = page.locator("time[data-form=day]")
    assert (await began.inner_text())[11:13] != ""
    assert "UTC" not in await began.inner_text()  # the viewer's own time
    assert browser.complaints == []


async def test_the_keyboard_reaches_and_changes_the_drawing(browser: Browser) -> None:
    page = browser.page
    tabs = page.locator("[role=tab]")
    assert await tabs.count() > 4
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await tabs.first.evaluate("tab => tab === document.activeElement"):
            break
    await expect(tabs.first).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(tabs.nth(1)).to_be_focused()
    await expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(tabs.first).to_have_attribute("aria-selected", "false")
    await expect(page.locator('[data-step="greet"]')).to_be_hidden()
    await page.keyboard.press("End")
    await expect(tabs.last).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Home")
    await expect(page.locator('[data-step="greet"]')).to_be_visible()
    await page.keyboard.press("Tab")  # to the size of the drawing
    await expect(page.locator('[data-zoom="out"]')).to_be_focused()
    before = await page.locator("#drawing svg").evaluate("svg => svg.getBoundingClientRect().width")
    await page.keyboard.press("Enter")
    after = await page.locator("#drawing svg").evaluate("svg => svg.getBoundingClientRect().width")
    assert after < before
    assert browser.complaints == []


async def test_the_page_says_when_it_hears_nothing_and_recovers_by_itself(
    telco: Telco, browser: Browser
) -> None:
    page = browser.page
    await expect(page.locator("#live-count")).to_have_text("0")
    await expect(page.locator("#away")).to_be_hidden()
    before = telco.pid("redis")
    os.kill(telco.supervisor.pid, signal.SIGSTOP)  # it would start another at once
    try:
        telco.kill("redis")
        await expect(page.locator("#away")).to_be_visible()
        status, told = await asyncio.to_thread(telco.get, "/readyz")
        assert (status, json.loads(told)["redis"]) == (503, False)
    finally:
        os.kill(telco.supervisor.pid, signal.SIGCONT)
    await telco.back("redis", before=before)
    await expect(page.locator("#away")).to_be_hidden()
    await expect(page.locator("#live-count")).to_have_text("0")
    assert browser.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_is_cut_off_at_either_width(browser: Browser, scheme: str) -> None:
    page = browser.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await expect(page.locator("#drawing svg")).to_be_visible()
    assert await fits(page) == []
