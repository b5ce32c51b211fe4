"""Operations on a whole telco, with simulated agents and a town that answers.

Operations lowers the abandonment that a predictive campaign may have, sees beforehand what that would cost,
applies it, sees the campaign go by it, and takes it back. An alarm is raised.
"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page, expect

from customers.seed import id_of, number_of
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.alarms import put_rule
from tests.rig import CODE, Loopback
from tests.system.telco import Telco, running_telco
from tests.web.browser import SOON, Tab, axe_in_both, chromium, look, open_tab, sign_in
from users import Person, Role, add_user, change_user, hash_password
from values import SystemClock

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PASSWORD = "one two three four five"
AGENTS, PEOPLE = 12, 180
SHOWN = "+390650000611"
TALK, WRAP = "8", "4"


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    settings = {"city": "on", "city_calls_a_minute": "0", "city_repair_seconds": "0"}
    with running_telco(loopback, **settings) as running:
        asyncio.run(_people(running))
        yield running


async def _people(telco: Telco) -> None:
    """Olga of operations, and a spring campaign with all the town to call."""
    now = SystemClock().now()
    async with telco.db() as db, db.write() as session:
        olga = Person(name="olga", title="Olga Neri", role=Role.OPERATIONS)
        await add_user(session, olga, password="", now=now)
        await change_user(session, "olga", password=hash_password(PASSWORD), must_change=False)
        plan = CampaignPlan(
            name="spring", title="Spring fibre upgrade", flow="proactive.fault_closure",
            purpose=Purpose.SERVICE, profile="none", caller_id=SHOWN, mode=Mode.PREDICTIVE,
            max_abandon=0.03, lines=60, ring_seconds=10.0,
            calls_per_second=20.0, wrap_seconds=4.0, retry={"max_attempts": 1, "outcomes": {}},
        )  # fmt: skip
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
        people = [
            NewContact(
                campaign="spring", event_id=f"{i}-{again}", customer_id=id_of(i), number=number_of(i)
            )
            for again in range(4) for i in range(PEOPLE)
        ]  # fmt: skip
        await enqueue(session, people, now)
        rule = {"figure": "campaign.left", "side": "above", "threshold": 10, "severity": "critical"}
        await put_rule(session, rule, by="olga", at=now)


@pytest.fixture
async def staff(telco: Telco) -> AsyncIterator[None]:
    """Simulated agents at work."""
    words = ["agents", "simulate", "--count", str(AGENTS), "--talk", TALK, "--wrap", WRAP]
    program = subprocess.Popen(  # noqa: ASYNC220, S603  (it returns at once; our own words)
        [sys.executable, "-m", "centralino", *words],
        cwd=CODE, env=telco.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    yield
    program.send_signal(signal.SIGINT)
    await asyncio.to_thread(program.wait, 30)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def page_of(browser: Browser, telco: Telco, name: str, path: str) -> Tab:
    tab = await open_tab(browser, f"http://{telco.loopback.node}:8080/sign-in?next={path}")
    await sign_in(tab.page, name, PASSWORD)
    await expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    return tab


async def figure(page: Page, name: str) -> float:
    """A figure of the forecast, as it is and as it would be: their difference in points of a per cent."""
    row = page.locator(f'#prospects [data-figure="{name}"]')
    now, then = [
        await row.locator(f'[data-of="{of}"]').evaluate("e => e.firstChild.data") for of in ("now", "changed")
    ]
    return float(then.rstrip("%")) - float(now.rstrip("%"))


async def test_operations_sees_what_less_abandonment_costs_applies_it_and_takes_it_back(
    telco: Telco, staff: None, browser: Browser
) -> None:
    olga = await page_of(browser, telco, "olga", "/floor")
    floor = olga.page
    spring = floor.locator("#campaigns tr", has_text="Spring fibre upgrade")
    await expect(spring).to_contain_text("calling", timeout=60_000)
    await expect(floor.locator("#signed-in")).to_have_text(f"{AGENTS} agents signed in", timeout=60_000)
    await expect(spring.locator("td").nth(6)).not_to_have_text("0", timeout=60_000)  # talking
    # the threshold that was set is crossed, told aloud, and seen by somebody
    alarm = floor.locator("#alarms li", has_text="Spring fibre upgrade: contacts left")
    await expect(alarm).to_be_visible(timeout=30_000)
    await alarm.get_by_role("button").click()
    await expect(alarm).to_contain_text("seen by Olga Neri")

    # tuning: what half the abandonment would cost is seen before it is applied
    await spring.get_by_role("link").click()
    page = floor
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Spring fibre upgrade")
    await expect(page.locator("#live")).to_contain_text("of 3.0%", timeout=30_000)
    await page.get_by_label("Abandonment at most").fill("0.2")
    await known(page)
    assert await figure(page, "utilisation") < 0
    assert await figure(page, "abandonment") <= 0
    await page.get_by_label("Why", exact=True).fill("complaints")
    await look(page, "campaign")
    assert await axe_in_both(page) == []
    await page.get_by_role("button", name="Apply").click()
    await expect(page.locator("#live")).to_contain_text("of 0.2%", timeout=30_000)
    await expect(page.locator("#history tbody tr").first).to_contain_text("olga")
    await expect(page.locator("#history tbody tr").first).to_contain_text("complaints")
    await page.get_by_role("button", name="Undo the last change").click()
    await expect(page.locator("#live")).to_contain_text("of 3.0%", timeout=30_000)
    assert olga.complained("409", "401") == []


async def known(page: Page) -> None:
    """Until enough calls have ended for a forecast."""
    for _ in range(20):
        await page.get_by_role("button", name="Work it out").click()
        await page.locator("#foreseeing").wait_for(state="hidden", timeout=4 * SOON)
        if await page.locator("#prospects").is_visible():
            return
        await expect(page.locator("#what-if-problem")).to_contain_text("Too few calls")
        await page.wait_for_timeout(2000)
    raise AssertionError("the campaign never knew enough")
