"""Inbound calls to shown numbers: who is known by them, what settles their contact, what may be away."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from centralino.core.callers import Caller
from centralino.core.ringbacks import (
    REFRESH_SECONDS,
    RESUME,
    RingBacks,
    first_words,
    goes_on,
    resumed,
)
from dialer import NewContact, enqueue
from dialer.models import Contact, ContactState, Mode
from ivr import RunEnd, RunResult, RunStart, RunState
from ivr.runner.state import Frame
from store import Database, StoreUnavailableError
from tests.dialer.results.samples import CALLED, NINE, SHOWN, add, attempt_row, spring
from values import CallId, PhoneNumber
from values.testing import FixedClock

pytestmark = pytest.mark.database

CALL = CallId("node1-1.1")
CALLER = Caller(CALLED, None)
OWN = "care.service_0611"  # the campaign's own flow, see `spring`


def result(flow: str, outcome: str, *, goal: bool = False, how: RunEnd = RunEnd.DONE) -> RunResult:
    return RunResult(how, outcome, goal, {}, "x", RunState([Frame(flow, "v1")], "x"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NINE + timedelta(hours=1))


@pytest.fixture
async def ring_backs(database: Database, clock: FixedClock) -> RingBacks:
    """A customer missed our call an hour ago."""
    async with database.write() as session:
        await spring(session, title="Spring offers")
        fields = {"plan": "fibre", "language": "en", "slow": True}
        new = NewContact(
            campaign="spring", event_id="e1", customer_id="c17", number=PhoneNumber(CALLED), fields=fields
        )
        [contact_id] = await enqueue(session, [new], NINE)
        await add(session, attempt_row(1, contact_id=contact_id))
    return RingBacks(database, clock, country="IT", company="Telefonia Rossi")


async def contact_of(database: Database) -> Contact:
    async with database.read() as session:
        return (await session.scalars(select(Contact))).one()


@pytest.mark.parametrize("dialled", [SHOWN, "0650000611", "00390650000611"])
async def test_the_shown_number_is_known_however_the_network_writes_it(
    ring_backs: RingBacks, dialled: str
) -> None:
    found = await ring_backs.find(dialled, CALLER, CALL)
    assert found is not None
    words = first_words(found, CALLER, ring_backs.company)
    assert words["company"] == "Telefonia Rossi"
    assert (words["title"], words["purpose"], words["agents"]) == ("Spring offers", "service", False)
    assert words["called"] == NINE.date()


async def test_strangers_withheld_numbers_and_other_numbers_are_like_any_call(
    ring_backs: RingBacks, database: Database
) -> None:
    before = (await contact_of(database)).not_before
    for dialled, number in (
        (SHOWN, "+393290000099"), (SHOWN, ""), (SHOWN, "anonymous"), ("0611", CALLED), ("", CALLED),
        ("+390650000612", CALLED),
    ):  # fmt: skip
        assert await ring_backs.find(dialled, Caller(number, None), CALL) is None
    assert (await contact_of(database)).not_before == before


async def test_a_new_number_is_known_within_moments(
    ring_backs: RingBacks, database: Database, clock: FixedClock
) -> None:
    assert await ring_backs.find("+390650000612", CALLER, CALL) is None
    async with database.write() as session:
        await spring(session, caller_ids=["+390650000612"])
        contact = (await session.scalars(select(Contact))).one()
        await add(session, attempt_row(2, at=60, contact_id=contact.id, caller_id="+390650000612"))
    clock.move(REFRESH_SECONDS)
    assert await ring_backs.find("+390650000612", CALLER, CALL) is not None


async def test_the_campaigns_own_flow_settles_the_contact_and_begins_as_our_call_would_have(
    ring_backs: RingBacks, database: Database
) -> None:
    found = await ring_backs.find(SHOWN, CALLER, CALL)
    assert found is not None
    assert goes_on(found, result("care.ring_back", RESUME))
    start = resumed(found, RunStart(call_id=CALL, flow="care.ring_back", variables={}, caller=CALLED))
    assert (start.flow, start.language, start.slow) == (OWN, "en", True)
    assert start.variables == {"plan": "fibre", "caller": CALLED, "customer_id": "c17"}
    assert not goes_on(found, result(OWN, RESUME))  # it has gone on already
    await ring_backs.ended(found, result(OWN, "ordered", goal=True))
    contact = await contact_of(database)
    assert (contact.state, contact.outcome, contact.goal) == (ContactState.DONE, "ordered", True)


@pytest.mark.parametrize(
    ("outcome", "goal", "how", "state", "kept"),
    [
        ("", False, RunEnd.HANGUP, ContactState.READY, ""),  # hung up on the way
        (RESUME, False, RunEnd.HANGUP, ContactState.READY, ""),
        ("heard", False, RunEnd.DONE, ContactState.READY, ""),
        ("talked_to_operator", True, RunEnd.DONE, ContactState.DONE, "talked_to_operator"),
    ],
)
async def test_another_flow_settles_it_only_by_its_goal_and_never_as_the_campaigns(
    ring_backs: RingBacks, database: Database, outcome: str, goal: bool, how: RunEnd, state: str, kept: str
) -> None:
    found = await ring_backs.find(SHOWN, CALLER, CALL)
    assert found is not None
    await ring_backs.ended(found, result("care.ring_back", outcome, goal=goal, how=how))
    contact = await contact_of(database)
    assert (contact.state, contact.outcome, contact.goal) == (state, kept, False)


async def test_with_agents_no_flow_goes_on_alone(ring_backs: RingBacks, database: Database) -> None:
    async with database.write() as session:
        await spring(session, mode=Mode.PREDICTIVE)
    found = await ring_backs.find(SHOWN, CALLER, CALL)
    assert found is not None
    assert not goes_on(found, result("care.ring_back", RESUME))


async def test_without_the_database_they_are_strangers_and_nothing_breaks(
    ring_backs: RingBacks, database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await ring_backs.find(SHOWN, CALLER, CALL)
    assert found is not None

    def away(*_: object) -> None:
        raise StoreUnavailableError("cut by the test")

    clock.move(REFRESH_SECONDS)
    monkeypatch.setattr(database, "read", away)
    monkeypatch.setattr(database, "write", away)
    assert await ring_backs.find(SHOWN, CALLER, CALL) is None
    await ring_backs.ended(found, result(OWN, "ordered", goal=True))
