"""The agent's desk in a real Chromium, by keyboard, beside the core's own presence and dispositions."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, Route, expect
from sqlalchemy import select, update

from centralino.core.control.told import Bulletins
from centralino.rooms import Rooms
from customers import Channel, ContactDirection, ContactNote, Customers
from customers.models import Customer, Line
from customers.seed import id_of, number_of, seed
from dialer.models import Attempt, Contact
from tests.calls.samples import later
from tests.web.browser import Tab, axe_in_both, chromium, fits, look, open_tab
from tests.web.conftest import HOSTILE
from tests.web.desk_scene import ATTEMPT, NUMBER, Core, attempt, running
from users import Person, Role, add_user
from web.keys import DOOR
from web.visitor import COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

WHO = id_of(7)
LONG = "Chiede di nuovo della fibra. " * 90


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[Core]:
    async with rooms.db.write() as session:
        await seed(session, 20)
        await add_user(
            session, Person(name="anna", title="Anna Rossi", role=Role.AGENT, agent="anna"), password="",
            now=later(0),
        )  # fmt: skip
        await session.execute(
            update(Line).where(Line.customer_id == WHO).values(contract_until=date(2027, 3, 2))
        )
        notes = [
            ContactNote(WHO, later(-86400.0 * age), Channel.VOICE, ContactDirection.INBOUND, reason, outcome)
            for age, reason, outcome in ((2, "fault", "solved"), (20, "invoice", "informed"))
        ]
        await Customers(rooms.db).note_contacts(session, notes)
    async with running(Core(rooms)) as made:
        yield made


@pytest.fixture
async def desk(browser: Browser, server: TestServer, core: Core) -> Tab:
    tab = await another(browser, server)
    await expect(
        tab.page.locator("#start")
    ).to_be_visible()  # it hears: a pop that came before is not told again
    return tab


async def another(browser: Browser, server: TestServer, **how: str) -> Tab:
    """Another window of Anna's."""
    cookie, _ = await server.app[DOOR].sessions.begin("anna", address="127.0.0.1", browser="a test")
    url = server.make_url("/desk")
    cookies = [{"name": COOKIE, "value": cookie, "domain": str(url.host), "path": "/"}]
    return await open_tab(browser, str(url), cookies=cookies, **how)  # type: ignore[arg-type]


async def talks(core: Core, page: Page, **pop: object) -> None:
    await core.joins(
        "anna", ATTEMPT, **{"campaign": "spring", "title": "Spring offer", "number": NUMBER, **pop}
    )
    await expect(page.locator("#why h2")).to_have_text("Spring offer")


async def wraps_up(core: Core, page: Page) -> None:
    core.desk.talked("anna")
    seat = core.desk.seat("anna")
    assert seat is not None
    seat.wrap_until = core.desk.seconds() + 30
    await core.presence.tell()
    await expect(page.locator("#state-word")).to_have_text("After the call")


async def said(rooms: Rooms) -> str:
    async with rooms.db.read() as session:
        found = await session.scalar(select(Attempt.disposition).where(Attempt.id == ATTEMPT))
    return found or ""


async def test_a_talk_from_pop_to_one_key(desk: Tab, core: Core, rooms: Rooms) -> None:
    page = desk.page
    await expect(page.get_by_role("heading", name="Start your shift")).to_be_visible()
    assert await axe_in_both(page) == []
    await look(page, "desk-start")
    core.desk.sign_in("anna")
    await core.presence.tell()
    await expect(page.locator("#between-words")).to_have_text("Ready for the next call")
    assert await axe_in_both(page) == []
    await look(page, "desk-ready")
    await attempt(rooms, customer=WHO)
    async with rooms.db.write() as session:
        contact = await session.scalar(select(Contact))
        assert contact is not None
        contact.fields = {**contact.fields, "notes": LONG}
    await talks(core, page, customer=WHO)
    await expect(page.locator(".customer-name")).to_be_visible()
    await expect(page.locator("#who")).to_contain_text("12 months left")
    await expect(page.locator("#who")).to_contain_text(f"The first 1200 of {len(LONG)} characters")
    assert await axe_in_both(page) == []
    assert await fits(page) == []
    await look(page, "desk-talk")
    await wraps_up(core, page)
    await page.keyboard.press("n")
    await page.keyboard.type("Takes it, 1 or 2 lines")  # digits in notes are no words
    await expect(page.locator("#draft-word")).to_have_text("Kept")
    await page.keyboard.press("Alt+2")
    await expect(page.locator("#undo-word")).to_contain_text("Not interested")
    await page.keyboard.press("Escape")
    await expect(page.locator("#undo")).to_be_hidden()
    assert await said(rooms) == ""
    await page.keyboard.press("Alt+1")
    await expect(page.locator("#tell")).to_contain_text("Saved: Done")
    assert await said(rooms) == "done"
    assert core.asked[-1][1]["fields"] == {"notes": "Takes it, 1 or 2 lines"}
    assert core.asked[-1][1]["ready"] is True
    core.desk.wrapped_up("anna")
    await core.presence.tell()
    await expect(page.locator("#between-words")).to_have_text("Ready for the next call")
    assert desk.complained() == []


