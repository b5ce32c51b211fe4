"""Opinions and proactive care as people use them, in a real Chromium: chosen, drawn, planned."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from centralino.rooms import Rooms
from tests.web.browser import Tab, axe_in_both, chromium, fits, look, open_tab
from tests.web.opinion import scene
from tests.web.proactive.scene import worked
from users import Person, Role, add_user
from values.testing import FixedClock
from web.keys import DOOR
from web.visitor import COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


async def opened(browser: Browser, server: TestServer, rooms: Rooms, path: str) -> Tab:
    """A page as olga, the administrator, opens it."""
    async with rooms.db.write() as session:
        await add_user(session, Person(name="olga", role=Role.ADMIN), password="", now=rooms.db.clock.now())
    cookie, _ = await server.app[DOOR].sessions.begin("olga", address="127.0.0.1", browser="Firefox")
    url = str(server.make_url(path))
    return await open_tab(browser, url, cookies=[{"name": COOKIE, "value": cookie, "url": url}])


async def test_opinions_are_compared_drawn_and_planned(
    opinions: None, browser: Browser, server: TestServer, rooms: Rooms
) -> None:
    async with rooms.db.write() as session:
        await scene.polled(session)
    tab = await opened(browser, server, rooms, "/opinion")
    page = tab.page
    await page.get_by_label("Side by side").select_option("sites")  # taken at once
    roma = page.get_by_role("row", name="Roma")
    await expect(roma).to_contain_text("n 60")
    await expect(page.get_by_role("row", name="Lecce")).to_contain_text("too few")
    plot = page.locator("#trend-plot")
    await expect(plot).to_have_accessible_name(re.compile(r"^NPS, all together: .*week 48 of 2026"))
    await page.get_by_label("Indicator").select_option("courtesy")
    await page.get_by_label("Whose").select_option("Roma")
    await expect(plot).to_have_accessible_name(re.compile("^Courtesy, Roma: "))
    await page.get_by_text("The same as a table").click()
    await expect(page.locator("#trend-table tbody tr")).to_have_count(13)
    assert await axe_in_both(page) == []
    await look(page, "opinion", widths=(1280, 1440))
    assert await fits(page, widths=(390, 1280, 1440)) == []
    await page.get_by_role("navigation", name="Opinion").get_by_role("link", name="Polls").click()
    await page.get_by_label("Precision, ± points").fill("3")
    await page.get_by_label("Who will answer, %").fill("100")
    await expect(page.locator("#size")).to_contain_text("1,068")
    assert await axe_in_both(page) == []
    await look(page, "opinion-polls", widths=(1280, 1440))
    assert tab.complained() == []


async def test_a_year_of_proactive_care_is_seen(
    browser: Browser, server: TestServer, rooms: Rooms, clock: FixedClock
) -> None:
    clock.instant = scene.NOW
    rooms.db.clock = clock
    async with rooms.db.write() as session:
        await worked(rooms.db, session, scene.NOW)
    tab = await opened(browser, server, rooms, "/proactive")
    page = tab.page
    bars = page.get_by_role("img", name="Provisioning")
    await expect(bars.locator("rect.s2").first).to_be_visible()
    await expect(page.get_by_role("row", name="Repair check").last).to_contain_text("fewer calls to care")
    assert await axe_in_both(page) == []
    await look(page, "proactive", widths=(1280, 1440))
    assert await fits(page, widths=(390, 1280, 1440)) == []
    await page.get_by_label("Year").select_option("2025")
    await expect(page.get_by_text("Nobody was called for this.").first).to_be_visible()
    await page.get_by_role("link", name="Rules").click()
    await expect(page.get_by_role("row", name="repair_check")).to_contain_text("fault_closure")
    assert await axe_in_both(page) == []
    assert tab.complained() == []
