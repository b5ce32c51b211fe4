"""Campaigns, lists, do-not-call, trunks and thresholds in a real Chromium, by keyboard and by eye."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from centralino.rooms import Rooms
from dialer import Trunk
from dialer.alarms import alarm_rules, seed_rules
from dialer.campaigns import House, campaign, create
from dialer.trunks.table import seed_trunks
from tests.calls.samples import later
from tests.web.browser import axe_in_both, chromium, fits, look
from tests.web.conftest import FLOW
from tests.web.floor.opening import opened

pytestmark = pytest.mark.browser

LIST = "number,customer_id,name\n+393290000001,c1,Anna\n+393290000002,c2,Bruno\n12,c3,Carla\n"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest.fixture
async def spring(rooms: Rooms) -> None:
    settings = {
        "title": "Spring", "flow": FLOW, "purpose": "service", "profile": "none", "mode": "predictive",
        "caller_id": "+390650000611", "max_abandon": 0.03,
    }  # fmt: skip
    async with rooms.db.write() as session:
        await create(session, House(rooms.gate), "spring", settings, by="test", at=later(0))
        await seed_trunks(session, [Trunk("carrier", 30, 5.0)])
        await seed_rules(session, later(0))


async def test_a_campaign_is_set_up_on_its_page(
    browser: Browser, server: TestServer, rooms: Rooms, spring: None, tmp_path: Path
) -> None:
    tab = await opened(browser, server, rooms, "/campaigns")
    page = tab.page
    assert await axe_in_both(page) == []
    await look(page, "campaigns")
    await page.get_by_role("link", name="Spring").click()
    # pacing, with a reason that stays in the history
    await page.get_by_label("Lines at once").fill("70")
    await page.get_by_label("Why", exact=True).fill("more agents today")
    await page.get_by_role("button", name="Apply").click()
    first = page.locator("#history tbody tr").first
    await expect(first).to_contain_text("more agents today")
    # what the law does not bear is refused by the name that stands on the page
    limit = page.get_by_label("Abandonment at most")
    before = await limit.input_value()
    await limit.fill("7")
    await page.get_by_role("button", name="Apply").click()
    await expect(page.locator("#tell")).to_contain_text("Abandonment at most: abandoned calls may be a share")
    await limit.fill(before)
    # a rule for trying again, a word for the end of a talk
    retry = page.locator('form[data-form="retry"]')
    await retry.get_by_label("Attempts at most").fill("3")
    await retry.get_by_role("button", name="Save").click()
    await expect(first).to_contain_text("retry")
    words = page.locator('form[data-form="dispositions"]')
    await words.get_by_role("button", name="Add a line").click()
    last = words.locator("tbody tr").last
    await last.get_by_label("Word", exact=True).fill("sold")
    await last.get_by_label("What the agent reads").fill("Sold")
    await last.get_by_label("Key", exact=True).fill("9")
    await last.get_by_label("Goal").check()
    await words.get_by_role("button", name="Save").click()
    await expect(first).to_contain_text("dispositions")
    # hours that make no sense are refused at their field, good ones are kept
    hours = page.locator('form[data-form="hours"]')
    await hours.get_by_label("Weekdays").fill("nine to five")
    await hours.get_by_role("button", name="Save").click()
    await expect(page.locator("#tell")).to_contain_text("09:00-20:00")
    await hours.get_by_label("Weekdays").fill("09:00-13:00, 15:00-19:00")
    await hours.get_by_role("button", name="Save").click()
    await expect(first).to_contain_text("hours")
    # a list with a line that is wrong
    file = tmp_path / "people.csv"
    file.write_text(LIST, encoding="utf-8")
    await page.get_by_label("File (CSV or Excel)").set_input_files(file)
    await page.get_by_role("button", name="Bring it in").click()
    await expect(page.locator("#import-told")).to_contain_text("2 new, 0 known, 1 wrong")
    await expect(page.locator("#import-report")).to_be_visible()
    report = await page.request.get(await page.locator("#import-report").evaluate("e => e.href"))
    assert "number" in await report.text()
    # too little is known to foresee anything, and it says so
    await page.get_by_role("button", name="Work it out").click()
    await expect(page.locator("#what-if-problem")).to_contain_text("Too few calls")
    assert await axe_in_both(page) == []
    assert await fits(page, widths=(1280, 1920)) == []
    assert tab.complained("400", "409") == []


async def test_a_no_stays_one_when_the_words_of_a_talks_end_are_saved(
    browser: Browser, server: TestServer, rooms: Rooms, spring: None
) -> None:
    page = (await opened(browser, server, rooms, "/campaigns/spring")).page
    words = page.locator('form[data-form="dispositions"]')
    no = words.locator("tr", has=page.locator('input[value="not_interested"]'))
    await expect(no.get_by_label("Said no")).to_be_checked()
    await no.get_by_label("What the agent reads").fill("No, thanks")
    await words.get_by_role("button", name="Save").click()
    await expect(page.locator("#history tbody tr").first).to_contain_text("dispositions")
    async with rooms.db.read() as session:
        kept = {each["name"]: each for each in (await campaign(session, "spring")).dispositions}
    assert (kept["not_interested"]["title"], kept["not_interested"]["declined"]) == ("No, thanks", True)


async def test_do_not_call_trunks_and_thresholds_by_hand(
    browser: Browser, server: TestServer, rooms: Rooms, spring: None
) -> None:
    tab = await opened(browser, server, rooms, "/do-not-call")
    page = tab.page
    add = page.locator('form[data-form="forbid"]')
    await add.get_by_label("Telephone number").fill("329 000 0017")
    await add.get_by_label("Reason").fill("wrote a letter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Olga Neri: wrote a letter")).to_be_visible()
    assert await axe_in_both(page) == []
    await look(page, "do-not-call")
    await page.locator('form[data-form="allow"]').get_by_label("Reason").fill("asked again")
    await page.get_by_role("button", name="Withdraw").click()
    await expect(page.get_by_text("Nothing keeps this number")).to_be_visible()

    await page.goto(str(server.make_url("/trunks")))
    await page.get_by_label("carrier: Lines").fill("60")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("cell", name="60", exact=True).last).to_be_visible()  # in the history
    assert await axe_in_both(page) == []

    await page.goto(str(server.make_url("/floor/alarms")))
    new = page.locator("tbody tr", has=page.locator("#new"))
    await new.get_by_label("Threshold").fill("60")
    await new.get_by_label("Figure").select_option("campaign.utilisation")
    await page.get_by_role("button", name="Add a threshold").click()
    await expect(page.locator('form[data-rule^="r"]')).to_have_count(1)
    assert await axe_in_both(page) == []
    await look(page, "thresholds")
    async with rooms.db.read() as session:
        (rule,) = [each for each in await alarm_rules(session) if each.id.startswith("r")]
    assert (rule.figure, rule.threshold, rule.by) == ("campaign.utilisation", 0.6, "Olga Neri")
    assert tab.complained() == []
