"""An agent asks a survey's questions in a real Chromium, by keyboard alone, and nothing of it is lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import select, update

from centralino.rooms import Rooms
from customers.seed import id_of, seed
from dialer.models import Attempt, Contact
from surveys import FLOWS
from surveys.cati import publish_scripts
from surveys.cati.endings import ENDINGS
from surveys.interviews import Invitation, invite
from surveys.models import Answer, Interview, InterviewState, Mode, Occasion, Survey
from tests.calls.samples import later
from tests.web.browser import Tab, axe_in_both, chromium, fits, look, open_tab
from tests.web.conftest import TOKEN
from tests.web.desk_scene import ATTEMPT, NUMBER, Core, attempt, running
from users import Person, Role, User, add_user
from values.testing import FixedClock
from web import Parts, create_app
from web.keys import DOOR
from web.visitor import COOKIE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

WHO = id_of(7)
INTERVIEW, OTHER = "i-1", "i-2"


@pytest.fixture
async def server(rooms: Rooms, tmp_path: Path, clock: FixedClock) -> AsyncIterator[TestServer]:
    """The application of a house whose scripts can have the business do things."""
    parts = Parts(
        rooms.db, rooms.live, rooms.library, clock, TOKEN, gate=rooms.gate, lists=tmp_path / "lists",
        actions=rooms.actions,
    )  # fmt: skip
    serving = TestServer(create_app(parts))
    await serving.start_server(shutdown_timeout=1.0)
    try:
        yield serving
    finally:
        await serving.close()


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[Core]:
    """Anna is to ask two customers the four items; they have not been asked before."""
    async with rooms.db.write() as session:
        await seed(session, 20)
        person = Person(name="anna", title="Anna Rossi", role=Role.AGENT, agent="anna", language="en")
        await add_user(session, person, password="", now=later(0))
        session.add(
            Survey(
                name="voice", title="", questionnaire="surveys.four_items", occasion=Occasion.POLL,
                area="voice", active=True, plan={}, created=later(0),
            )
        )  # fmt: skip
        await session.flush()
        asked = [Invitation(survey="voice", customer_id=WHO, id=each) for each in (INTERVIEW, OTHER)]
        await invite(session, asked, later(0))
    await rooms.flows.publish([path.read_text("utf-8") for path in FLOWS.glob("*.yaml")], by="house")
    await publish_scripts(rooms.flows, by="house")
    await rooms.library.refresh()
    async with running(Core(rooms)) as made:
        yield made


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as made:
        yield made


async def opens(browser: Browser, server: TestServer) -> Tab:
    cookie, _ = await server.app[DOOR].sessions.begin("anna", address="127.0.0.1", browser="a test")
    url = server.make_url("/desk")
    cookies = [{"name": COOKIE, "value": cookie, "domain": str(url.host), "path": "/"}]
    return await open_tab(browser, str(url), cookies=cookies)


async def speaks(rooms: Rooms, language: str) -> None:
    """Anna reads her pages in another language."""
    async with rooms.db.write() as session:
        await session.execute(update(User).where(User.name == "anna").values(language=language))


async def is_joined(core: Core) -> None:
    """The survey's campaign has reached the customer, and anna talks to them."""
    await attempt(
        core.rooms, customer=WHO, script="surveys.four_items_desk", profile="it",
        dispositions=[each.model_dump(mode="json") for each in ENDINGS],
    )  # fmt: skip
    async with core.rooms.db.write() as session:
        contact = (await session.scalars(select(Contact))).one()
        contact.fields = {"interview": INTERVIEW, "language": "it"}
    await core.joins("anna", ATTEMPT, campaign="spring", title="Poll", customer=WHO, number=NUMBER)


async def is_joined_again(core: Core, call: str, interview: str) -> None:
    """Another call of the same campaign, for that interview."""
    async with core.rooms.db.write() as session:
        first = await session.get_one(Attempt, ATTEMPT)
        row = {each.key: getattr(first, each.key) for each in Attempt.__mapper__.column_attrs}
        session.add(Attempt(**(row | {"id": call, "disposition": ""})))
        contact = (await session.scalars(select(Contact))).one()
        contact.fields = {"interview": interview, "language": "it"}
    core.desk.talked("anna")
    core.desk.wrapped_up("anna")
    await core.presence.tell()
    await core.joins("anna", call, campaign="spring", title="Poll", customer=WHO, number=NUMBER)


async def found(rooms: Rooms, interview: str = INTERVIEW) -> tuple[InterviewState, Mode]:
    async with rooms.db.read() as session:
        row = await session.get_one(Interview, interview)
        return row.state, row.mode


async def answers(rooms: Rooms) -> dict[str, int | str | None]:
    async with rooms.db.read() as session:
        rows = await session.scalars(select(Answer).where(Answer.interview == INTERVIEW))
        return {row.item: row.text or row.value for row in rows}


