"""Volumes by month, and whether calls spare customers a call to care: counted from made-up months."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from customers import Channel, ContactDirection, ContactNote, Customers
from customers.seed import id_of, seed
from dialer.models import Contact, ContactState
from proactive.rules import Result, RuleDecision
from proactive.volumes import Pair, Volume, combined, difference, volumes, volumes_told
from proactive.volumes.months import months_of
from store import Database
from tests.dialer.results.samples import add, attempt_row, contact_row
from values import BadInputError, CustomerId
from values.testing import EPOCH, FixedClock

SINCE = datetime(2026, 1, 31, 23, tzinfo=UTC)  # midnights in Rome
UNTIL = datetime(2026, 3, 31, 22, tzinfo=UTC)
NOW = UNTIL + timedelta(days=30)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url, clock=FixedClock()) as db:
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
        yield db


def contact(which: int, day: int, **words: Any) -> dict[str, Any]:
    row = contact_row(
        which, campaign="fault_closure", created=datetime(2026, 3, day, 12, tzinfo=UTC),
        state=ContactState.DONE, **words,
    )  # fmt: skip
    return {name: value for name, value in row.items() if not name.startswith("lease")}


@pytest.mark.database
async def test_a_month_is_told_by_what_came_of_the_contacts_made_in_it(db: Database) -> None:
    async with db.write() as session:
        rows = [
            contact(1, 2, outcome="fixed", goal=True, attempts=1),
            contact(2, 2, outcome="silence", attempts=3),
            contact(3, 3, outcome="no_answer", attempts=3),
            contact(4, 9, outcome="asked_together"),
            contact(5, 9, outcome="expired", attempts=2),
            contact(6, 30) | {"state": ContactState.READY},
        ]
        late = contact(7, 1) | {"created": datetime(2026, 2, 28, 23, 30, tzinfo=UTC)}  # March in Rome
        await add(session, *rows, late, model=Contact)
        calls = {"campaign": "fault_closure", "answered": 5.0}
        await add(
            session,
            attempt_row(1, **calls, outcome="fixed"),
            *(attempt_row(20 + n, **calls, contact_id="c2", outcome="silence") for n in range(2)),
            attempt_row(3, **calls, outcome="machine"),
            attempt_row(5, campaign="fault_closure", outcome="no_answer"),
        )
    async with db.read() as session:
        found = await volumes(session, SINCE, UNTIL, now=NOW)
    assert found.months == ["2026-02", "2026-03"]
    told = {(each.process, each.month): each for each in found.volumes}
    assert len(told) == 12  # six processes, also those without contacts
    assert told["fault_closure", "2026-03"] == Volume(
        process="fault_closure", month="2026-03", contacts=7, taken_back=1, open=1, attempts=9, reached=2,
        understood=1,
    )  # fmt: skip
    march = told["fault_closure", "2026-03"]
    assert (march.settled, march.reach_rate, march.understood_rate) == (5, 0.4, 0.5)
    assert (told["welcome", "2026-02"].reach_rate, told["welcome", "2026-02"].understood_rate) == (None, None)


@pytest.mark.database
async def test_who_is_still_to_be_called_counts_neither_as_reached_nor_as_understood(db: Database) -> None:
    answered = {"campaign": "fault_closure", "answered": 5.0}
    async with db.write() as session:
        await add(
            session,
            contact(1, 2, outcome="fixed", goal=True, attempts=1),
            contact(2, 2, outcome="silence", attempts=1),
            contact(3, 3, outcome="no_answer", attempts=3),
            contact(4, 3, outcome="replaced", goal=True),  # told elsewhere: taken back all the same
            *(contact(n, 9, attempts=1) | {"state": ContactState.READY} for n in (5, 6, 7)),
            contact(8, 9, goal=True, attempts=1) | {"state": ContactState.READY},
            model=Contact,
        )
        await add(
            session,
            *(attempt_row(n, **answered, outcome="fixed") for n in (1, 8)),
            *(attempt_row(n, **answered, outcome="silence") for n in (2, 5, 6, 7)),
        )
    async with db.read() as session:
        found = await volumes(session, SINCE, UNTIL, now=NOW)
    march = next(each for each in volumes_told(found)["volumes"] if each["contacts"])
    assert (march["contacts"], march["taken_back"], march["open"], march["settled"]) == (8, 1, 4, 3)
    assert (march["reached"], march["understood"]) == (2, 1)
    assert (march["reach_rate"], march["understood_rate"]) == (2 / 3, 0.5)


def decision(customer: int, result: Result, at: datetime, **words: Any) -> dict[str, Any]:
    return {
        "id": f"d{customer}-{at:%d%H}", "rule": "repair_check", "event": f"e{customer}",
        "type": "repair.done",
        "at": at, "decided": at, "campaign": "fault_closure", "customer_id": id_of(customer), "key": "",
        "result": result, "share": 0.5,
    } | words  # fmt: skip


@pytest.mark.database
async def test_the_called_are_compared_with_those_left_alone_for_a_week_each(db: Database) -> None:
    day = datetime(2026, 3, 10, 12, tzinfo=UTC)
    called = [decision(n, Result.CONTACT, day) for n in range(20)]
    alone = [decision(n, Result.CONTROL, day) for n in range(20, 40)]
    again = decision(0, Result.CONTACT, day + timedelta(days=2))  # counts once, from the first
    young = decision(50, Result.CONTACT, NOW - timedelta(days=6))
    other = decision(51, Result.LATE, day)
    rang = {
        0: timedelta(days=7), 1: timedelta(days=7, seconds=1), 2: timedelta(seconds=-1), 3: timedelta(days=3),
        **{n: timedelta(hours=n) for n in range(20, 31)},
    }  # fmt: skip
    async with db.write() as session:
        await add(session, *called, *alone, again, young, other, model=RuleDecision)
        await Customers(db).note_contacts(
            session,
            [
                ContactNote(CustomerId(id_of(n)), day + later, Channel.VOICE, direction, "fault")
                for n, later in rang.items()
                for direction in (ContactDirection.INBOUND,) * 2
            ]
            + [
                ContactNote(CustomerId(id_of(5)), day + timedelta(days=1), Channel.VOICE,
                            ContactDirection.OUTBOUND, "fault_closure")
            ],
        )  # fmt: skip
    async with db.read() as session:
        found = await volumes(session, SINCE, NOW, now=NOW)
    (effect,) = found.effects
    assert (effect.process, effect.called, effect.called_again) == ("fault_closure", 20, 2)
    assert (effect.control, effect.control_again) == (20, 11)
    assert effect.difference is not None
    assert effect.difference.value == pytest.approx(-0.45)
    assert effect.difference.certain
    (told,) = volumes_told(found)["effects"]
    assert (told["called_rate"], told["control_rate"], told["certain"]) == (0.1, 0.55, True)


async def they_ring(db: Database, customers: Sequence[int], at: datetime) -> None:
    notes = [
        ContactNote(CustomerId(id_of(n)), at, Channel.VOICE, ContactDirection.INBOUND, "fault")
        for n in customers
    ]
    async with db.write() as session:
        await Customers(db).note_contacts(session, notes)


@pytest.mark.database
async def test_only_those_are_compared_who_were_drawn_and_each_at_their_share(db: Database) -> None:
    day = datetime(2026, 3, 10, 12, tzinfo=UTC)
    later = day + timedelta(days=1)
    rows = [
        # before the rule had a share everybody was called, also good customers of whom nobody is left alone
        *(decision(n, Result.CONTACT, day, share=0.0) for n in range(20)),
        *(decision(n, Result.CONTACT, day, share=0.2) for n in range(20, 28)),
        *(decision(n, Result.CONTROL, day, share=0.2) for n in range(28, 30)),
        *(decision(n, Result.CONTACT, day, share=0.5) for n in range(30, 34)),
        *(decision(n, Result.CONTROL, day, share=0.5) for n in range(34, 38)),
        # called at the smaller share, left alone at the greater one: in neither group
        decision(40, Result.CONTACT, day, share=0.2),
        decision(40, Result.CONTROL, later, share=0.5),
        # once by the first decision, whatever the share has become
        decision(20, Result.CONTACT, later, share=0.5),
    ]
    async with db.write() as session:
        await add(session, *rows, model=RuleDecision)
    await they_ring(db, [*range(20), 20, 28, 30, 34, 35, 36, 40], later)
    async with db.read() as session:
        (effect,) = (await volumes(session, SINCE, NOW, now=NOW)).effects
    assert list(effect.pairs) == [Pair(1, 8, 1, 2), Pair(1, 4, 3, 4)]
    assert (effect.called, effect.called_again, effect.control, effect.control_again) == (12, 2, 6, 4)
    assert effect.difference is not None  # within the shares: -3/8 and -1/2, by 1.6 and 2
    assert effect.difference.value == pytest.approx((1.6 * -0.375 + 2 * -0.5) / 3.6)


@pytest.mark.database
async def test_where_nobody_can_be_left_alone_nothing_is_compared(db: Database) -> None:
    day = datetime(2026, 3, 10, 12, tzinfo=UTC)
    async with db.write() as session:
        await add(session, decision(1, Result.CONTACT, day, share=0.0), model=RuleDecision)
    async with db.read() as session:
        assert list((await volumes(session, SINCE, NOW, now=NOW)).effects) == []


@pytest.mark.unit
def test_several_pairs_are_put_together_by_their_weights() -> None:
    one = Pair(56, 70, 48, 80)
    alone, same = combined([one]), difference(56, 70, 48, 80)
    assert alone is not None
    assert same is not None
    assert (alone.value, alone.low, alone.high) == pytest.approx((same.value, same.low, same.high))
    assert combined([one, Pair(3, 10, 0, 0), Pair(0, 0, 3, 10)]) == alone
    assert combined([Pair(3, 10, 0, 0)]) is None
    assert combined([]) is None
    twice = combined([one, one])
    assert twice is not None
    assert twice.value == pytest.approx(alone.value)
    assert twice.high - twice.low == pytest.approx((alone.high - alone.low) / 2**0.5)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("counts", "expected"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70, 48, 80), (0.2000, 0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.6000, 0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.5714, 0.0582, 0.8062)),
        ((5, 56, 0, 29), (0.0893, -0.0381, 0.1926)),
        ((0, 10, 0, 20), (0.0, -0.1611, 0.2775)),
        ((10, 10, 0, 10), (1.0, 0.6075, 1.0)),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    counts: tuple[int, int, int, int], expected: tuple[float, float, float]
) -> None:
    found = difference(*counts)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=5e-5)


@pytest.mark.unit
def test_without_a_control_group_nothing_is_claimed() -> None:
    assert difference(3, 10, 0, 0) is None
    assert difference(0, 0, 3, 10) is None
    same = difference(5, 100, 5, 100)
    assert same is not None
    assert not same.certain


@pytest.mark.unit
def test_months_are_those_of_the_place_and_bad_periods_are_named() -> None:
    months = months_of(
        datetime(2026, 1, 31, 22, 30, tzinfo=UTC), datetime(2026, 2, 3, tzinfo=UTC), "Europe/Rome"
    )
    assert [month.name for month in months] == ["2026-01", "2026-02"]
    assert months[0].until == datetime(2026, 1, 31, 23, tzinfo=UTC)
    for since, until, zone, field in (
        (UNTIL, SINCE, "UTC", "until"),
        (SINCE, UNTIL, "Rome", "zone"),
        (datetime(1970, 1, 1, tzinfo=UTC), UNTIL, "UTC", "since"),
        (datetime(1, 1, 1, tzinfo=UTC), UNTIL, "America/New_York", "since"),
        (UNTIL, datetime(9999, 12, 31, tzinfo=UTC), "UTC", "until"),
    ):
        with pytest.raises(BadInputError) as problem:
            months_of(since, until, zone)
        assert problem.value.field == field
