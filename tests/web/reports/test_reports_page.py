"""Reports and webhooks as people use them, in a real Chromium: chosen, sorted, drawn, taken, sent, told."""

import csv
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect
from sqlalchemy import insert

from centralino.rooms import Rooms
from messages.webhooks import DeliveryState, WebhookDelivery
from tests.dialer.results.samples import NINE
from tests.reports.test_agents import day, staff
from tests.web.browser import Tab, axe_in_both, chromium, fits, look, open_tab
from tests.web.conftest import HOSTILE
from users import Person, Role, add_user
from values.testing import FixedClock
from web.keys import DOOR
from web.visitor import COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
NAMES = ("ada", "bruno", "carla", "dario", "elena", "fabio", HOSTILE)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest.fixture
async def tab(browser: Browser, server: TestServer, rooms: Rooms, clock: FixedClock) -> Tab:
    """The reports, as olga of operations opens them; seven agents have worked for some hours."""
    clock.instant = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    rooms.db.clock = clock
    dice = random.Random(4)
    async with rooms.db.write() as session:
        await staff(session, *NAMES)
        for name in NAMES:
            await day(session, name, *worked(dice))
        await add_user(session, Person(name="olga", role=Role.OPERATIONS), password="", now=NINE)
    cookie, _ = await server.app[DOOR].sessions.begin("olga", address="127.0.0.1", browser="a test")
    url = str(server.make_url("/"))
    known = {"name": COOKIE, "value": cookie, "url": url}
    return await open_tab(browser, url + "reports?from=2026-03-03&to=2026-03-03&by=60m", cookies=[known])


def worked(dice: random.Random) -> list[Any]:
    """Some hours of talks and pauses."""
    at, steps = dice.uniform(0, 600), []
    while at < 6 * 3600:
        for state, mean in (("ready", 90), ("talking", 240), ("wrap_up", 40)):
            steps.append((at, state))
            at += dice.expovariate(1 / mean)
        if dice.random() < 0.06:
            steps.append((at, "paused", dice.choice(("lunch", "training"))))
            at += dice.uniform(300, 1800)
    return [*steps, (at, "offline", "sign_out")]


async def column(page: Page, place: int) -> list[float]:
    cells = page.locator(f"#rows tbody td:nth-child({place})")
    return [float(each) for each in await cells.evaluate_all("all => all.map(each => each.dataset.sort)")]


async def test_a_report_is_chosen_sorted_drawn_and_taken(tab: Tab, tmp_path: Path) -> None:
    page = tab.page
    await expect(page.get_by_role("heading", name="Occupancy")).to_be_visible()
    await expect(page.locator("#plot canvas")).to_be_visible()
    assert await axe_in_both(page) == []
    await look(page, "reports-agents")
    # by keyboard: the heading sorts, the most talk first, then the least
    await page.get_by_role("button", name="Talk", exact=True).focus()
    await page.keyboard.press("Enter")
    talk = await column(page, 6)
    assert talk == sorted(talk, reverse=True)
    await expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    await page.keyboard.press("Enter")
    assert await column(page, 6) == sorted(talk)
    head = page.get_by_role("button", name="Talk", exact=True)
    await expect(head).to_have_attribute("title", "Time in talks with customers, what was on hold included.")
    await page.get_by_text("What each column means").click()
    formula = "(Talk + wrap-up) / (talk + wrap-up + ready); pauses are out."
    await expect(page.get_by_text(formula)).to_be_visible()
    # a day each, of one agent
    await page.get_by_label("Rows for each").select_option("day")
    await page.get_by_label("Agents", exact=True).fill("ada")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("#rows tbody tr")).to_have_count(1)
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="CSV").click()
    file = tmp_path / "agents.csv"
    await (await coming.value).save_as(file)
    (row,) = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    assert row["Agent"] == "ada"
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Excel (XLSX)").click()
    assert (await coming.value).suggested_filename == "agents-2026-03-03-day.xlsx"
    # where callers go in a flow
    await page.get_by_label("Report", exact=True).select_option("funnel")
    await expect(page.get_by_text("Nothing happened in that time.")).to_be_visible()
    assert await fits(page, widths=(1280, 1920)) == []
    assert tab.complained() == []


