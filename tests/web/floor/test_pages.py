"""The operations pages in a real Chromium: what is told each second is seen, in three languages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from agents.service import put_agents
from centralino.rooms import Rooms
from dialer.alarms import HOUSE_RULES, Raised, Turns, note_turns, open_alarms, seed_rules
from tests.calls.samples import later
from tests.web.browser import LOOKS, axe_in_both, chromium, fits, look
from tests.web.floor import scenery
from tests.web.floor.opening import opened

pytestmark = pytest.mark.browser


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest.fixture
async def floor(rooms: Rooms) -> AsyncIterator[dict[str, Any]]:
    """Told each half second; what is put into it is told besides."""
    async with rooms.db.write() as session:
        await put_agents(session, scenery.CARDS, now=later(0))
    await scenery.minutes(rooms.live)
    more: dict[str, Any] = {}
    await scenery.feed(rooms.live)

    async def telling() -> None:
        while True:
            await scenery.feed(rooms.live, **more)
            await asyncio.sleep(0.5)

    task = asyncio.create_task(telling())
    yield more
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def whole(page: Page, name: str) -> None:
    """All of a long page, to be looked at by a person."""
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.screenshot(path=LOOKS / f"{name}.png", full_page=True)


async def acknowledged(rooms: Rooms) -> str:
    """By whom the alarm that is on was seen."""
    async with rooms.db.read() as session:
        (alarm,) = await open_alarms(session)
        return alarm.by


async def test_operations_sees_the_floor_and_hears_an_alarm(
    browser: Browser, server: TestServer, rooms: Rooms, floor: dict[str, Any]
) -> None:
    tab = await opened(browser, server, rooms, "/floor")
    page = tab.page
    spring = page.locator("#campaigns tr", has_text="Spring fibre upgrade")
    await expect(spring).to_contain_text("31 of 60")
    await expect(spring).to_contain_text("2.10% of 3.0%")
    await expect(page.locator("#signed-in")).to_have_text("24 agents signed in")
    await expect(page.locator("#charts figure")).to_have_count(4)
    # a definition on hover and on focus alike
    define = page.get_by_role("button", name="Service level (COPC)")
    await define.focus()
    await expect(page.get_by_role("tooltip").filter(has_text="answered in time ÷ offered")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("tooltip").filter(has_text="answered in time ÷ offered")).to_be_hidden()
    await page.locator("#campaigns thead").get_by_role("button", name="Expected").hover()
    await expect(page.get_by_role("tooltip").filter(has_text="dialler's own code")).to_be_visible()
    # an alarm begins: it is told aloud, seen by somebody, and over
    async with rooms.db.write() as session:
        await seed_rules(session, later(0))
        await note_turns(session, Turns([Raised(HOUSE_RULES[1], "renewals", 1.04)], []), later(600))
        (row,) = await open_alarms(session)
    floor["alarms"] = [scenery.alarm(id=row.id)]
    await expect(page.locator("#announce")).to_contain_text("Alarm. Contract renewals")
    await page.locator("#chart-of").select_option("campaigns:spring")
    await expect(page.locator("#charts")).to_contain_text("Abandoned 2.1%")
    await page.mouse.move(2, 2)
    await page.locator("#chart-of").blur()
    assert await axe_in_both(page) == []
    await look(page, "floor")
    await whole(page, "floor-whole")
    async with page.expect_response("**/acknowledge"):
        await page.get_by_role("button", name="I have seen it").click()
    assert await acknowledged(rooms) == "Olga Neri"
    floor["alarms"] = [scenery.alarm(id=row.id, acknowledged=later(601).isoformat(), by="Olga Neri")]
    await expect(page.locator("#alarms")).to_contain_text("seen by Olga Neri")
    floor["alarms"] = []
    await expect(page.get_by_text("No alarm is on.")).to_be_visible()
    assert await fits(page, widths=(1280, 1920)) == []
    assert tab.complained() == []
    # the same in the other languages, and on the wall
    for language, word in (("it", "Campagne"), ("ru", "Кампании")):
        other = await opened(browser, server, rooms, "/floor", locale=language)
        await expect(other.page.get_by_role("heading", name=word)).to_be_visible()
        await expect(other.page.locator("#campaigns")).not_to_contain_text("floor.")
        await other.context.close()
    wall = await opened(browser, server, rooms, "/floor/wall", width=1920)
    await expect(wall.page.locator("#campaigns")).to_contain_text("Contract renewals")
    assert await axe_in_both(wall.page) == []
    await look(wall.page, "wall")
    assert wall.complained() == []
