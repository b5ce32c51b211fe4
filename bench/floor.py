"""Simulated agents in the simulated town, a predictive campaign, and the simulator's forecast of it.

Real: two Asterisks, agents' lines, gate, dial loop, pacer, joins, wrap-ups. Modelled, and so the same in the
forecast: who answers after how many rings, how long agents talk and wrap up. `python -m bench floor
--minutes 10 --agents 40`.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import pstdev
from typing import Any, Final

import psutil
import structlog
from sqlalchemy import select

from agents.models import AgentEvent
from bench.audit import strays
from bench.figures import Goal, Printed, percentile, rounded
from bench.forecast import (
    LIMIT,
    LINES,
    PACE,
    PATIENCE,
    RING_SECONDS,
    TALK,
    TALK_CV,
    WRAP,
    WRAP_CV,
    forecast_of,
)
from bench.telco import TOWN, BenchError, Telco, running
from bench.town import listening
from bench.worktime import Turn, handled, seconds_in, utilisation
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, load_profiles, pause, set_up
from dialer.models import Attempt
from dialer.simulator import Summary
from values import PhoneNumber, SystemClock, new_id

MINUTES: Final = 3.0
AGENTS: Final = 40
CAMPAIGN: Final = "bench.floor"
PEOPLE: Final = Path(__file__).parent / "people.yaml"
_FIRST: Final = 393_291_000_000
_SETTLED: Final = 60.0
_CODE: Final = Path(__file__).parent.parent


async def measure(minutes: float = MINUTES, agents: int = AGENTS) -> Printed:
    """Let them work for so long, and compare."""
    town = {
        "CENTRALINO_CITY_PEOPLE": str(PEOPLE),
        "CENTRALINO_CITY_CALLS_A_MINUTE": "0",
        "CENTRALINO_CITY_REPAIR_SECONDS": "0",
    }
    async with running(town=town) as telco:
        await telco.command("trunk", "set", "trunk", "--lines", str(2 * LINES), "--calls-per-second", "50")
        floor = Floor(telco, minutes * 60, agents)
        await floor.prepare()
        host, port = TOWN
        async with listening(host, port, telco.secrets["city_ami"]) as rung, floor.staff():
            loads = [psutil.getloadavg()[0]]
            await floor.work()
            loads.append(psutil.getloadavg()[0])
            await asyncio.sleep(1)  # the town's last hang-ups come
            live = await floor.read(rung)
    forecast = await asyncio.to_thread(forecast_of, minutes, agents)
    return told(live, forecast) | {
        "minutes": minutes,
        "agents": agents,
        "load_before_and_after": [rounded(load) for load in loads],
    }


@dataclass(frozen=True, slots=True)
class Live:
    """What was seen."""

    utilisation: float
    placed: int
    connected: int
    abandoned: int
    outcomes: Mapping[str, int]
    handled: Sequence[float]
    """Seconds of talk and wrap-up of each piece of work."""
    joins: Sequence[float]
    """Seconds from an answer to the agent."""
    strays: int
    """How often numbers were rung beyond their attempts."""
    rung: int
    """Calls that reached a telephone, by the town's own count."""
    product: Mapping[str, Any]
    """The product's own figures."""

    @property
    def abandonment(self) -> float:
        """Share of live answers."""
        return share(self.abandoned, self.connected)


def share(abandoned: int, connected: int) -> float:
    """Abandoned calls, of those that a person answered."""
    return abandoned / (abandoned + connected) if abandoned + connected else 0.0