async def test_a_report_goes_by_mail(tab: Tab, server: TestServer) -> None:
    page = tab.page
    await page.goto(str(server.make_url("/reports/schedules")))
    assert await axe_in_both(page) == []
    await page.get_by_label("Title").fill("Agents of the day")
    await page.get_by_label("To (mail addresses, with commas)").fill("nobody")
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("alert")).to_contain_text("'nobody' is no mail address")
    await expect(page.get_by_label("To (mail addresses, with commas)")).to_be_focused()
    await page.get_by_label("To (mail addresses, with commas)").fill("ops@example.com")
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("heading", name="Agents of the day")).to_be_visible()
    await expect(page.get_by_text("Mon, Tue, Wed, Thu, Fri 07:00 (Europe/Rome)")).to_be_visible()
    await page.evaluate("scrollTo(0, 0)")  # so that nothing lies under the menu
    assert await axe_in_both(page) == []
    await look(page, "reports-by-mail")
    await page.get_by_role("button", name="Send now").click()
    await expect(page.get_by_text("Done.")).to_be_visible()
    page.on("dialog", lambda asked: asked.accept())
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text("No report goes out by mail yet.")).to_be_visible()
    await page.get_by_label("Report", exact=True).select_option("monthly")
    await expect(page.get_by_label("Rows for each")).to_be_hidden()
    await expect(page.get_by_label("On this day of the month (1 to 28)")).to_have_value("1")
    await page.get_by_label("Title").fill("The month")
    await page.get_by_label("To (mail addresses, with commas)").fill("board@example.com")
    assert await axe_in_both(page) == []
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_text("Monthly report · last month · PDF and XLSX")).to_be_visible()
    assert await fits(page, widths=(390, 1280, 1920)) == []
    assert tab.complained("Failed to load resource") == []


async def test_another_system_is_told(tab: Tab, server: TestServer, rooms: Rooms) -> None:
    page = tab.page
    await page.goto(str(server.make_url("/webhooks")))
    assert await axe_in_both(page) == []
    await page.get_by_label("Address").fill("https://10.0.0.8/hook")
    await page.get_by_label("An agent said what a campaign's talk came to").check()
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("alert")).to_contain_text("leads inside this house")
    await page.get_by_label("Address").fill("https://crm.example.com/centralino")
    await page.get_by_label("What it is called here").fill(HOSTILE)
    await page.get_by_role("button", name="Add").click()
    await expect(page.locator("#secret-text")).to_contain_text("whsec_")
    assert await axe_in_both(page) == []
    await page.get_by_role("button", name="I have it").click()
    await expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    await expect(page.get_by_text("Nothing yet.")).to_be_visible()
    hook = page.url.rpartition("/")[2]
    row = {
        "endpoint": hook, "kind": "dialer.disposed", "at": NINE, "tries": 11, "next_at": NINE, "since": NINE,
        "done": NINE, "status": 500, "said": "answers 500", "state": DeliveryState.DEAD,
    }  # fmt: skip
    async with rooms.db.write() as session:
        states = (DeliveryState.DEAD, DeliveryState.DELIVERED, DeliveryState.WAITING)
        rows = [row | {"event_id": f"disposed-{n}", "state": state} for n, state in enumerate(states)]
        await session.execute(insert(WebhookDelivery), rows)
    await page.reload()
    assert await axe_in_both(page) == []
    await look(page, "webhook")
    await page.get_by_role("link", name="dead").click()
    await page.get_by_role("button", name="Send all dead again").click()
    await expect(page.get_by_text("Nothing yet.")).to_be_visible()
    await page.get_by_role("link", name="waiting").click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    assert await fits(page, widths=(1280, 1920)) == []
    assert tab.complained("Failed to load resource") == []