async def said(rooms: Rooms, call: str = ATTEMPT) -> str:
    async with rooms.db.read() as session:
        return (await session.get_one(Attempt, call)).disposition


async def gives(page: Page, script: Locator, mark: str, then: str) -> None:
    """A mark is keyed, and the next question is there."""
    await page.keyboard.type(mark)
    await page.keyboard.press("Control+Enter")
    await expect(script).to_contain_text(then)


async def test_an_agent_asks_by_keyboard_alone_and_a_reload_loses_nothing(
    browser: Browser, server: TestServer, core: Core, rooms: Rooms
) -> None:
    tab = await opens(browser, server)
    page = tab.page
    await is_joined(core)
    script, words = page.locator("#script"), page.locator("#words-list")
    await expect(script).to_contain_text("Le faremo cinque domande")
    await expect(script).to_contain_text("If you would like to answer")
    assert INTERVIEW not in await page.locator("#why").inner_text()
    await look(page, "cati-consent")
    assert await axe_in_both(page) == []
    await page.keyboard.press("s")
    await page.keyboard.press("1")
    await expect(script).to_contain_text("tempo di attesa")
    await gives(page, script, "4", "corrette")
    assert await answers(rooms) == {"waiting": 4}
    await gives(page, script, "5", "le ha risposto")
    await page.reload()
    await expect(script).to_contain_text("le ha risposto")
    await page.keyboard.press("s")
    await gives(page, script, "3", "cortese")
    await page.keyboard.type("2")
    await look(page, "cati-scale")
    await gives(page, script, "", "Da 0 a 10")
    await page.keyboard.type("10")
    await expect(script.get_by_label("10", exact=True)).to_be_checked()
    await look(page, "cati-nps")
    assert await axe_in_both(page) == []
    assert await fits(page, widths=(1280, 1920)) == []
    await gives(page, script, "", "in your own words")
    await page.keyboard.press("1")
    await expect(script.get_by_role("heading", name="Comment")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.type("Attesa: 20 minuti.")
    await page.keyboard.press("Control+Enter")
    await expect(script).to_contain_text("Grazie per il tempo")
    await expect(words.get_by_label("Answered to the end")).to_be_checked()
    await look(page, "cati-end")
    assert await axe_in_both(page) == []
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#tell")).to_contain_text("Saved: Answered to the end")
    assert await said(rooms) == "complete"
    assert await found(rooms) == (InterviewState.COMPLETE, Mode.CATI)
    assert await answers(rooms) == {
        "waiting": 4, "correctness": 5, "ability": 3, "courtesy": 2, "recommend": 10,
        "comment": "Attesa: 20 minuti.",
    }  # fmt: skip
    assert tab.complained() == []


async def test_who_has_no_time_is_rung_again_who_breaks_off_is_partial_and_who_will_not_has_refused(
    browser: Browser, server: TestServer, core: Core, rooms: Rooms
) -> None:
    await speaks(rooms, "it")
    tab = await opens(browser, server)
    page = tab.page
    await is_joined(core)
    script = page.locator("#script")
    await expect(script).to_contain_text("Se vuole rispondere")
    await page.keyboard.press("s")
    await page.keyboard.press("1")
    await expect(script).to_contain_text("tempo di attesa")
    await gives(page, script, "2", "corrette")
    await page.keyboard.press("Alt+4")
    await expect(page.locator("#callback-at")).to_be_focused()
    await look(page, "cati-later-it", widths=(1280,))
    await page.get_by_role("button", name="Tra un'ora").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#tell")).to_contain_text("Richiamare a un orario")
    assert await said(rooms) == "call_back"
    assert (await found(rooms))[0] is InterviewState.STARTED

    await speaks(rooms, "ru")
    await is_joined_again(core, "a-2", INTERVIEW)
    await page.reload()
    await expect(script).to_contain_text("Согласие")
    await page.keyboard.press("s")
    await page.keyboard.press("1")
    await expect(script).to_contain_text("tempo di attesa")
    await expect(script.get_by_label("2", exact=True)).to_be_checked()  # as they said the last time
    await look(page, "cati-scale-ru")
    assert await axe_in_both(page) == []
    await script.get_by_role("button", name="Разговор окончен").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#words-list").get_by_label("Прервал опрос")).to_be_checked()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#tell")).to_contain_text("Прервал опрос")
    assert await said(rooms, "a-2") == "broken_off"
    assert (await found(rooms))[0] is InterviewState.PARTIAL
    assert await answers(rooms) == {"waiting": 2}

    await is_joined_again(core, "a-3", OTHER)
    await expect(script).to_contain_text("Le faremo cinque domande")
    await page.keyboard.press("s")
    await page.keyboard.press("2")
    await expect(script).to_contain_text("Va bene")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#tell")).to_contain_text("Не хочет отвечать")
    assert await said(rooms, "a-3") == "declined"
    assert (await found(rooms, OTHER))[0] is InterviewState.REFUSED
    assert tab.complained() == []
