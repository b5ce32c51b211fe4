"""The agents one by one in a real Chromium: filters, timers, buttons for who talks; an agent's day."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from agents.service import put_agents
from centralino.rooms import Rooms
from tests.calls.samples import later
from tests.web.browser import axe_in_both, chromium, fits, look
from tests.web.floor import scenery
from tests.web.floor.opening import opened
from tests.web.supervise.test_supervise import anna
from users import Role
from web.floor import FEED

__all__ = ["anna"]

pytestmark = pytest.mark.browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


async def test_a_supervisor_finds_who_talks_and_opens_a_day(
    browser: Browser, server: TestServer, rooms: Rooms, anna: None
) -> None:
    async with rooms.db.write() as session:
        await put_agents(session, scenery.CARDS, now=later(0))
    await scenery.feed(rooms.live)
    await server.app[FEED].look(0)  # who works here
    feeding = asyncio.create_task(scenery.feeding(rooms.live))
    tab = await opened(browser, server, rooms, "/supervise", Role.SUPERVISOR)
    page = tab.page
    cards = page.locator("#agents li:visible")
    await expect(cards).to_have_count(24)  # Anna Verdi is offline, and those are not shown at first
    await expect(page.locator('[data-count="talking"]')).to_have_text("15")
    bruno = page.locator("#agents li", has_text="Bruno")
    await expect(bruno).to_have_attribute("data-state", "talking")
    await expect(bruno).to_contain_text("Spring fibre upgrade")
    await expect(bruno.locator(".time")).to_have_text("0:34")
    await expect(bruno.get_by_role("button", name="Listen: Bruno")).to_be_visible()
    await expect(bruno.get_by_role("button", name="Barge in")).to_be_hidden()
    await bruno.get_by_role("button", name="Listen: Bruno").click()
    await expect(page.locator("#tell")).to_contain_text("needs a telephone of yours")
    assert await axe_in_both(page) == []
    await look(page, "supervise")
    assert await fits(page, widths=(1280, 1920)) == []
    await page.get_by_label("talking", exact=False).first.uncheck()
    await expect(cards).to_have_count(9)
    await page.get_by_role("searchbox").fill("giulia")
    await expect(cards).to_have_count(1)
    await page.get_by_role("button", name="Set presence: Giulia").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await axe_in_both(page) == []
    await page.keyboard.press("Escape")
    feeding.cancel()
    await page.goto(str(server.make_url(f"/supervise/anna?date={later(0).date()}")))
    await expect(page.get_by_role("heading", name="Anna Verdi")).to_be_visible()
    await expect(page.locator(".daybar rect.s-talking")).to_have_count(1)
    await expect(page.get_by_role("link", name="node1-1.2")).to_be_visible()
    assert await axe_in_both(page) == []
    await look(page, "day")
    assert tab.complained() == []