async def test_the_page_stays_readable_while_the_script_is_on_its_way(
    desk: Tab, core: Core, rooms: Rooms
) -> None:
    page = desk.page
    asked, looked = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        asked.set()
        await looked.wait()
        await route.continue_()

    await page.route("**/scripts/run?*", slowly)
    core.desk.sign_in("anna")
    await attempt(rooms, customer=WHO)
    await talks(core, page, customer=WHO)
    await expect(page.locator(".customer-name")).to_be_visible()
    await asked.wait()
    assert await axe_in_both(page) == []
    async with page.expect_response("**/scripts/run?*"):
        looked.set()


async def test_a_number_that_is_busy_and_a_colleague_who_left_are_told_of(desk: Tab, core: Core) -> None:
    page, bulletins = desk.page, Bulletins(core.rooms.live)
    core.desk.sign_in("anna")
    await core.presence.tell()
    await expect(page.locator("#state-word")).to_have_text("Ready")
    dialled = {"agent": "anna", "call": "a-0", "parties": [], "recording": "off"}
    bulletins.put("anna", {**dialled, "state": "dialling", "note": {}})
    note = {"not_reached": "•••••••••019", "why": "busy"}
    bulletins.put("anna", {**dialled, "state": "over", "note": note})
    await expect(page.locator("#dial [role=alert]")).to_have_text("•••••••••019 was not reached: busy")
    await talks(core, page, customer=WHO)
    word = {"agent": "anna", "call": ATTEMPT, "parties": [], "recording": "off"}
    for state in ("held", "talking"):  # told once, however often the talk changes
        bulletins.put("anna", {**word, "state": state, "note": {"left": "bruno"}})
    await expect(page.locator("#callbar")).to_have_attribute("data-talk", "talking")
    await expect(page.locator("#tell p")).to_have_text(["bruno has left the call"])
    bulletins.over("anna", ATTEMPT)
    await expect(page.locator("#dial [role=alert]")).to_be_hidden()


async def test_a_call_back_by_both_clocks_survives_a_reload(desk: Tab, core: Core, rooms: Rooms) -> None:
    page = desk.page
    async with rooms.db.write() as session:
        await session.execute(update(Customer).where(Customer.id == WHO).values(zone="Asia/Dubai"))
    await attempt(rooms, customer=WHO, zone="Asia/Dubai", profile="it")
    await talks(core, page, customer=WHO)
    await expect(page.locator(".customer-name")).to_be_visible()
    await page.keyboard.press("3")
    await expect(page.locator("#callback-at")).to_be_focused()
    await page.get_by_role("button", name="In an hour").wait_for()
    await page.locator("#callback-at").fill("2026-03-03T23:30")
    await expect(page.locator("#callback-problem")).to_contain_text("outside the hours")
    await look(page, "desk-callback")
    assert await axe_in_both(page) == []
    await page.get_by_role("button", name="Take 2026").click()
    await expect(page.locator("#callback-problem")).to_be_hidden()
    await expect(page.locator("#callback-both")).to_contain_text("Asia/Dubai")
    await page.locator("#notes").fill("<b>dopo cena</b>")
    await expect(page.locator("#draft-word")).to_have_text("Kept")
    chosen = await page.locator("#callback-at").input_value()
    await page.reload()
    await expect(page.locator("#notes")).to_have_value("<b>dopo cena</b>")
    await expect(page.locator("#callback-at")).to_have_value(chosen)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#tell")).to_contain_text("Saved: Call back at a time")
    assert await said(rooms) == "call_back"
    assert desk.complained() == []


async def test_a_word_that_is_saved_late_leaves_the_next_call_s_form_alone(
    desk: Tab, core: Core, rooms: Rooms
) -> None:
    page = desk.page
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        asked.set()
        await answered.wait()
        await route.continue_()

    await page.route("**/desk/outcome", slowly)
    await attempt(rooms, customer=WHO)
    await talks(core, page, customer=WHO)
    await expect(page.locator(".customer-name")).to_be_visible()
    await page.keyboard.press("1")
    await page.keyboard.press("Control+Enter")
    await asked.wait()
    core.desk.talked("anna")
    core.desk.wrapped_up("anna")
    await core.joins("anna", "in-2", title="0611", number=number_of(3))
    await expect(page.locator("#unknown")).to_be_visible()  # the card of the next one
    await page.locator("#notes").fill("Of the next one")
    await expect(page.locator("#draft-word")).to_have_text("Kept")
    async with page.expect_response("**/desk/outcome"):
        answered.set()
    await expect(page.locator("#tell")).to_contain_text("Saved: Done")
    await expect(page.locator("#outcome-problem")).to_be_hidden()
    await page.locator("#notes").fill("Of the next one, and more")
    await expect(page.locator("#draft-word")).to_have_text("Kept")
    assert await said(rooms) == "done"
    assert desk.complained() == []


