"""How soon an agent sees who it is: from the bridge to the painted card, in a real Chromium on a real telco.

A campaign calls customers one after the other for one agent whose desk is open in the browser. The moment of
the bridge is what Asterisk said and the product wrote down (`attempts.joined`), the card's when the browser
has drawn the frame with the customer's whole card. Both are clocks of this one machine.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, Final

from playwright.async_api import Page, async_playwright
from sqlalchemy import select

from agents import agent_card, put_agents
from bench.caller import Caller
from bench.figures import Goal, Printed, percentile, rounded
from bench.joins import DESK
from bench.lines import NODE, TRUNK
from bench.telco import BenchError, Telco, running
from customers.seed import id_of, number_of
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.models import Attempt
from tests.sip import Call, Login, SipPhone
from users import Person, Role, User, add_user, change_user, hash_password
from values import SystemClock, new_id

JOINS: Final = 40
STAYS: Final = 0.8
"""Seconds that each customer stays."""
AGENT: Final = "agent01"
CAMPAIGN: Final = "bench.pop"
PASSWORD: Final = "one two three four"  # noqa: S105  (of a telco that is gone in a minute)
_LONGEST: Final = 6.0
"""Seconds that one call may take."""
_MARKS: Final = """
() => performance.getEntriesByName("desk-card").map(({ detail }) => detail)
"""


async def measure(telco: Telco, caller: Caller) -> Printed:
    """As many joins, one after the other."""
    return await _measure(telco, caller, JOINS)


async def _measure(telco: Telco, caller: Caller, joins: int) -> Printed:
    del caller
    await _people(telco)
    async with AsyncExitStack() as stack:
        await _telephones(telco, stack)
        play = await stack.enter_async_context(async_playwright())
        browser = await play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        stack.push_async_callback(browser.close)
        page = await browser.new_page()
        loaded = await _start_shift(page)
        await _campaign(telco, joins)
        seen = await _seen(page, joins)
    joined = await _joined(telco)
    delays = [(seen[call] - at) / 1000 for call, at in joined.items() if call in seen]
    return {
        "joins": len(joined),
        "bridge_to_painted_milliseconds": {
            "p50": rounded(percentile(delays, 0.5) * 1000),
            "p95": Goal("<=", 100).judged(percentile(delays, 0.95) * 1000),
            "longest": rounded(max(delays, default=0.0) * 1000),
        },
        "not_shown": Goal("<=", 0).judged(len(joined) - len(delays)),
        "page_loaded_milliseconds": Goal("<", 1000).judged(loaded),
    }


async def _people(telco: Telco) -> None:
    now = SystemClock().now()
    async with telco.db.write() as session:
        if await session.get(User, AGENT) is None:
            person = Person(name=AGENT, title="Bench", role=Role.AGENT, agent=AGENT)
            await add_user(session, person, password="", now=now)
        await change_user(session, AGENT, password=hash_password(PASSWORD), must_change=False)
        await put_agents(session, [agent_card(AGENT)], now=now)


async def _telephones(telco: Telco, stack: AsyncExitStack) -> None:
    """The agent's own telephone, and one for all customers."""

    async def stay(call: Call) -> None:
        await call.answer()
        await asyncio.sleep(STAYS)
        call.hangup()

    async def pick_up(call: Call) -> None:
        await call.answer()

    carrier = await stack.enter_async_context(SipPhone(TRUNK, 5060, user="carrier"))
    carrier.on_call = stay
    login = Login(AGENT, await _password(telco))
    phone = await stack.enter_async_context(SipPhone(DESK, login=login))
    phone.on_call = pick_up
    if (status := await phone.register(f"sip:{NODE}:5060")) != 200:  # noqa: PLR2004
        raise BenchError(f"{AGENT} was not registered: {status}")


async def _password(telco: Telco) -> str:
    accounts = json.loads(await telco.command("agents", "phones"))
    return next(str(each["password"]) for each in accounts if each["name"] == AGENT)


async def _start_shift(page: Page) -> float:
    """Sign in, with the telephone on the table; how long the desk took to load, in milliseconds."""
    await page.goto(f"http://{NODE}:8080/sign-in?next=/desk")
    await page.fill("[name=name]", AGENT)
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_selector("#start:not([hidden])")
    loaded: float = await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    await page.check("input[name=phone][value=sip]")
    await page.click("#do-start")
    await page.wait_for_selector("#state[data-state=ready]", timeout=60_000)
    return loaded


async def _campaign(telco: Telco, joins: int) -> None:
    plan = CampaignPlan(
        name=CAMPAIGN, flow="bench.steps", purpose=Purpose.SERVICE, profile="none",
        caller_id="+390650000611", mode=Mode.PROGRESSIVE, wrap_seconds=0.3,
    )  # fmt: skip
    people = [
        NewContact(
            campaign=CAMPAIGN,
            event_id=new_id("bench"),
            customer_id=id_of(place),
            number=number_of(place),
        )
        for place in range(joins)
    ]
    async with telco.db.write() as session:
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
        await enqueue(session, people, SystemClock().now())


async def _seen(page: Page, joins: int) -> Mapping[str, float]:
    """When each call's card was painted, in milliseconds since 1970; as many as came in time."""
    clock = SystemClock()
    until = clock.monotonic() + 20 + joins * _LONGEST
    marks: list[dict[str, Any]] = []
    while len({each["call"] for each in marks}) < joins and clock.monotonic() < until:
        await clock.sleep(0.5)
        marks = await page.evaluate(_MARKS)
    first: dict[str, float] = {}
    for mark in marks:
        first.setdefault(mark["call"], float(mark["at"]))
    return first


async def _joined(telco: Telco) -> Mapping[str, float]:
    async with telco.db.read() as session:
        found = await session.execute(
            select(Attempt.id, Attempt.joined).where(
                Attempt.campaign == CAMPAIGN, Attempt.joined.is_not(None)
            )
        )
        return {call: at.timestamp() * 1000 for call, at in found if at is not None}


async def _main(joins: int) -> None:
    async with running() as telco:
        print(json.dumps(await _measure(telco, Caller(NODE, TRUNK, telco.numbers), joins), indent=2))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else JOINS))
