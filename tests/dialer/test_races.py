"""Two who decide about one contact in the same moment: the second sees what the first has done."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import CampaignPlan, Gate, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.attempts import commit_attempts, move_attempt
from dialer.contacts import claim, promise, withdraw
from dialer.do_not_call import forbid_calls
from dialer.endings import finish
from dialer.gate import Suppression
from dialer.lists import create_list, remove_list
from dialer.models import Attempt, Contact, ContactState, Turn
from dialer.placement import AttemptResult, Wanted
from store import Database
from values import AttemptId, PhoneNumber

pytestmark = pytest.mark.database

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
GATE = Gate(load_profiles(), country="IT")
MEANWHILE = 0.2
"""Real seconds in which the second one comes as far as it can."""

Work = Callable[[AsyncSession], Awaitable[object]]


async def claimed(db: Database) -> tuple[str, list[Wanted]]:
    """A contact of the list l that a worker is about to call."""
    plan = CampaignPlan(
        name="c", flow="f", purpose=Purpose.SERVICE, profile="none", caller_id="+390650000611",
        hours={"weekday": ["09:00-20:00"]},
    )  # fmt: skip
    new = NewContact(
        campaign="c", event_id="e1", customer_id="c1", number=PhoneNumber("+393290000017"), list="l"
    )
    async with db.write() as session:
        await set_up(session, GATE, plan)
        await create_list(session, "l", "c", NOW)
        (contact,) = await enqueue(session, [new], NOW)
        leases = await claim(session, "c", 1, worker="w", lease=timedelta(seconds=30), now=NOW)
    return contact, [Wanted(lease, "first") for lease in leases]


async def calling(db: Database) -> tuple[str, AttemptId]:
    """A contact that is being called, and its attempt."""
    contact, wanted = await claimed(db)
    async with db.write() as session:
        (placed,) = await commit_attempts(session, GATE, wanted, node="node1", now=NOW)
    return contact, placed.attempt_id


async def at_once(db: Database, first: Work, second: Work) -> None:
    """The second begins before the first is committed."""

    async def follow() -> None:
        async with db.write() as session:
            await second(session)

    async with db.write() as session:
        await first(session)
        await session.flush()
        following = asyncio.create_task(follow())
        await asyncio.wait([following], timeout=MEANWHILE)
    await following


async def test_a_call_back_promised_while_the_call_ends_is_kept(database: Database) -> None:
    contact, attempt = await calling(database)
    await at_once(
        database,
        lambda session: promise(session, contact, TOMORROW, now=NOW, agent="anna"),
        lambda session: finish(session, GATE, [AttemptResult(attempt, "closed", NOW, goal=True)], NOW),
    )
    async with database.read() as session:
        found, turn = await session.get_one(Contact, contact), await session.get(Turn, contact)
    assert (found.state, found.promised) == (ContactState.READY, TOMORROW)
    assert turn is not None
    assert (turn.due, turn.promised, turn.agent) == (TOMORROW, True, "anna")


async def test_who_is_withdrawn_while_the_call_ends_is_not_called_again(database: Database) -> None:
    contact, attempt = await calling(database)
    await at_once(
        database,
        lambda session: withdraw(session, ["e1"], "fault_reopened", NOW),
        lambda session: finish(session, GATE, [AttemptResult(attempt, "no_answer", NOW)], NOW),
    )
    async with database.read() as session:
        found, turn = await session.get_one(Contact, contact), await session.get(Turn, contact)
    assert found.state is ContactState.DONE
    assert turn is None


async def test_who_is_withdrawn_while_a_trunk_refuses_the_call_is_not_taken_to_the_next(
    database: Database,
) -> None:
    contact, attempt = await calling(database)
    refused = AttemptResult(attempt, "refused", NOW)
    await at_once(
        database,
        lambda session: withdraw(session, ["e1"], "fault_reopened", NOW),
        lambda session: move_attempt(session, GATE, refused, "second", node="node1", now=NOW),
    )
    async with database.read() as session:
        found = await session.get_one(Contact, contact)
        assert (found.state, found.tally) == (ContactState.DONE, {"refused": 1})
        assert len((await session.scalars(select(Attempt.id))).all()) == 1


async def test_a_trunks_refusal_counts_when_the_gate_lets_the_call_go_to_no_other(database: Database) -> None:
    contact, attempt = await calling(database)
    night = NOW + timedelta(hours=12)
    refused = AttemptResult(attempt, "refused", night)
    async with database.write() as session:
        assert await move_attempt(session, GATE, refused, "second", node="node1", now=night) is None
    async with database.read() as session:
        found = await session.get_one(Contact, contact)
    assert (found.state, found.tally) == (ContactState.READY, {"refused": 1})


async def test_it_counts_too_when_the_gate_lets_them_be_called_never_more(database: Database) -> None:
    contact, attempt = await calling(database)
    refused = AttemptResult(attempt, "refused", NOW)
    async with database.write() as session:
        await forbid_calls(session, [PhoneNumber("+393290000017")], Suppression.ALL, source="t", at=NOW)
        assert await move_attempt(session, GATE, refused, "second", node="node1", now=NOW) is None
    async with database.read() as session:
        found = await session.get_one(Contact, contact)
    assert (found.state, found.tally) == (ContactState.DONE, {"refused": 1})


async def test_who_is_withdrawn_while_the_call_begins_is_not_called_again(database: Database) -> None:
    contact, wanted = await claimed(database)
    await at_once(
        database,
        lambda session: commit_attempts(session, GATE, wanted, node="node1", now=NOW),
        lambda session: withdraw(session, ["e1"], "fault_reopened", NOW),
    )
    async with database.read() as session:
        found = await session.get_one(Contact, contact)
    assert (found.state, found.expires) == (ContactState.CALLING, NOW)


async def test_who_comes_back_from_a_call_while_the_list_goes_is_not_called_again(database: Database) -> None:
    contact, attempt = await calling(database)
    await at_once(
        database,
        lambda session: finish(session, GATE, [AttemptResult(attempt, "no_answer", NOW)], NOW),
        lambda session: remove_list(session, "l", NOW),
    )
    async with database.write() as session:
        assert not await remove_list(session, "l", NOW)
    async with database.read() as session:
        found, turn = await session.get_one(Contact, contact), await session.get(Turn, contact)
    assert (found.state, turn) == (ContactState.DONE, None)
