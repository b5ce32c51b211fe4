"""The pages of people, one's account and the audit, in a real Chromium."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from centralino.rooms import Rooms
from tests.calls.samples import later
from tests.web.browser import Tab, axe_in_both, chromium, fits, look, open_tab, sign_in
from users import Person, Role, add_user, hash_password

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PASSWORD = "un caffè ristretto"
REFUSED = "Failed to load resource"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest.fixture
async def tab(browser: Browser, server: TestServer, rooms: Rooms) -> Tab:
    async with rooms.db.write() as session:
        person = Person(name="ada", title="Ada Bianchi", role=Role.ADMIN)
        await add_user(session, person, password=hash_password(PASSWORD), now=later(0))
    opened = await open_tab(browser, str(server.make_url("/sign-in")))
    await sign_in(opened.page, "ada", PASSWORD)
    return opened


async def test_an_administrator_adds_locks_and_reads_who_did_what(tab: Tab) -> None:
    page = tab.page
    await expect(page.get_by_role("heading", name="People who sign in")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("rosa")
    await page.get_by_label("Full name").fill("Rosa <b>Neri</b>")
    await page.get_by_label("Role").select_option("supervisor")
    await page.get_by_role("button", name="Add a person").click()
    await expect(page.locator(".secret")).to_have_text(re.compile(r"^(\w{4}-){3}\w{4}$"))
    assert await axe_in_both(page) == []
    assert await fits(page) == []
    await look(page, "person")
    await page.get_by_role("button", name="Lock out").click()
    await expect(page.get_by_role("button", name="Let in again")).to_be_visible()
    await page.get_by_role("link", name="People who sign in").click()
    await expect(page.get_by_role("row", name="rosa")).to_contain_text("locked")
    assert await axe_in_both(page) == []
    assert await fits(page) == []
    await look(page, "people")
    await page.locator("nav summary", has_text="Set-up").click()
    await look(page, "pages-under-headings")
    await page.get_by_role("link", name="Audit").click()
    await page.get_by_label("Did", exact=True).fill("user")
    await page.get_by_role("button", name="Filter").click()
    rows = page.locator("tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("user.locked")
    assert await axe_in_both(page) == []
    assert await fits(page) == []
    await look(page, "audit")
    assert tab.complaints == []


async def test_the_account_page_is_usable_and_its_codes_can_be_photographed(
    tab: Tab, server: TestServer
) -> None:
    page = tab.page
    await page.get_by_role("link", name="Ada Bianchi").click()
    assert await axe_in_both(page) == []
    assert await fits(page) == []
    await look(page, "account")
    await page.get_by_role("button", name="Set up").click()
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert await axe_in_both(page) == []
    await page.goto(str(server.make_url("/api/docs")))
    await page.locator("summary").first.click()
    assert await axe_in_both(page) == []
    assert await fits(page) == []
    await look(page, "api-docs")
    assert tab.complained(REFUSED) == []
