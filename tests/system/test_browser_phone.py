"""Telephones in a real Chromium on a whole telco: an agent's line, and a visitor who rings 0611."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from agents import agent_card, put_agents
from centralino.handsets import visitor_number
from centralino.rooms import TRANSFERS
from customers.seed import number_of
from ivr import FlowLibrary, FlowStore
from ivr.speech.testing import tone_of
from tests.rig import Loopback
from tests.sip import Call, SipPhone, tone
from tests.system.browser_phone import LOOPBACK, PASSWORD, BrowserPhone, account, bundle, whistling
from tests.system.telco import Telco, running_telco
from tests.web.browser import axe_in_both, chromium, fits, look, open_tab
from users import Person, User, add_user, change_user, hash_password
from values import SystemClock

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

AGENT, CALLER = 1000.0, 1900.0
MENU, CONNECTING, THANKS = "Press 1.", "I am connecting you.", "Thank you for your call."
FLOW = f"""\
flow: care.service_0611
title: A menu and an agent
languages: [en]
start: main
give_up: bye
inputs:
  caller: {{type: text, sample: "+393290000017"}}
  customer_id: {{type: text, sample: "", private: true}}
  customer_name: {{type: text, sample: Anna Rossi}}
  known: {{type: flag, sample: true}}
steps:
  main:
    menu:
      greeting: {{en: "{MENU}"}}
      choices: {{"1": connecting, "2": thanks}}
      no_input: {{tries: 3, to: bye}}
      no_match: {{tries: 3, to: bye}}
  connecting:
    say: {{en: "{CONNECTING}"}}
    next: to_an_agent
  to_an_agent:
    transfer: agents
    ring: 60s
    next: thanks
  thanks:
    say: {{en: "{THANKS}"}}
    next: bye
  bye:
    end: talked_to_agent
    goal: true
