"""How soon a person who answers hears an agent: 20 a second, through gate, dialler and a real Asterisk.

Customers are telephones at the trunk's address, agents have registered telephones whose legs are parked. What
is measured is what the product itself writes down for each attempt, from the answer to the moment in
which Asterisk says that both are in one bridge; and, at the customers' ears, the first packet of voice after
picking up.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bench.caller import Caller
from bench.figures import Goal, Printed, percentile, rounded
from bench.lines import NODE, TRUNK
from bench.telco import BenchError, Telco
from customers.seed import number_of
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.models import Attempt
from values import PhoneNumber, SystemClock, new_id

RATE: Final = 20.0
SECONDS: Final = 30.0
AGENTS: Final = 30
STAYS: Final = 0.7
"""Seconds that each customer stays: thirty agents are then enough."""
DESK: Final = "127.0.70.3"
"""Where agents' telephones are."""
CAMPAIGN: Final = "bench.joins"
_CARRIER_SEEN: Final = 12.0
"""Seconds within which Asterisk has found the carrier."""
_CODE: Final = Path(__file__).parent.parent
_SETTLED: Final = 30.0


async def measure(telco: Telco, caller: Caller) -> Printed:
    """A campaign of as many calls as the time bears, its agents always enough."""
    del caller
    calls = round(RATE * SECONDS)
    heard: list[float] = []
    async with _telephones(telco, heard):
        await _sign_in(telco)
        await asyncio.sleep(_CARRIER_SEEN)
        began = SystemClock().now()
        await _campaign(telco, calls, began)
        attempts = await _done(telco, calls)
    joins = [
        (each.joined - each.answered).total_seconds() for each in attempts if each.joined and each.answered
    ]
    times = sorted(each.joined for each in attempts if each.joined)
    rate = _rate(times)
    outcomes = {each.outcome for each in attempts}
    return {
        "calls": len(attempts),
        "agents": AGENTS,
        "joins_per_second": Goal(">=", 0.9 * RATE).judged(rate),
        "outcomes": {word: sum(each.outcome == word for each in attempts) for word in sorted(outcomes)},
        "answer_to_joined_milliseconds": {
            "p50": rounded(percentile(joins, 0.5) * 1000),
            "p99": Goal("<", 25).judged(percentile(joins, 0.99) * 1000),
            "longest": rounded(max(joins, default=0.0) * 1000),
        },
        "answer_to_first_voice_milliseconds": {
            "p50": rounded(percentile(heard, 0.5) * 1000),
            "p99": Goal("<", 100).judged(percentile(heard, 0.99) * 1000),
        },
        "not_joined": Goal("<=", 0).judged(calls - len(joins)),
    }


def _rate(times: Sequence[datetime]) -> float:
    """Joins a second, without the slower first and last tenth."""
    edge = len(times) // 10
    middle = times[edge : len(times) - edge]
    span = (middle[-1] - middle[0]).total_seconds() if len(middle) > 1 else 0.0
    return (len(middle) - 1) / span if span else 0.0


async def _campaign(telco: Telco, calls: int, now: datetime) -> None:
    plan = CampaignPlan(
        name=CAMPAIGN,
        flow="bench.steps",
        purpose=Purpose.SERVICE,
        profile="none",
        caller_id="+390650000611",
        lines=AGENTS,
        calls_per_second=RATE,
        mode=Mode.PROGRESSIVE,
        wrap_seconds=0.0,
    )
    people = [
        NewContact(
            campaign=CAMPAIGN, event_id=new_id("bench"), customer_id="", number=PhoneNumber(number_of(place))
        )
        for place in range(calls)
    ]
    async with telco.db.write() as session:
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
        await enqueue(session, people, now)


async def _done(telco: Telco, calls: int) -> Sequence[Attempt]:
    """Wait until every call is over; gives what is written of them."""
    clock = SystemClock()
    until = clock.monotonic() + SECONDS + _SETTLED
    over = f"SELECT count(*) FROM attempts WHERE campaign = '{CAMPAIGN}' AND state = 'done'"  # noqa: S608
    while await telco.count(over) < calls and clock.monotonic() < until:
        await clock.sleep(0.5)
    async with telco.db.read() as session:
        return list(await session.scalars(select(Attempt).where(Attempt.campaign == CAMPAIGN)))


async def _sign_in(telco: Telco) -> None:
    names = [f"agent{number:02d}" for number in range(1, AGENTS + 1)]
    await telco.command("agents", "add", *names)
    await telco.command("agents", "sign-in", *names)
    clock = SystemClock()
    until = clock.monotonic() + 60
    ready = 0
    while ready < AGENTS:
        if clock.monotonic() > until:
            raise BenchError(f"only {ready} of {AGENTS} agents are ready")
        await clock.sleep(0.5)
        listed = json.loads(await telco.command("agents", "list"))
        ready = sum(each["state"] == "ready" for each in listed)


@asynccontextmanager
async def _telephones(telco: Telco, heard: list[float]) -> AsyncIterator[None]:
    """All telephones, until the block ends; `heard` is filled then."""
    accounts = json.loads(await telco.command("agents", "phones"))[:AGENTS]
    if len(accounts) < AGENTS:
        raise BenchError(f"the node has {len(accounts)} telephones, not {AGENTS}")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.telephones",
        cwd=_CODE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 20,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    told = {
        "node": NODE,
        "trunk": TRUNK,
        "desk": DESK,
        "stays": STAYS,
        "agents": [(each["name"], each["password"]) for each in accounts],
    }
    try:
        process.stdin.write(f"{json.dumps(told)}\n".encode())
        if await asyncio.wait_for(process.stdout.readline(), 30) != b"ready\n":
            raise BenchError("the telephones did not register")
        yield
        process.stdin.close()
        heard.extend(json.loads(await asyncio.wait_for(process.stdout.readline(), 20)))
        await asyncio.wait_for(process.wait(), 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
