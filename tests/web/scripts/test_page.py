"""Scripts in a real Chromium: a supervisor mends and publishes one, an agent goes through it by keyboard."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from centralino.rooms import Rooms, script_files
from customers.seed import id_of, seed
from ivr.scripts import answers_of
from tests.calls.samples import later
from tests.web.browser import Tab, axe_in_both, chromium, fits, look, open_tab
from tests.web.desk_scene import ATTEMPT, NUMBER, Core, attempt, running
from users import Person, Role, add_user
from web.keys import DOOR
from web.visitor import COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

WHO = id_of(7)


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[Core]:
    async with rooms.db.write() as session:
        await seed(session, 20)
        for person in (
            Person(name="anna", title="Anna Rossi", role=Role.AGENT, agent="anna"),
            Person(name="sofia", title="Sofia Bruno", role=Role.SUPERVISOR),
        ):
            await add_user(session, person, password="", now=later(0))
    await rooms.flows.publish(
        [path.read_text("utf-8") for path in script_files()], by="centralino", note="shipped"
    )
    await rooms.library.refresh()
    async with running(Core(rooms)) as made:
        yield made


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


async def opens(browser: Browser, server: TestServer, name: str, path: str) -> Tab:
    cookie, _ = await server.app[DOOR].sessions.begin(name, address="127.0.0.1", browser="a test")
    url = server.make_url(path)
    cookies = [{"name": COOKIE, "value": cookie, "domain": str(url.host), "path": "/"}]
    return await open_tab(browser, str(url), cookies=cookies)


async def edits(page: Page, script: str) -> None:
    """Open a script from the list; what is typed before the page is all there is not looked at."""
    await page.get_by_role("link", name=script).click()
    await page.wait_for_load_state("load")


async def test_a_supervisor_sees_an_error_mends_it_and_publishes(
    browser: Browser, server: TestServer, core: Core, rooms: Rooms
) -> None:
    tab = await opens(browser, server, "sofia", "/scripts")
    page = tab.page
    await look(page, "scripts-list")
    assert await axe_in_both(page) == []
    await edits(page, "A bill is not paid")
    await expect(page.locator("#problems")).to_contain_text("Nothing is wrong.")
    text = page.get_by_role("textbox", name="Text")
    right = await text.input_value()
    await text.fill(right.replace("to: make_sure", "to: make_shure", 1))
    problem = page.get_by_role("button", name="F201")
    await expect(problem).to_be_visible()
    await expect(page.locator("#problems")).to_contain_text("did you mean 'make_sure'?")
    await expect(page.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    await expect(page.locator("#trial-broken")).to_be_visible()
    await problem.click()
    cursor = await text.evaluate("area => area.value.slice(0, area.selectionStart).split('\\n').length")
    assert right.split("\n")[cursor - 1].strip() == "to: make_sure"
    await look(page, "scripts-error")
    assert await axe_in_both(page) == []
    assert await fits(page, widths=(1280, 1920)) == []

    await text.fill(right.replace("A bill is not paid", "An open bill"))
    await expect(page.locator("#problems")).to_contain_text("Nothing is wrong.")
    trial = page.locator("#trial")
    await trial.get_by_role("heading", name="Who is it").focus()
    await page.keyboard.press("1")
    await expect(trial.get_by_role("heading", name="Making sure")).to_be_focused()
    await page.keyboard.press("1")
    await expect(trial).to_contain_text("64,90 €")
    await page.keyboard.press("1")
    await expect(trial.get_by_role("heading", name="When")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(trial).to_contain_text("Fill this in.")
    await look(page, "scripts-editor")
    assert await axe_in_both(page) == []
    await page.get_by_role("tab", name="Drawing").click()
    await expect(page.locator("#drawing svg")).to_be_visible()
    await look(page, "scripts-drawing", widths=(1280,))

    await page.get_by_role("button", name="Publish", exact=True).click()
    await page.get_by_label("What has changed, and why").fill("A shorter title")
    assert await axe_in_both(page) == []
    await page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    await expect(page.locator("#tell")).to_contain_text("Published")
    assert rooms.library.flow("care.unpaid_bill").title == "An open bill"
    await page.get_by_role("tab", name="Versions").click()
    await expect(page.locator("#panel-versions")).to_contain_text("A shorter title")
    await page.get_by_role("button", name="Compare with the text").last.click()
    await expect(page.locator("#difference")).to_contain_text("An open bill")
    assert await axe_in_both(page) == []
    await look(page, "scripts-versions", widths=(1280,))
    assert tab.complained() == []


async def test_an_agent_goes_through_a_script_by_keyboard_and_a_reload_loses_nothing(
    browser: Browser, server: TestServer, core: Core, rooms: Rooms
) -> None:
    tab = await opens(browser, server, "anna", "/desk")
    page = tab.page
    await attempt(rooms, customer=WHO, script="proactive.welcome")
    await core.joins("anna", ATTEMPT, campaign="spring", title="Spring offer", customer=WHO, number=NUMBER)
    script = page.locator("#script")
    await expect(script).to_contain_text("benvenuto")
    await script.get_by_role("button", name="EN", exact=True).click()
    await expect(script).to_contain_text(": welcome. Do you have two minutes?")
    await page.keyboard.press("s")
    await page.keyboard.press("1")
    await expect(script.get_by_role("heading", name="Does it all work?")).to_be_focused()
    await page.keyboard.press("1")
    await expect(script.get_by_role("heading", name="One question")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(script).to_contain_text("Fill this in.")
    await expect(script.get_by_label("0, Not at all")).to_be_focused()
    await look(page, "scripts-desk")
    assert await axe_in_both(page) == []
    await page.keyboard.press("1")
    await page.keyboard.press("0")
    await expect(script.get_by_label("10, Certainly")).to_be_checked()
    await page.keyboard.press("Control+Enter")
    await expect(script.get_by_role("heading", name="E-mail")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.type("anna2@example.it")  # the 2 is a letter here, no answer
    async with page.expect_response(lambda answer: answer.url.endswith("/scripts/run/note")):
        pass
    await page.reload()
    await expect(script.get_by_label("E-mail")).to_have_value("anna2@example.it")
    await script.get_by_label("E-mail").focus()
    await page.keyboard.press("Control+Enter")
    await expect(script).to_contain_text("welcomed")
    await look(page, "scripts-desk-end", widths=(1280,))
    async with rooms.db.read() as session:
        kept = {one.name: one.text for one in await answers_of(session, f"{ATTEMPT}:proactive.welcome:anna")}
    assert kept == {"works": "yes", "would_recommend": "10", "email": "anna2@example.it"}
    assert tab.complained() == []
