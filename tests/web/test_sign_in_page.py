"""Signing in, as people do it: in a real Chromium, with a real Redis."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from centralino.rooms import Rooms
from tests.calls.samples import later
from tests.web.browser import Tab, axe_in_both, chromium, fits, look, open_tab, sign_in
from users import Person, Role, add_user, hash_password
from values.testing import FixedClock
from web.keys import DOOR

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PASSWORD = "un caffè ristretto"
REFUSED = "Failed to load resource"  # what Chromium itself says of any answer that is a refusal


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest.fixture
async def tab(browser: Browser, server: TestServer, rooms: Rooms) -> AsyncIterator[Tab]:
    """The front page, before sara the supervisor has signed in; closed before the server is."""
    async with rooms.db.write() as session:
        hashed = hash_password(PASSWORD)
        for name, role in (("sara", Role.SUPERVISOR), ("anna", Role.AGENT)):
            person = Person(name=name, title=f"{name.title()} Rossi", role=role)
            await add_user(session, person, password=hashed, now=later(0))
    opened = await open_tab(browser, str(server.make_url("/")))
    yield opened
    await opened.context.close()


async def typed(page: Page, text: str) -> None:
    await page.keyboard.type(text)


async def test_somebody_signs_in_by_keyboard_alone_lands_on_their_page_and_signs_out(tab: Tab) -> None:
    page = tab.page
    assert await axe_in_both(page) == []
    await look(page, "welcome")
    for _ in range(8):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.getAttribute('href')") == "/sign-in":
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await axe_in_both(page) == []
    await look(page, "sign-in")
    await typed(page, "sara")
    await page.keyboard.press("Tab")
    await typed(page, "wrong password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("Name, password or code is not right.")
    assert await axe_in_both(page) == []
    await typed(page, PASSWORD)  # the cursor waits in the password, the name stays
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="Sara Rossi")).to_be_visible()
    assert await page.locator("nav a", has_text="Calls").count() == 1
    assert await page.locator("nav a", has_text="People").count() == 0
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.locator(".welcome")).to_be_visible()
    await page.go_back()
    await page.reload()
    await expect(page.locator("nav")).to_have_count(0)
    assert tab.complained(REFUSED) == []


async def test_too_many_wrong_passwords_have_to_wait(tab: Tab, server: TestServer, clock: FixedClock) -> None:
    page = tab.page
    await page.goto(str(server.make_url("/sign-in")))
    for _ in range(5):
        await sign_in(page, "sara", "wrong password")
    await sign_in(page, "sara", PASSWORD)
    await expect(page.get_by_role("alert")).to_contain_text("Too many attempts. Try again in 30 seconds.")
    clock.move(31)
    await sign_in(page, "sara", PASSWORD)
    await expect(page.get_by_role("link", name="Sara Rossi")).to_be_visible()


async def test_a_page_typed_in_wants_sign_in_first_and_then_is_shown_or_forbidden(
    tab: Tab, server: TestServer
) -> None:
    page = tab.page
    await page.goto(str(server.make_url("/calls/node1-1.2")))
    await expect(page).to_have_url(str(server.make_url("/sign-in")) + "?next=%2Fcalls%2Fnode1-1.2")
    await sign_in(page, "sara", PASSWORD)
    await expect(page.get_by_role("heading", name="Step by step")).to_be_visible()
    assert await axe_in_both(page) == []
    await page.get_by_role("button", name="Sign out").click()
    await page.goto(str(server.make_url("/sign-in?next=//evil.example/")))
    await sign_in(page, "anna", PASSWORD)
    await expect(page.get_by_role("link", name="Anna Rossi")).to_be_visible()
    answer = await page.goto(str(server.make_url("/calls")))
    assert answer is not None
    assert answer.status == 403
    await expect(page.locator("main")).to_contain_text("Your role does not allow this.")
    assert await axe_in_both(page) == []
    assert await fits(page) == []


async def test_a_session_that_ends_under_a_page_is_begun_again_on_it(
    tab: Tab, server: TestServer, clock: FixedClock
) -> None:
    page = tab.page
    await page.goto(str(server.make_url("/sign-in?next=/calls")))
    await sign_in(page, "sara", PASSWORD)
    await expect(page.locator("#live")).to_be_visible()
    await server.app[DOOR].sessions.end_all("sara")
    theme = page.locator("#switch-theme")
    await theme.click()
    again = page.get_by_role("dialog", name="Your session has ended")
    await expect(again).to_be_visible()
    assert await axe_in_both(page) == []
    await look(page, "session-ended")
    await expect(again.get_by_label("Name")).to_have_value("sara")
    await typed(page, "wrong password")
    await page.keyboard.press("Enter")
    await expect(again.get_by_role("alert")).to_be_visible()
    await again.get_by_label("Password").fill(PASSWORD)
    async with page.expect_response(lambda answer: answer.url.endswith("/preferences") and answer.ok):
        await page.keyboard.press("Enter")
    await expect(again).to_have_count(0)
    await expect(theme).to_be_focused()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute(
        "data-theme", "dark"
    )  # what was asked was done after all
    assert tab.complained(REFUSED) == []


async def test_the_pages_speak_the_language_that_is_chosen(tab: Tab, server: TestServer) -> None:
    page = tab.page
    await page.locator("#choose-language").select_option("ru")
    await expect(page.get_by_role("link", name="Войти").first).to_be_visible()
    await page.goto(str(server.make_url("/sign-in")))
    await expect(page.locator("html")).to_have_attribute("lang", "ru")
    await page.locator("#choose-language").select_option("it")
    await expect(page.get_by_role("heading", name="Accesso")).to_be_visible()
    assert tab.complaints == []
