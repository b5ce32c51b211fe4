"""Repairs asked about over a real Asterisk: SIPp answers, listens, presses keys, and the faults say the same.

Faults are restored as the network tells it; the product's own rule, campaign, flow and actions do the rest.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import insert, select

from bench.agentless import processor, span
from bench.audit import busiest
from bench.called import Called, answering
from bench.caller import Caller
from bench.figures import Goal, Printed, percentile, rounded
from bench.keys import key_capture
from bench.telco import Telco
from customers import Customers, FaultStatus
from customers.models import Customer, Fault, Line
from customers.seed import id_of, number_of
from dialer import Gate, load_profiles, pause, set_up
from dialer.campaigns import campaign, plan_of
from dialer.models import Attempt, Contact, ContactState
from proactive import CAMPAIGN
from values import SystemClock

RATE: Final = 20.0
PACE: Final = 30.0
"""Calls a second that may start: somewhat more than are wanted."""
SECONDS: Final = 30.0
LINES: Final = 800
LISTENED: Final = 15.0
_CARRIER_SEEN: Final = 12.0
"""Seconds within which Asterisk has found the carrier."""
_PATIENCE: Final = 45.0
"""Seconds without a call's end after which the rest is given up."""
KEYS: Final = {
    "first-1.pcap": key_capture("1", 0),
    "second-1.pcap": key_capture("1", 1),
    "second-2.pcap": key_capture("2", 1),
}


async def measure(telco: Telco, caller: Caller) -> Printed:
    """Restore so many faults, have their customers asked, and compare keys with faults."""
    del caller
    await telco.command("trunk", "set", "trunk", "--lines", str(LINES), "--calls-per-second", "500")
    closures = _Closures(telco)
    places = await closures.prepare(round(PACE * SECONDS))
    async with answering("repaired.xml", KEYS) as called:
        await asyncio.sleep(_CARRIER_SEEN)
        return await closures.call(called, places)


class _Closures:
    """One run."""

    def __init__(self, telco: Telco) -> None:
        self._telco = telco
        self._db = telco.db
        self._clock = SystemClock()

    async def prepare(self, count: int) -> Sequence[int]:
        """So many faults, restored; back when everybody is in the queue, which is held."""
        print("bench: closures, faults are restored …", file=sys.stderr)
        places = await self._people(count)
        async with self._db.write() as session:
            plan = plan_of(await campaign(session, CAMPAIGN))
            plan = replace(plan, profile="none", lines=LINES, calls_per_second=PACE)
            await set_up(session, Gate(load_profiles(), country="IT"), plan)
            await pause(session, CAMPAIGN)
        now = self._clock.now()
        rows = [_fault(place, line, now) for place, line in places.items()]
        async with self._db.write() as session:
            await session.execute(insert(Fault.__table__), rows)  # type: ignore[arg-type]
            ids = [str(row["id"]) for row in rows]
            await Customers(self._db).set_fault_status(session, ids, FaultStatus.RESTORED, at=now)
        await self._until(f"SELECT count(*) FROM contacts WHERE campaign = '{CAMPAIGN}'", count)  # noqa: S608
        return list(places)

    async def call(self, called: Called, places: Sequence[int]) -> Printed:
        """Let them be rung, and read what came of it."""
        print(f"bench: closures, {len(places)} customers …", file=sys.stderr)
        before, began = processor(self._telco), self._clock.monotonic()
        async with self._db.write() as session:
            await pause(session, CAMPAIGN, paused=False)
        done = f"SELECT count(*) FROM contacts WHERE campaign = '{CAMPAIGN}' AND state = 'done'"  # noqa: S608
        await self._until(done, len(places))
        seconds = self._clock.monotonic() - began
        spent = {name: each - before[name] for name, each in processor(self._telco).items()}
        rung = [number for _, number in called.rung()]
        return await self._told(places, rung, {name: each / seconds for name, each in spent.items()})

    async def _told(self, places: Sequence[int], rung: Sequence[str], cores: dict[str, float]) -> Printed:
        async with self._db.read() as session:
            attempts = list(await session.scalars(select(Attempt).where(Attempt.campaign == CAMPAIGN)))
            contacts = list(await session.scalars(select(Contact).where(Contact.campaign == CAMPAIGN)))
            status = dict((await session.execute(select(Fault.id, Fault.status))).tuples().all())
        complete = [each for each in attempts if each.outcome in {"fixed", "not_fixed"}]
        heard = {each.number for each in complete}  # of who hung up before keying the fault is as it was
        wanted = {_id(place): said(place, keyed=number_of(place) in heard) for place in places}
        wrong = sum(status.get(fault) is not wish for fault, wish in wanted.items())
        times = [each.over for each in complete if each.over]
        talked = [span(each) for each in complete]
        numbers = Counter(rung)
        return {
            "calls_per_second": Goal(">=", RATE).judged(busiest(times, min(SECONDS, _lasted(times)))),
            "complete_calls": Goal(">=", len(contacts)).judged(len(complete)),
            "contacts": len(contacts),
            "done": sum(each.state is ContactState.DONE for each in contacts),
            "outcomes": dict(Counter(each.outcome for each in attempts)),
            "faults_not_as_keyed": Goal("<=", 0).judged(wrong),
            "rung_twice": Goal("<=", 0).judged(sum(count - 1 for count in numbers.values())),
            "attempts_beyond_rings": Goal("<=", 0).judged(abs(len(attempts) - len(rung))),
            "seconds_up_p50": Goal(">=", LISTENED).judged(percentile(talked, 0.5)),
            "calls_up_by_that": rounded(RATE * percentile(talked, 0.5)),
            "cores": {name: rounded(each) for name, each in cores.items()},
        }

    async def _people(self, count: int) -> dict[int, str]:
        """Places of customers who hear Italian at the usual pace, each with a line of theirs."""
        query = (
            select(Customer.id, Line.id)
            .join(Line, Line.customer_id == Customer.id)
            .where(Customer.language == "it", Customer.slow_speech.is_(False), Line.id.endswith("m"))
            .order_by(Customer.id)
            .limit(count)
        )
        async with self._db.read() as session:
            return {int(customer[1:]): line for customer, line in await session.execute(query)}

    async def _until(self, question: str, count: int) -> None:
        """Wait until a count is reached, or grows no more: what is read then says what is missing."""
        seen, since = -1, self._clock.monotonic()
        while (found := await self._telco.count(question)) < count:
            if found != seen:
                seen, since = found, self._clock.monotonic()
            if self._clock.monotonic() - since > _PATIENCE:
                return
            await self._clock.sleep(0.5)


def said(place: int, *, keyed: bool = True) -> FaultStatus:
    """What the customer keys: it works for those whose number is even. Without a key it stays as it was."""
    if not keyed:
        return FaultStatus.RESTORED
    return FaultStatus.CLOSED if int(number_of(place)[-1]) % 2 == 0 else FaultStatus.REOPENED


def _id(place: int) -> str:
    return f"bench-{place:07d}"


def _fault(place: int, line: str, now: Any) -> dict[str, Any]:
    times = {"opened_at": now, "restored_at": None, "closed_at": None, "reopened_at": None}
    words = {"symptom": "no_line", "status": FaultStatus.OPEN}
    return {"id": _id(place), "customer_id": id_of(place), "line_id": line} | words | times


def _lasted(times: Sequence[Any]) -> float:
    return max(1.0, (max(times) - min(times)).total_seconds()) if times else 1.0
