"""Who rings back a number we showed: found by their call, put off, settled, left alone when they say so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dialer import NewContact, Suppression, enqueue
from dialer.models import Attempt, AttemptState, Contact, ContactState, DoNotCall, Mode, Turn
from dialer.ringbacks import (
    LEFT_ALONE,
    RingBack,
    meet,
    promise_agent,
    ring_back_by_attempt,
    ring_back_of,
    settle,
    shown_numbers,
    stop_calls,
)
from dialer.turns import claim, take_up
from store import Database, OutboxEvent
from tests.dialer.results.samples import CALLED, NINE, SHOWN, add, after, attempt_row, spring
from values import PhoneNumber

pytestmark = pytest.mark.database

CALLER = PhoneNumber(CALLED)
WRITTEN = frozenset({SHOWN})
NOW = NINE + timedelta(hours=1)


async def missed(db: Database, *, done: bool = False, **words: Any) -> RingBack:
    """A customer missed our call an hour ago; what they ring back about."""
    async with db.write() as session:
        await spring(session, title="Spring offers", **words)
        new = NewContact(
            campaign="spring", event_id="e1", customer_id="c0000017", number=CALLER, fields={"plan": "fibre"}
        )
        [contact_id] = await enqueue(session, [new], NINE)
        await add(session, attempt_row(1, contact_id=contact_id, over=30.0))
    async with db.read() as session:
        found = await ring_back_of(session, WRITTEN, CALLER, NOW)
    assert found is not None
    if done:
        async with db.write() as session:
            await settle(session, found, "no_interest", goal=False, now=NINE)
    return found


async def contact_of(db: Database, found: RingBack) -> Contact:
    async with db.read() as session:
        return await session.get_one(Contact, found.contact_id)


async def events(db: Database) -> Sequence[Any]:
    async with db.read() as session:
        rows = await session.scalars(select(OutboxEvent).order_by(OutboxEvent.seq))
        return [(row.payload["outcome"], row.payload["goal"]) for row in rows]


async def test_a_caller_is_known_by_the_number_we_showed_them(database: Database) -> None:
    found = await missed(database, caller_ids=["+390650000612"])
    assert (found.campaign, found.title, found.fields) == ("spring", "Spring offers", {"plan": "fibre"})
    assert found.called == after(0)
    assert not found.agents
    async with database.read() as session:
        assert await shown_numbers(session) == {SHOWN, "+390650000612"}
        other = frozenset({"+390650000612"})
        assert await ring_back_of(session, other, CALLER, NOW) is None  # not the one they were called from
        assert await ring_back_of(session, WRITTEN, PhoneNumber("+393290000018"), NOW) is None
        assert await ring_back_of(session, WRITTEN, CALLER, NOW + timedelta(days=31)) is None
        assert await ring_back_by_attempt(session, "a000001", PhoneNumber("+393290000018")) is None


async def test_the_latest_of_several_calls_is_meant_and_one_that_never_rang_is_none(
    database: Database,
) -> None:
    found = await missed(database)
    async with database.write() as session:
        await add(session, attempt_row(2, at=600, contact_id=found.contact_id, over=30.0))
        await add(session, attempt_row(3, at=900, contact_id=found.contact_id, outcome="refused"))
    async with database.read() as session:
        again = await ring_back_of(session, WRITTEN, CALLER, NOW)
    assert again is not None
    assert again.attempt_id == "a000002"


async def test_nobody_is_dialled_who_is_on_the_line(database: Database) -> None:
    """The contact has just been leased by a worker, who finds it gone when the attempt is to be committed."""
    found = await missed(database)
    async with database.write() as session:
        leases = await claim(session, "spring", 10, worker="node1/1", lease=timedelta(seconds=30), now=NOW)
    assert [lease.contact_id for lease in leases] == [found.contact_id]
    async with database.write() as session:
        assert await meet(session, found, NOW) == [found.contact_id]
    async with database.write() as session:
        assert await take_up(session, leases) == {}
    async with database.write() as session:
        soon = NOW + LEFT_ALONE - timedelta(seconds=2)
        assert not await claim(session, "spring", 10, worker="w", lease=LEFT_ALONE, now=soon)
        then = NOW + LEFT_ALONE + timedelta(seconds=1)
        assert len(await claim(session, "spring", 10, worker="w", lease=LEFT_ALONE, now=then)) == 1


async def test_what_is_due_much_later_stays_as_it_is(database: Database) -> None:
    found = await missed(database)
    async with database.write() as session:
        contact = await session.get_one(Contact, found.contact_id)
        contact.not_before = NOW + timedelta(days=2)
    async with database.write() as session:
        assert await meet(session, found, NOW) == []


async def test_their_contacts_of_other_campaigns_wait_too(database: Database) -> None:
    found = await missed(database)
    async with database.write() as session:
        other = NewContact(
            campaign="autumn", event_id="e2", customer_id="c0000017", number=PhoneNumber("+390650011111")
        )
        [contact_id] = await enqueue(session, [other], NINE)
        stranger = NewContact(campaign="autumn", event_id="e3", customer_id="c9", number=other.number)
        await enqueue(session, [stranger], NINE)
        assert set(await meet(session, found, NOW)) == {found.contact_id, contact_id}


async def test_a_reached_goal_settles_the_contact_with_its_event(database: Database) -> None:
    found = await missed(database)
    for _ in range(2):
        async with database.write() as session:
            await settle(session, found, "ordered", goal=True, now=NOW)
    contact = await contact_of(database, found)
    assert (contact.state, contact.outcome, contact.goal) == (ContactState.DONE, "ordered", True)
    assert await events(database) == [("ordered", True)]
    async with database.read() as session:
        assert not (await session.scalars(select(Turn))).all()


async def test_an_outcome_that_is_tried_again_leaves_the_contact_waiting(database: Database) -> None:
    found = await missed(database)
    async with database.write() as session:
        await settle(session, found, "silence", goal=False, now=NOW)
    contact = await contact_of(database, found)
    assert contact.state is ContactState.READY
    assert contact.not_before > NOW + LEFT_ALONE
    assert await events(database) == []


async def test_a_contact_that_was_given_up_is_done_once_more(database: Database) -> None:
    found = await missed(database, done=True)
    async with database.write() as session:
        await settle(session, found, "ordered", goal=True, now=NOW)
    assert await events(database) == [("no_interest", False), ("ordered", True)]


async def test_who_is_being_dialled_meanwhile_gets_no_further_call(database: Database) -> None:
    found = await missed(database)
    async with database.write() as session:
        contact = await session.get_one(Contact, found.contact_id)
        contact.state = ContactState.CALLING
        await session.flush()
        assert await meet(session, found, NOW) == []
        await settle(session, found, "ordered", goal=True, now=NOW)
    contact = await contact_of(database, found)
    assert (contact.state, contact.expires) == (ContactState.CALLING, NOW)


@pytest.mark.parametrize(
    ("purpose", "entry"),
    [
        ("marketing", Suppression.MARKETING),
        ("service", Suppression.SERVICE),
        ("mandatory_notice", Suppression.SERVICE),
        ("collections", Suppression.COLLECTIONS),
    ],
)
async def test_an_opt_out_holds_at_once_for_that_purpose(
    database: Database, purpose: str, entry: Suppression
) -> None:
    found = replace(await missed(database), purpose=purpose)  # type: ignore[arg-type]
    for _ in range(2):
        async with database.write() as session:
            await stop_calls(session, found, source="the customer", now=NOW)
    async with database.read() as session:
        [row] = (await session.scalars(select(DoNotCall))).all()
    assert (row.number, row.purpose, row.at) == (CALLED, entry, NOW)
    contact = await contact_of(database, found)
    assert (contact.state, contact.outcome) == (ContactState.DONE, "opted_out")
    assert await events(database) == [("opted_out", False)]


@pytest.mark.parametrize("done", [False, True])
async def test_an_agent_is_promised_also_to_who_had_been_given_up(database: Database, done: bool) -> None:
    found = await missed(database, done=done, mode=Mode.PREDICTIVE)
    assert found.agents
    async with database.write() as session:
        at = await promise_agent(session, found, NOW)
    contact = await contact_of(database, found)
    assert (contact.state, contact.promised, contact.number) == (ContactState.READY, at, CALLED)


async def test_nothing_is_promised_beyond_the_contacts_own_end(database: Database) -> None:
    found = await missed(database)
    async with database.write() as session:
        (await session.get_one(Contact, found.contact_id)).expires = NOW + timedelta(minutes=5)
    async with database.write() as session:
        assert await promise_agent(session, found, NOW) is None


async def test_an_attempt_that_is_still_up_counts_as_a_call(database: Database) -> None:
    """They ring while our call rings: theirs reaches us all the same."""
    found = await missed(database)
    async with database.write() as session:
        attempt = await session.get_one(Attempt, found.attempt_id)
        attempt.state, attempt.outcome = AttemptState.RINGING, ""
    async with database.read() as session:
        assert await ring_back_of(session, WRITTEN, CALLER, NOW) is not None
