"""An agent at the desk on a whole telco: browser phone, predictive call, one key, call-back, transfer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select, update

from agents import agent_card, put_agents
from customers.models import Customer
from customers.seed import id_of, number_of
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.models import Attempt, Contact
from tests.rig import Loopback
from tests.sip import Behaviour, Call, NotHeardError, SipPhone, tone
from tests.system.browser_phone import LOOPBACK, PASSWORD, whistling
from tests.system.telco import Telco, running_telco
from tests.web.browser import Tab, axe_in_both, chromium, look, open_tab, sign_in
from users import Person, Role, User, add_user, change_user, hash_password
from values import SystemClock, new_id

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

AGENT, CUSTOMER, COLLEAGUE, SUPERVISOR = 1000.0, 1500.0, 1900.0, 2300.0
PEOPLE = (
    (Person(name="anna", title="Anna Rossi", role=Role.AGENT, agent="anna"), "agent01"),
    (Person(name="bruno", title="Bruno Conti", role=Role.AGENT, agent="bruno"), "agent03"),
    (Person(name="sara", title="Sara Lombardi", role=Role.SUPERVISOR, agent="sara"), "agent02"),
)
HOSTILE = "<img src=x onerror=alert(1)>"
EAR = """
const Plain = RTCPeerConnection;
window.heard = [];
window.RTCPeerConnection = class extends Plain {
  constructor(...given) { super(...given); window.heard.push(this); }
};
window.hertz = () => {
  const track = window.heard.at(-1)?.getReceivers()[0]?.track;
  if (!track) return 0;
  if (window.ear?.track !== track) {
    const context = new AudioContext({ sampleRate: 48000 });
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    window.ear = { track, analyser };
  }
  const bins = new Float32Array(window.ear.analyser.frequencyBinCount);
  window.ear.analyser.getFloatFrequencyData(bins);
  const loudest = bins.indexOf(Math.max(...bins));
  return bins[loudest] < -60 ? 0 : loudest * 48000 / 8192;
};
window.among = (hertz) => {
  window.hertz();
  if (!window.ear) return false;
  const bins = new Float32Array(window.ear.analyser.frequencyBinCount);
  window.ear.analyser.getFloatFrequencyData(bins);
  const place = Math.round(hertz * 8192 / 48000);
  return Math.max(...bins.slice(place - 3, place + 4)) > -60;
};
"""
"""A page's own ear on what its telephone hears: the loudest frequency, and whether one is among all."""


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    with running_telco(loopback) as running:
        asyncio.run(_people(running))
        yield running


async def _people(telco: Telco) -> None:
    now = SystemClock().now()
    async with telco.db() as db, db.write() as session:
        for person, phone in PEOPLE:
            if await session.get(User, person.name) is None:
                await add_user(session, person, password="", now=now)
            await change_user(session, person.name, password=hash_password(PASSWORD), must_change=False)
            card = agent_card(person.name, title=person.title, endpoint=phone)
            await put_agents(session, [card], now=now)
        await session.execute(update(Customer).where(Customer.id == id_of(5)).values(name=HOSTILE))


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with chromium(*LOOPBACK, whistling(AGENT, tmp_path / "agent.wav")) as running:
        yield running


@pytest.fixture
async def desk(telco: Telco, browser: Browser) -> AsyncIterator[Tab]:
    """Anna has signed in and started her shift with the telephone in her browser."""
    tab = await open_tab(browser, f"http://{telco.loopback.node}:8080/sign-in?next=/desk")
    await tab.context.add_init_script(EAR)
    await sign_in(tab.page, "anna", PASSWORD)
    await tab.page.get_by_role("button", name="Start", exact=True).click(timeout=60_000)
    await expect(tab.page.locator("#state-word")).to_have_text("Ready", timeout=30_000)
    yield tab
    await telco.run("agents", "ready", "anna")  # whatever is left of a wrap-up is not for the next story
    await telco.run("agents", "sign-out", "anna")


def whistles(hertz: float) -> Behaviour:
    async def behave(call: Call) -> None:
        await call.answer()
        while True:
            await call.say(tone(hertz, 0.5))

    return behave


async def place(telco: Telco, who: int) -> None:
    """Have the campaign call a customer."""
    plan = CampaignPlan(
        name="spring", title="Spring offer", flow="care.service_0611", purpose=Purpose.MARKETING,
        profile="none", caller_id="+390650000611", mode=Mode.PREDICTIVE, wrap_seconds=120.0,
    )  # fmt: skip
    contact = NewContact(
        campaign="spring", event_id=new_id("e"), customer_id=id_of(who), number=number_of(who), zone="",
        fields={"language": "it", "offer": "Fibra 2.5"},
    )  # fmt: skip
    async with telco.db() as db, db.write() as session:
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
        await enqueue(session, [contact], SystemClock().now())