def told(live: Live, forecast: Summary) -> Printed:
    """Both, side by side."""
    apart = 100 * (live.utilisation - forecast.utilisation)
    return {
        "live": {
            "abandonment": Goal("<=", LIMIT).judged(live.abandonment),
            "utilisation": rounded(live.utilisation),
            "placed": live.placed,
            "rung_by_the_towns_count": live.rung,
            "connected": live.connected,
            "abandoned": live.abandoned,
            "outcomes": dict(live.outcomes),
            "mean_handling_seconds": rounded(_mean(live.handled)),
            "answer_to_joined_milliseconds_p99": rounded(1000 * percentile(live.joins, 0.99)),
            "duplicates": Goal("<=", 0).judged(live.strays),
            "as_the_product_says": dict(live.product),
        },
        "forecast": {
            "days": len(forecast.days),
            "utilisation": rounded(forecast.utilisation),
            "lowest": rounded(forecast.worst_utilisation),
            "highest": rounded(max(day.utilisation for day in forecast.days)),
            "standard_deviation": rounded(pstdev(day.utilisation for day in forecast.days)),
            "share_of_days_below_the_live_one": rounded(
                sum(day.utilisation < live.utilisation for day in forecast.days) / len(forecast.days)
            ),
            "abandonment": rounded(forecast.abandonment),
            "worst_abandonment": rounded(forecast.worst_abandonment),
        },
        "utilisation_from_forecast_points": rounded(apart),
        "within_five_points": Goal("<=", 5).judged(abs(apart)),
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


class Floor:
    """One run."""

    def __init__(self, telco: Telco, seconds: float, agents: int) -> None:
        self._telco = telco
        self._seconds = seconds
        self._agents = agents
        self._clock = SystemClock()
        self._begin = self._end = self._clock.now()

    async def prepare(self) -> None:
        """The campaign with more contacts than can be called."""
        plan = CampaignPlan(
            name=CAMPAIGN,
            flow="bench.answered",
            purpose=Purpose.SERVICE,
            profile="none",
            caller_id="+390650000611",
            lines=LINES,
            calls_per_second=PACE,
            ring_seconds=RING_SECONDS,
            mode=Mode.PREDICTIVE,
            max_abandon=LIMIT,
            wrap_seconds=30.0,
        )
        count = round(PACE / 2 * self._seconds)
        people = [
            NewContact(
                campaign=CAMPAIGN,
                event_id=new_id("bench"),
                customer_id="",
                number=PhoneNumber(f"+{_FIRST + place}"),
            )
            for place in range(count)
        ]
        async with self._telco.db.write() as session:
            await set_up(session, Gate(load_profiles(), country="IT"), plan)
            await pause(session, CAMPAIGN)
        for first in range(0, count, 2000):
            async with self._telco.db.write() as session:
                await enqueue(session, people[first : first + 2000], self._clock.now())

    @asynccontextmanager
    async def staff(self) -> AsyncIterator[None]:
        """Agents who are there, until the block ends."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "centralino", "agents", "simulate",
            "--count", str(self._agents), "--talk", str(TALK), "--talk-cv", str(TALK_CV),
            "--wrap", str(WRAP), "--wrap-cv", str(WRAP_CV),
            cwd=_CODE, env=dict(self._telco.environment), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            await self._all_ready()
            yield
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.communicate(), 30)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _all_ready(self) -> None:
        until = self._clock.monotonic() + 90
        ready = 0
        while ready < self._agents:
            if self._clock.monotonic() > until:
                raise BenchError(f"only {ready} of {self._agents} agents are ready")
            await self._clock.sleep(1.0)
            listed = json.loads(await self._telco.command("agents", "list"))
            ready = sum(each["state"] == "ready" for each in listed)

    async def work(self) -> None:
        """Call for so long; then call nobody more, and let agents talk to whoever still answers."""
        print(f"bench: floor, {self._agents} agents, {self._seconds:.0f} s …", file=sys.stderr)
        await self._hold(paused=False)
        self._begin = self._clock.now()
        await self._clock.sleep(self._seconds)
        self._end = self._clock.now()
        await self._hold(paused=True)
        open_ = f"SELECT count(*) FROM attempts WHERE campaign = '{CAMPAIGN}' AND state <> 'done'"  # noqa: S608
        until = self._clock.monotonic() + RING_SECONDS + _SETTLED
        while await self._telco.count(open_) and self._clock.monotonic() < until:
            await self._clock.sleep(0.5)

    async def _hold(self, *, paused: bool) -> None:
        async with self._telco.db.write() as session:
            await pause(session, CAMPAIGN, paused=paused)

    async def read(self, rung: Mapping[str, int]) -> Live:
        """What came of it; calls count to the last one, agents' time to the end of the hours."""
        product = json.loads(await self._telco.command("results", "show", CAMPAIGN, "--json"))
        async with self._telco.db.read() as session:
            attempts = list(await session.scalars(select(Attempt).where(Attempt.campaign == CAMPAIGN)))
            events = list(await session.scalars(select(AgentEvent)))
        waits = [
            (each.joined - each.answered).total_seconds()
            for each in attempts
            if each.joined and each.answered
        ]
        in_time = [seconds for seconds in waits if seconds <= PATIENCE]
        answered = sum(each.answered is not None for each in attempts)
        numbers = Counter(each.number for each in attempts)
        outcomes = Counter(each.outcome or each.state.value for each in attempts)
        return Live(
            utilisation=utilisation(
                seconds_in((Turn(each.agent, each.at, each.state) for each in events), self._begin, self._end)
            ),
            placed=len(attempts),
            connected=len(in_time),
            abandoned=answered - len(in_time),
            outcomes=outcomes,
            handled=handled(events),
            joins=in_time,
            strays=strays(rung, numbers),
            rung=sum(rung.values()),
            product={name: product.get(name) for name in ("abandonment", "utilisation", "talk")},
        )


def main(words: Sequence[str]) -> None:
    """Measure as asked, and print the figures."""
    parser = argparse.ArgumentParser(prog="bench floor", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--agents", type=int, default=AGENTS)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the figures stand alone
    asked = parser.parse_args(words)
    print(json.dumps(asyncio.run(measure(asked.minutes, asked.agents)), indent=2))
