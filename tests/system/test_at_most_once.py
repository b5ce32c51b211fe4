"""A campaign under fire: whatever dies and when, nobody is rung without an attempt of their own on record."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from customers import Customers, FaultStatus
from customers.models import Customer, CustomerNumber, Fault, Line
from dialer.models import Attempt, AttemptState, Campaign, Contact, ContactState
from ivr.speech.testing import tone_of
from tests.databases import PostgresServer
from tests.rig import Loopback
from tests.sip import Call, NotHeardError, RefusedError, SipPhone
from tests.system.telco import Telco, running_telco
from tests.system.test_fault_closure import FIXED, IS_IT_YOU, THANKS
from values import SystemClock

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(900)]

SEED = 20261122
KILLS = int(os.environ.get("CENTRALINO_KILLS", "20"))
"""Each takes some eleven seconds; a long run has 50: see the roadmap."""
PEOPLE = 20 + KILLS * 12 // 5
BUSY, OUT, CURT = "7", "8", "9"
RINGS = 2.5
"""How long it rings before somebody answers: at any moment some telephone does."""
VICTIMS = {"core": 4, "asterisk": 2, "redis": 2, "database": 2}
"""What is killed, and how often of ten; of the database every connection is cut."""
AGAIN_SECONDS = 3.0
"""How soon a contact is tried again, so that second attempts fall into the test."""
TOLD = timedelta(seconds=2)
"""How long it may take until everybody knows that a fault is closed."""


@dataclass
class Town:
    """People who are rung, and what each of their telephones has seen."""

    people: dict[str, str] = field(default_factory=dict)
    """Fault by number."""
    rung: list[tuple[str, datetime]] = field(default_factory=list)
    """Every INVITE: whom, and when."""
    thanked: set[str] = field(default_factory=set)
    """Numbers that were told that their answer is noted."""

    async def behave(self, call: Call) -> None:
        """The last digit decides: most answer and press, some are busy, out or curt."""
        self.rung.append((call.dialled, datetime.now(UTC)))
        if call.dialled.endswith(BUSY):
            call.refuse(486)
            return
        await call.ring()
        if call.dialled.endswith(OUT):
            return
        await asyncio.sleep(RINGS)
        try:
            await call.answer()
            if call.dialled.endswith(CURT):
                call.hangup()
                return
            await call.hears(tone_of(IS_IT_YOU), within=40)
            await call.press("1")
            await call.hears(tone_of(FIXED), within=40)
            await call.press("1")
            await call.hears(tone_of(THANKS), within=40)
        except (NotHeardError, RefusedError, TimeoutError):
            call.hangup()  # the line died, or somebody apologised: this person has had enough
            return
        self.thanked.add(call.dialled)


@pytest.fixture(scope="module")
def telco(loopback: Loopback, postgres: PostgresServer) -> Iterator[Telco]:
    """On PostgreSQL, whose connections can be cut."""
    asyncio.run(postgres.execute("DROP DATABASE IF EXISTS telco"))
    asyncio.run(postgres.execute("CREATE DATABASE telco"))
    with running_telco(loopback, database_url=postgres.url("telco")) as running:
        yield running


@pytest.fixture
async def town(telco: Telco, carrier: SipPhone) -> Town:
    """Italian speakers with a fault each, on a campaign that soon tries again."""
    town = Town()
    carrier.on_call = town.behave
    again = {"after": [AGAIN_SECONDS / 60], "most": 2}
    outcomes = ("no_answer", "busy", "refused", "interrupted", "hangup", "silence", "not_noted")
    async with telco.db() as db, db.write() as session:
        people = await session.execute(
            select(Customer.id, CustomerNumber.number, Line.id)
            .join(CustomerNumber, CustomerNumber.customer_id == Customer.id)
            .join(Line, Line.customer_id == Customer.id)
            .where(Customer.language == "it", CustomerNumber.number.startswith("+39329"))
            .order_by(Customer.id)
        )
        for customer_id, number, line_id in people:
            if len(town.people) < PEOPLE and number not in town.people:
                town.people[number] = f"f-{customer_id}"
                session.add(_fault(f"f-{customer_id}", customer_id, line_id))
        await session.execute(
            update(Campaign).values(
                calls_per_second=1.0,
                ring_seconds=6.0,
                retry={"max_attempts": 3, "outcomes": dict.fromkeys(outcomes, again)},
            )
        )
    return town


def _fault(fault_id: str, customer_id: str, line_id: str) -> Fault:
    return Fault(
        id=fault_id, customer_id=customer_id, line_id=line_id, symptom="no_line", status=FaultStatus.OPEN,
        opened_at=datetime.now(UTC) - timedelta(days=2), restored_at=None, closed_at=None, reopened_at=None,
    )  # fmt: skip


async def outcomes_of(telco: Telco) -> dict[str, tuple[str, bool]]:
    """What is on record about attempts that are over."""
    async with telco.db() as db, db.read() as session:
        found = await session.scalars(select(Attempt).where(Attempt.state == AttemptState.DONE))
        return {each.id: (each.outcome, each.goal) for each in found}


async def all_done(telco: Telco, town: Town) -> bool:
    async with telco.db() as db, db.read() as session:
        contacts = select(Contact.state).where(Contact.number.in_(town.people))
        states = list(await session.scalars(contacts))
    return len(states) == PEOPLE and set(states) == {ContactState.DONE}


async def kill(telco: Telco, postgres: PostgresServer, victim: str) -> None:
    """End a part as a crash would, and wait until it is back."""
    if victim == "database":
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'telco'"
        await postgres.execute(cut)
        return
    before = telco.pid(victim)
    telco.kill(victim)
    await telco.back(victim, before=before)


async def test_nobody_is_rung_without_an_attempt_of_its_own(
    telco: Telco, carrier: SipPhone, town: Town, postgres: PostgresServer
) -> None:
    chance = Random(SEED)
    async with telco.db() as db, db.write() as session:
        faults = list(town.people.values())
        await Customers(db).set_fault_status(session, faults, FaultStatus.RESTORED, at=SystemClock().now())
    recorded: dict[str, tuple[str, bool]] = {}
    killed: Counter[str] = Counter()
    for _ in range(KILLS):
        (victim,) = chance.choices(list(VICTIMS), weights=list(VICTIMS.values()))
        if not await all_done(telco, town):
            enough = len(town.rung) + chance.randint(1, 3)
            await telco.until(lambda: len(town.rung) >= enough, within=60, what="further calls")  # noqa: B023
        await asyncio.sleep(chance.random())  # the moment is what is tried: any will do
        recorded |= await outcomes_of(telco)
        await kill(telco, postgres, victim)
        killed[victim] += 1
    await telco.until(lambda: all_done(telco, town), within=240, what="the campaign's end")

    async with telco.db() as db, db.read() as session:
        attempts = list(await session.scalars(select(Attempt).order_by(Attempt.committed)))
        closed = dict(
            (await session.execute(select(Fault.id, Fault.closed_at).where(Fault.id.in_(faults)))).all()
        )
    assert {each.state for each in attempts} == {AttemptState.DONE}
    assert not [each for each in attempts if each.answered and each.number.endswith((BUSY, OUT))]
    for number, fault in town.people.items():
        began = [each.committed for each in attempts if each.number == number]
        rings = [at for who, at in town.rung if who == number]
        rung_for = Counter(sum(start <= at for start in began) for at in rings)
        assert 0 not in rung_for, f"{number} was rung before any attempt was committed"
        assert set(rung_for.values()) <= {1}, f"{number} was rung twice for one attempt: {began} {rings}"
        if number in town.thanked:
            assert closed[fault], f"{number} was thanked, and the answer is lost"
        if at := closed[fault]:
            assert max(rings) < at + TOLD, f"{number} had answered and was rung again"
    final = {each.id: (each.outcome, each.goal) for each in attempts}
    assert recorded.items() <= final.items()
    print(f"{dict(killed)} killed, {len(town.rung)} INVITEs for {len(attempts)} attempts")  # noqa: T201
    assert len(recorded) > KILLS / 2
    assert len(town.thanked) > PEOPLE / 3