async def hears(page: Page, hertz: float) -> None:
    """Her telephone hears a tone."""
    await page.wait_for_function("hertz => Math.abs(window.hertz() - hertz) < 20", arg=hertz, timeout=20_000)


async def talk(telco: Telco, carrier: SipPhone, page: Page, who: int) -> Call:
    """The campaign calls them, they answer, and Anna hears them and they her."""
    carrier.on_call = whistles(CUSTOMER)
    ringing = asyncio.ensure_future(carrier.rings(within=100))
    await place(telco, who)
    customer = await ringing
    await customer.hears(AGENT, within=20)
    await hears(page, CUSTOMER)
    await expect(page.locator("#state-word")).to_have_text("On a call")
    await expect(page.locator(".customer-name")).to_be_visible()
    return customer


async def attempt_of(telco: Telco, who: int) -> tuple[Attempt, Contact]:
    async with telco.db() as db, db.read() as session:
        query = select(Attempt, Contact).join(Contact, Contact.id == Attempt.contact_id)
        found = (await session.execute(query.where(Attempt.number == number_of(who)))).one()
    return found[0], found[1]


async def test_a_predictive_call_is_taken_disposed_by_key_and_a_call_back_booked(
    telco: Telco, carrier: SipPhone, desk: Tab
) -> None:
    page = desk.page
    customer = await talk(telco, carrier, page, 5)
    await expect(page.locator(".customer-name")).to_have_text(HOSTILE)  # text, and no picture
    assert await page.locator("#who img").count() == 0
    await look(page, "desk-on-a-call")
    await page.keyboard.press("n")
    await page.keyboard.type("wants fibre, asks for his wife")
    await expect(page.locator("#draft-word")).to_have_text("Kept")
    await page.keyboard.press("Alt+h")
    await expect(page.locator("[data-act=hold]")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Alt+h")
    await customer.hears(AGENT, within=15)
    customer.hangup()
    await expect(page.locator("#state-word")).to_have_text("After the call")
    await expect(page.locator("#state-time")).to_contain_text("left")
    await page.reload()
    await expect(page.locator("#notes")).to_have_value("wants fibre, asks for his wife")
    await expect(page.locator("#state-word")).to_have_text("After the call")
    assert await axe_in_both(page) == []
    await page.keyboard.press("3")
    await expect(page.locator("#callback-at")).to_be_focused()
    tomorrow = (SystemClock().now() + timedelta(days=1)).date()
    await page.locator("#callback-at").fill(f"{tomorrow}T11:00")
    await expect(page.locator("#callback-both")).to_contain_text("Europe/Rome")
    await page.get_by_label("I call myself").check()
    await look(page, "desk-wrap-up")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#tell")).to_contain_text("Saved")
    await expect(page.locator("#state-word")).to_have_text("Ready", timeout=30_000)
    made, contact = await attempt_of(telco, 5)
    assert (made.disposition, contact.agent, contact.fields["notes"]) == (
        "call_back", "anna", "wants fibre, asks for his wife",
    )  # fmt: skip
    assert contact.promised is not None
    assert contact.promised.astimezone().date() == tomorrow


async def test_a_reload_and_a_second_window_in_mid_talk_lose_nothing_and_a_transfer_frees_her(
    telco: Telco, carrier: SipPhone, desk: Tab
) -> None:
    page = desk.page
    customer = await talk(telco, carrier, page, 7)
    await page.locator("#notes").fill("moves house in May")
    await expect(page.locator("#draft-word")).to_have_text("Kept")
    await page.reload()
    await expect(page.locator("#notes")).to_have_value("moves house in May")
    await customer.hears(AGENT, within=30)  # her telephone is back, and the talk goes on
    second = await desk.context.new_page()
    await second.goto(f"http://{telco.loopback.node}:8080/desk")
    await expect(second.locator("#notes")).to_have_value("moves house in May")
    await expect(page.locator("#other-tab")).to_be_visible()
    await second.close()
    await page.get_by_role("button", name="Take over here").click()
    await expect(page.locator("#other-tab")).to_be_hidden()
    customer.voice.ear.forget()  # what was heard before the second window
    await customer.hears(AGENT, within=30)
    carrier.on_call = whistles(COLLEAGUE)
    elsewhere = asyncio.ensure_future(carrier.rings(within=100))
    await page.locator("[data-act=transfer]").click()
    await page.locator("#transfer-kind").select_option("number")
    await page.locator("#transfer-who").fill("+393290000190")
    await page.get_by_role("button", name="Put through at once").click()
    await (await elsewhere).answered()
    await customer.hears(COLLEAGUE, within=20)
    await expect(page.locator("#state-word")).to_have_text("After the call", timeout=30_000)
    await page.keyboard.press("1")
    await expect(page.locator("#tell")).to_contain_text("Saved: Done", timeout=20_000)
    assert (await attempt_of(telco, 7))[0].disposition == "done"


async def test_a_colleague_is_asked_first_and_then_has_the_customer(
    telco: Telco, carrier: SipPhone, desk: Tab, tmp_path: Path
) -> None:
    customer, page = await talk(telco, carrier, desk.page, 11), desk.page
    async with chromium(*LOOPBACK, whistling(COLLEAGUE, tmp_path / "colleague.wav")) as his:
        tab = await open_tab(his, f"http://{telco.loopback.node}:8080/sign-in?next=/desk")
        await tab.context.add_init_script(EAR)
        await sign_in(tab.page, "bruno", PASSWORD)
        bruno, heard = tab.page, "hertz => window.among(hertz)"
        await bruno.get_by_role("button", name="Start", exact=True).click(timeout=60_000)
        await expect(bruno.locator("#state-word")).to_have_text("Ready", timeout=30_000)
        await page.keyboard.press("t")
        await expect(page.locator("#transfer-list option")).to_have_count(1)  # who is there: Bruno
        await page.locator("#transfer-who").fill("bruno")
        await page.locator("#do-consult").click()
        await bruno.wait_for_function(heard, arg=AGENT, timeout=20_000)
        await page.wait_for_function(heard, arg=COLLEAGUE, timeout=20_000)
        await expect(bruno.locator("#callbar [data-act=hang_up]")).to_be_visible()
        for act in ("hold", "transfer", "complete", "conference", "cancel"):
            await expect(bruno.locator(f"#callbar [data-act={act}]")).to_be_hidden()
        await page.locator("#callbar [data-act=complete]").click()
        await bruno.wait_for_function(heard, arg=CUSTOMER, timeout=20_000)
        await customer.hears(COLLEAGUE, within=20)
        await expect(page.locator("#state-word")).to_have_text("After the call")
        customer.hangup()
        await expect(bruno.locator("#state-word")).to_have_text("After the call")
        await page.keyboard.press("1")
        await expect(page.locator("#tell")).to_contain_text("Saved: Done", timeout=20_000)
        await telco.run("agents", "sign-out", "bruno")


async def test_a_supervisor_whispers_with_her_own_browser_and_only_the_agent_hears_her(
    telco: Telco, carrier: SipPhone, desk: Tab, tmp_path: Path
) -> None:
    customer = await talk(telco, carrier, desk.page, 9)
    async with chromium(*LOOPBACK, whistling(SUPERVISOR, tmp_path / "supervisor.wav")) as hers:
        tab = await open_tab(hers, f"http://{telco.loopback.node}:8080/sign-in?next=/supervise")
        await tab.context.add_init_script(EAR)
        await sign_in(tab.page, "sara", PASSWORD)
        page, heard = tab.page, "hertz => window.among(hertz)"
        await page.locator("#own-phone summary").click()
        await page.locator("#phone-on").click()
        await expect(page.locator("#phone-panel")).to_contain_text("Your line is up", timeout=30_000)
        await page.locator("#own-phone summary").click()
        card = page.locator("#agents li").filter(has_text="Anna Rossi")
        await card.get_by_role("button", name="Listen").click()
        await expect(page.locator("#listening")).to_be_visible()
        for hertz in (AGENT, CUSTOMER):
            await page.wait_for_function(heard, arg=hertz, timeout=20_000)
        await card.get_by_role("button", name="Whisper").click()
        await desk.page.wait_for_function(heard, arg=SUPERVISOR, timeout=20_000)
        customer.voice.ear.forget()
        with pytest.raises(NotHeardError):
            await customer.hears(SUPERVISOR, within=2)
        await customer.hears(AGENT)
        await look(page, "supervise-whispers", widths=(1280,))
        await page.locator("#stop-listening").click()
        await expect(page.locator("#listening")).to_be_hidden()
    customer.hangup()
    await expect(desk.page.locator("#state-word")).to_have_text("After the call")