async def test_the_older_window_looks_on_and_may_take_over(
    desk: Tab, browser: Browser, server: TestServer, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO)
    await talks(core, desk.page, customer=WHO)
    await expect(desk.page.locator(".customer-name")).to_be_visible()
    newer = await another(browser, server)
    await expect(newer.page.locator(".customer-name")).to_be_visible()
    await expect(desk.page.locator("#other-tab")).to_be_visible()
    await expect(desk.page.locator("#notes")).to_be_disabled()
    await look(desk.page, "desk-other-tab")
    assert await axe_in_both(desk.page) == []
    await desk.page.get_by_role("button", name="Take over here").click()
    await expect(desk.page.locator("#other-tab")).to_be_hidden()
    await expect(newer.page.locator("#other-tab")).to_be_visible()
    await expect(newer.page.locator("#notes")).to_be_disabled()
    await desk.page.locator("#notes").fill("mine again")
    await expect(desk.page.locator("#draft-word")).to_have_text("Kept")


async def test_scripts_in_names_and_notes_are_only_text(desk: Tab, core: Core, rooms: Rooms) -> None:
    page = desk.page
    async with rooms.db.write() as session:
        await session.execute(update(Customer).where(Customer.id == WHO).values(name=HOSTILE + "x" * 500))
    await attempt(rooms, customer=WHO)
    async with rooms.db.write() as session:
        contact = await session.scalar(select(Contact))
        assert contact is not None
        contact.fields = {
            "<img src=x onerror=alert(1)>": "<img src=x onerror=alert(2)>",
            "notes": HOSTILE * 400,
        }
    page.on("dialog", lambda dialog: desk.complaints.append(f"a dialog: {dialog.message}"))
    await talks(core, page, customer=WHO, title=HOSTILE)
    await expect(page.locator(".customer-name")).to_contain_text("<script>")
    await expect(page.locator(".earlier")).to_contain_text("<script>")
    assert await page.locator("#who img, #who script").count() == 0
    assert await fits(page) == []
    await page.locator("#notes").fill("z" * 4100)
    await expect(page.locator("#notes-count")).to_have_text("100 characters too long")
    await page.keyboard.press("Alt+1")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#outcome-problem")).to_contain_text("100 characters too long")
    assert await page.locator("#notes").input_value() == "z" * 4100
    assert await said(rooms) == ""
    assert desk.complained("400") == []


async def test_a_stranger_is_found_and_becomes_the_call_s_customer(desk: Tab, core: Core) -> None:
    page = desk.page
    await core.joins("anna", "in-1", title="0611", number=number_of(3), path=["faults"], waited=75)
    await expect(page.locator("#unknown")).to_be_visible()
    await expect(page.locator("#why")).to_contain_text("1:15")
    await page.keyboard.press("c")
    await page.keyboard.type(number_of(3))
    await page.keyboard.press("Enter")
    button = page.get_by_role("button", name="It is them")
    await expect(button).to_be_focused()
    await look(page, "desk-stranger")
    assert await axe_in_both(page) == []
    await page.keyboard.press("Enter")
    await expect(page.locator(".customer-name")).to_be_visible()
    await expect(page.locator("#unknown")).to_be_hidden()
    assert desk.complained() == []


async def test_a_session_that_ends_in_mid_call_is_begun_again_in_place(
    desk: Tab, server: TestServer, core: Core, rooms: Rooms
) -> None:
    page = desk.page
    await attempt(rooms, customer=WHO)
    await talks(core, page, customer=WHO)
    await expect(page.locator(".customer-name")).to_be_visible()
    await server.app[DOOR].sessions.end_all("anna")
    await page.locator("#notes").fill("typed meanwhile")
    dialog = page.get_by_role("dialog", name="Your session has ended")
    await expect(dialog).to_be_visible()
    await look(page, "desk-session-over")
    cookie, _ = await server.app[DOOR].sessions.begin("anna", address="127.0.0.1", browser="a test")
    await desk.context.add_cookies(
        [{"name": COOKIE, "value": cookie, "url": str(server.make_url("/"))}]
    )  # as another window would
    await page.keyboard.press("Escape")
    await page.locator("#notes").fill("typed meanwhile, and after")
    await expect(page.locator("#draft-word")).to_have_text("Kept")
    assert await page.locator("#notes").input_value() == "typed meanwhile, and after"
