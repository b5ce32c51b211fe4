"""Whose turn it is: order, leases, promises, lists and time zones."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from dialer import CampaignPlan, Gate, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.campaigns import campaign
from dialer.cards import keep_called
from dialer.contacts import (
    Closing,
    Lease,
    UnknownContactError,
    claim,
    close,
    expire,
    give_back,
    promise,
    put_back,
    release,
    take_up,
    with_due_contacts,
    withdraw,
)
from dialer.lanes import openings
from dialer.models import Contact, ContactList, ContactState, Turn
from dialer.order import PATIENCE
from store import Database
from values import BadInputError, PhoneNumber

pytestmark = pytest.mark.database

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # a Tuesday
SOON = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LEASE = timedelta(seconds=30)
NEW_YORK, LOS_ANGELES, ROME = "+12125550123", "+12135550123", "+390612345678"


async def add(db: Database, name: str, number: str = ROME, *, campaign: str = "c", **words: object) -> str:
    new = NewContact(
        campaign=campaign,
        event_id=name,
        customer_id=name,
        number=PhoneNumber(number),
        **words,  # type: ignore[arg-type]
    )
    async with db.write() as session:
        (made,) = await enqueue(session, [new], NOW)
    return made


async def take(
    db: Database,
    most: int = 100,
    *,
    worker: str = "w",
    now: datetime = NOW,
    agents: Collection[str] = (),
    zones: Collection[str] | None = None,
) -> list[Lease]:
    async with db.write() as session:
        return await claim(
            session, "c", most, worker=worker, lease=LEASE, now=now, agents=agents, zones=zones
        )


async def taken(db: Database, most: int = 100, **words: object) -> list[str]:
    """The names of those claimed, in order."""
    leases = await take(db, most, **words)  # type: ignore[arg-type]
    async with db.read() as session:
        rows = await session.execute(select(Contact.id, Contact.event_id))
        names = {row.id: row.event_id for row in rows}
    return [names[each.contact_id] for each in leases]


async def due(db: Database, now: datetime = NOW, zones: dict[str, Collection[str]] | None = None) -> bool:
    async with db.read() as session:
        return "c" in await with_due_contacts(session, ["c", "other"], now, zones=zones)


async def turns(db: Database) -> int:
    async with db.read() as session:
        return len((await session.scalars(select(Turn.contact_id))).all())


async def test_by_priority_then_score_then_how_long_they_are_due(database: Database) -> None:
    await add(database, "plain")
    await add(database, "early", not_before=NOW - HOUR)
    await add(database, "good", score=2.5)
    await add(database, "better", score=2.75)
    await add(database, "urgent", priority=1, score=-4.0)
    await add(database, "minor", priority=-1, score=99.0)
    await add(database, "later", priority=9, not_before=NOW + SOON)
    assert await taken(database, 4) == ["urgent", "better", "good", "early"]
    assert await taken(database) == ["plain", "minor"]
    assert not await due(database)
    assert await due(database, NOW + SOON)
    again = ["later", "urgent", "better", "good", "early", "plain", "minor"]  # their leases have run out
    assert await taken(database, now=NOW + SOON) == again


async def test_several_lists_and_zones_are_one_queue(database: Database) -> None:
    for rank in range(12):
        number = (NEW_YORK, LOS_ANGELES, ROME)[rank % 3]
        await add(database, f"{rank:02d}", number, list=f"l{rank % 2}", score=float(-rank))
    assert await taken(database, 5) == ["00", "01", "02", "03", "04"]
    assert await taken(database, 3) == ["05", "06", "07"]
    assert await taken(database, 50) == ["08", "09", "10", "11"]


async def test_nobody_is_claimed_whose_zone_is_closed(database: Database) -> None:
    await add(database, "east", NEW_YORK)
    await add(database, "west", LOS_ANGELES, priority=5)
    await add(database, "both", NEW_YORK, zone="America/Los_Angeles", priority=3)
    east = {"America/New_York"}
    assert await due(database, zones={"c": east, "other": ()})
    assert await taken(database, zones=east) == ["east"]
    assert not await due(database, zones={"c": east, "other": ()})
    assert await due(database, zones={"c": {"America/Los_Angeles"}, "other": ()})
    assert await taken(database, zones=()) == []
    assert await taken(database) == ["west", "both"]


async def test_openings_tell_which_zones_are_open_and_when_the_next_one_opens(database: Database) -> None:
    gate = Gate(load_profiles(), country="US")
    plan = CampaignPlan(
        name="c", flow="f", purpose=Purpose.SERVICE, profile="none", caller_id=NEW_YORK,
        hours={"weekday": ["09:00-17:00"]},
    )  # fmt: skip
    async with database.write() as session:
        await set_up(session, gate, plan)
    await add(database, "east", NEW_YORK)
    await add(database, "west", LOS_ANGELES)
    at = datetime(2026, 3, 3, 15, 30, tzinfo=UTC)  # half past ten in New York
    async with database.read() as session:
        found = (await openings(session, gate, [await campaign(session, "c")], at))["c"]
    assert found.open == {"America/New_York"}
    assert found.next == datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


async def test_an_inactive_list_is_left_alone_until_it_is_active_again(database: Database) -> None:
    async with database.write() as session:
        session.add(ContactList(name="l", campaign="c", title="", active=False, created=NOW))
    await add(database, "listed", list="l", priority=9)
    await add(database, "single")
    assert await taken(database) == ["single"]
    assert not await due(database)
    async with database.write() as session:
        await session.execute(update(ContactList).values(active=True))
    assert await due(database)
    assert await taken(database) == ["listed"]


async def test_a_lease_that_runs_out_frees_its_contact_and_outdates_its_fence(database: Database) -> None:
    await add(database, "anna")
    (old,) = await take(database, worker="slow")
    assert await take(database, now=NOW + LEASE / 2) == []
    (new,) = await take(database, worker="quick", now=NOW + LEASE)
    assert new.fence == old.fence + 1
    async with database.write() as session:
        assert await take_up(session, [old]) == {}
    async with database.write() as session:
        held = await take_up(session, [new])
        assert list(held) == [new.contact_id]
        assert held[new.contact_id].fence == new.fence
    assert await turns(database) == 0


async def test_leases_are_given_back_and_those_of_a_dead_process_released(database: Database) -> None:
    await add(database, "anna", priority=2)
    await add(database, "berta", priority=1)
    leases = await take(database, 1, worker="n1/a") + await take(database, 1, worker="n2/a")
    async with database.write() as session:
        assert await release(session, "n1/") == 1
    assert await taken(database) == ["anna"]
    async with database.write() as session:
        await give_back(session, [leases[0]])  # outdated: the lease is another's by now
        await give_back(session, [leases[1]])
    assert await taken(database) == ["berta"]


async def test_put_back_is_called_again_at_its_time_and_its_fence_goes_on(database: Database) -> None:
    await add(database, "anna")
    (first,) = await take(database)
    async with database.write() as session:
        held = await take_up(session, [first])
        for each in held.values():
            each.state = ContactState.CALLING
        await keep_called(session, held.values())
    async with database.write() as session:
        contact = await session.get_one(Contact, first.contact_id)
        await put_back(session, {contact: NOW + HOUR}, NOW)
    assert not await due(database, NOW + HOUR - SOON)
    (second,) = await take(database, now=NOW + HOUR)
    assert second.fence > first.fence


async def test_what_has_expired_is_neither_claimed_nor_in_the_way(database: Database) -> None:
    for i in range(3):
        await add(database, f"old{i}", priority=9, expires=NOW)
    await add(database, "fresh", expires=NOW + HOUR)
    assert await taken(database, 1) == ["fresh"]
    async with database.write() as session:
        assert len(await expire(session, NOW)) == 3
    assert await turns(database) == 1


async def test_whoever_is_withdrawn_or_done_has_no_turn(database: Database) -> None:
    await add(database, "anna")
    other = await add(database, "berta")
    (lease, _) = await take(database)
    async with database.write() as session:
        await withdraw(session, ["anna"], "gone", NOW)
    async with database.write() as session:
        assert await take_up(session, [lease]) == {}
        await close(session, [Closing(await session.get_one(Contact, other), "done")], NOW)
    assert await turns(database) == 0


async def test_a_promised_call_back_goes_before_all_others_when_it_is_due(database: Database) -> None:
    await add(database, "urgent", priority=100)
    anna = await add(database, "anna")
    async with database.write() as session:
        await promise(session, anna, NOW + HOUR, now=NOW)
    assert await taken(database, 1) == ["urgent"]
    await add(database, "more", priority=100)
    assert await taken(database, 1, now=NOW + HOUR) == ["anna"]


async def test_a_call_back_promised_to_an_agent_waits_for_that_agent_but_not_for_ever(
    database: Database,
) -> None:
    for name in ("anna", "berta"):
        contact = await add(database, name)
        async with database.write() as session:
            await promise(session, contact, NOW + SOON, now=NOW, agent="elena")
    at = NOW + 2 * SOON
    assert await take(database, now=at) == []
    assert await take(database, now=at, agents=["franco"]) == []
    (lease,) = await take(database, now=at, agents=["franco", "elena"])  # one at a time
    assert lease.agent == "elena"
    late = await take(database, now=NOW + SOON + PATIENCE, worker="x")
    assert [each.agent for each in late] == ["", ""]


async def test_a_promise_may_name_another_number_and_reopens_who_was_done(database: Database) -> None:
    anna = await add(database, "anna", ROME)
    async with database.write() as session:
        await close(session, [Closing(await session.get_one(Contact, anna), "busy")], NOW)
    async with database.write() as session:
        await promise(session, anna, NOW + SOON, now=NOW, number=PhoneNumber(NEW_YORK))
    async with database.read() as session:
        contact = await session.get_one(Contact, anna)
    assert (contact.number, list(contact.numbers)) == (NEW_YORK, [NEW_YORK, ROME])
    assert (contact.zones, contact.state, contact.outcome) == ("America/New_York", ContactState.READY, "")
    assert await taken(database, now=NOW + SOON, zones={"America/New_York"}) == ["anna"]


async def test_impossible_promises_are_refused_by_name(database: Database) -> None:
    anna = await add(database, "anna", expires=NOW + HOUR)
    async with database.write() as session:
        with pytest.raises(UnknownContactError):
            await promise(session, "nobody", NOW + SOON, now=NOW)
        with pytest.raises(BadInputError, match=r"at: .*past"):
            await promise(session, anna, NOW - SOON, now=NOW)
        with pytest.raises(BadInputError, match=r"at: .*after"):
            await promise(session, anna, NOW + HOUR, now=NOW)


async def test_workers_never_take_the_same_contact(database: Database) -> None:
    numbers = (NEW_YORK, LOS_ANGELES, ROME)
    new = [
        NewContact(campaign="c", event_id=f"e{i}", customer_id="x", number=PhoneNumber(numbers[i % 3]),
                   score=float(i % 7))
        for i in range(300)
    ]  # fmt: skip
    async with database.write() as session:
        await enqueue(session, new, NOW)

    async def work(name: str) -> list[str]:
        mine: list[str] = []
        for _ in range(40):
            mine += [each.contact_id for each in await take(database, 7, worker=name)]
        return mine

    found = [each for mine in await asyncio.gather(*(work(f"w{i}") for i in range(4))) for each in mine]
    assert len(found) == 300
    assert len(set(found)) == 300


@pytest.mark.parametrize("numbers", [(ROME,), (ROME, NEW_YORK)], ids=["one lane", "two lanes"])
async def test_nobody_waits_for_a_worker_who_takes_long_over_a_claim(
    database: Database, numbers: tuple[str, ...]
) -> None:
    if database.is_sqlite:
        pytest.skip("there one writer goes at a time")
    for i in range(6):
        await add(database, f"{i}", numbers[i % len(numbers)], score=float(-i))
    async with asyncio.timeout(20), database.write() as slow:
        first = await claim(slow, "c", 3, worker="slow", lease=LEASE, now=NOW)
        assert await taken(database, 3, worker="quick") == ["3", "4", "5"]
        assert len(first) == 3