"""


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    with running_telco(loopback, city="on", city_calls_a_minute="0", city_repair_seconds="0") as running:
        asyncio.run(_people(running))
        yield running


async def _people(telco: Telco) -> None:
    """The flow is published, and Anna works here."""
    async with telco.db() as db:
        clock = SystemClock()
        await FlowStore(db, clock, transfers=TRANSFERS).publish([FLOW], by="test")
        library = FlowLibrary(db, clock)
        await library.refresh()
        edition = f"edition={library.edition().number} "
    await telco.until(lambda: edition in telco.log("core") + " ", what="the new flow")
    async with telco.db() as db, db.write() as session:
        if await session.get(User, "anna") is None:
            await add_user(session, Person("anna", agent="anna"), password="", now=SystemClock().now())
        await change_user(session, "anna", password=hash_password(PASSWORD), must_change=False)
        await put_agents(session, [agent_card("anna", endpoint="agent01")], now=SystemClock().now())


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    return bundle(tmp_path_factory.mktemp("bundle"))


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with chromium(*LOOPBACK, whistling(AGENT, tmp_path / "agent.wav")) as running:
        yield running


@pytest.fixture
async def anna(telco: Telco, browser: Browser, script: str) -> AsyncIterator[BrowserPhone]:
    """Anna has opened her desk: her telephone has registered, and the line that she is rung for is up."""
    phone = await BrowserPhone.opened(browser, telco, script, await asyncio.to_thread(account, telco, "anna"))
    await phone.is_now("registered", "in_call")
    await command(telco, "sign-in")
    await phone.is_now("in_call")
    await command(telco, "ready")
    await anna_is(telco, "ready")
    yield phone
    await command(telco, "sign-out")


async def command(telco: Telco, what: str) -> None:
    await asyncio.to_thread(telco.post, f"agents/anna/{what}")


async def anna_is(telco: Telco, *states: str, within: float = 20.0) -> None:
    seen: list[str] = []

    async def so() -> bool:
        seen.append((await asyncio.to_thread(telco.api, "agents/anna"))["state"])
        return seen[-1] in states

    try:
        await telco.until(so, within=within, what=f"Anna's being {' or '.join(states)}")
    except AssertionError as problem:
        raise AssertionError(f"{problem}; she was {seen[-1]}") from None


@pytest.fixture
async def town(telco: Telco) -> AsyncIterator[SipPhone]:
    """Somebody in the town with a telephone of their own."""
    async with SipPhone(telco.loopback.city) as phone:
        yield phone


async def put_through(telco: Telco, town: SipPhone, number: str) -> Call:
    """They ring 0611, press 1 and talk to Anna."""
    call = await (await town.call(telco.service, caller=number)).answered()
    await call.hears(tone_of(MENU))
    await call.press("1")
    await call.hears(AGENT, within=20)
    return call


async def test_a_talk_in_the_browser_outlives_a_reload_and_a_closed_window_frees_both(
    telco: Telco, anna: BrowserPhone, town: SipPhone
) -> None:
    call = await put_through(telco, town, number_of(61))
    await call.say(tone(CALLER, 1.0), wait=False)
    await anna.hears(CALLER)
    await anna.press("42")
    await call.receives("42")
    await anna_is(telco, "talking")

    await anna.again()
    await anna_is(telco, "wrap_up", "talking")
    call.voice.ear.forget()
    await call.hears(AGENT, within=20)
    await anna_is(telco, "talking")
    await call.say(tone(CALLER, 1.0), wait=False)
    await anna.hears(CALLER)

    before = len(telco.logged("core", "agent.phone_gone"))
    await anna.page.close()
    await telco.until(
        lambda: len(telco.logged("core", "agent.phone_gone")) > before, what="word of her going"
    )
    await anna_is(telco, "wrap_up")
    call.voice.ear.forget()
    await call.hears(lasts=1.0)  # music, not silence
    call.hangup()
    story = await telco.ended_call(number=number_of(61))
    assert story["trace"][1]["keys"] == "1"


async def test_the_panel_tells_devices_and_levels_and_lets_an_agent_hear_themselves(
    anna: BrowserPhone,
) -> None:
    panel = anna.page.locator("#panel")
    await expect(panel.get_by_role("status").first).to_have_text("Your line is up")
    microphone = panel.get_by_label("Microphone")
    await expect(microphone.locator("option")).not_to_have_count(1)
    await anna.page.wait_for_function(
        "() => +getComputedStyle(document.querySelector('.phone-level')).getPropertyValue('--level') > .3"
    )
    await panel.get_by_role("button", name="Hear yourself").press("Enter")
    await expect(panel).to_contain_text("you should hear yourself")
    await anna.hears(AGENT)
    assert await axe_in_both(anna.page) == []
    assert await fits(anna.page) == []
    await look(anna.page, "phone-panel", widths=(1280,))
    await panel.get_by_role("button", name="Stop").press("Enter")
    await expect(panel.get_by_role("button", name="Hear yourself")).to_be_focused()
    await anna.is_now("in_call")
    await microphone.select_option(index=1)
    chosen = await microphone.input_value()
    await anna.again()
    await expect(microphone).to_have_value(chosen)
    assert anna.tab.complained("WebSocket") == []


async def test_the_switch_falls_and_the_line_is_up_again_by_itself(telco: Telco, anna: BrowserPhone) -> None:
    panel = anna.page.locator("#panel")
    async with telco.without("asterisk"):
        await anna.is_now("network_lost")
        await expect(panel.get_by_role("status").first).to_have_text("No connection")
        await expect(panel.get_by_role("alert")).to_contain_text("hears music for ten seconds")
    await anna.is_now("in_call", within=40)
    await anna_is(telco, "ready")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"),
            "does not let us hear you",
        ),
        (("--use-fake-ui-for-media-stream",), "There is no microphone"),
    ],
    ids=["refused", "absent"],
)
async def test_a_microphone_that_is_not_there_is_told_in_words(
    telco: Telco, script: str, arguments: tuple[str, ...], words: str
) -> None:
    told = await asyncio.to_thread(account, telco, "anna")
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", *arguments]
        )
        phone = await BrowserPhone.opened(browser, telco, script, told)
        await phone.is_now("microphone_refused")
        panel = phone.page.locator("#panel")
        await expect(panel.get_by_role("alert")).to_contain_text(words)
        await expect(panel.get_by_role("button", name="Try again")).to_be_visible()
        await expect(panel.get_by_role("button", name="Hear yourself")).to_be_disabled()
        await look(phone.page, f"phone-{words[:9].strip()}", widths=(1280,))
        await browser.close()


async def test_a_visitor_rings_0611_presses_a_key_and_is_called_back(telco: Telco, browser: Browser) -> None:
    tab = await open_tab(browser, f"http://{telco.loopback.node}:8080/")
    page = tab.page
    await page.get_by_role("button", name="Ring 0611").click()
    await expect(page.get_by_role("status").first).to_have_text("You are connected.")
    number = visitor_number(0)
    await telco.at_step(number, "main")
    assert await axe_in_both(page) == []
    await look(page, "visitor", widths=(1280,))
    await page.keyboard.press("2")
    await expect(page.get_by_role("status").first).to_contain_text(number)
    story = await telco.ended_call(number=number)
    assert (story["trace"][1]["keys"], story["outcome"]) == ("2", "talked_to_agent")
    given = ("--with", "known=true", "--with", "customer_name=Anna", "--with", "language=en")
    placing = asyncio.create_task(telco.run("call", number, "--flow", "care.service_0611", *given))
    await page.get_by_role("button", name="Answer").click(timeout=30_000)
    await telco.at_step(number, "main")
    await page.get_by_role("button", name="2", exact=True).click()
    await expect(page.get_by_role("button", name="Ring 0611")).to_be_visible()
    assert (await placing).returncode == 0
    assert tab.complaints == []
