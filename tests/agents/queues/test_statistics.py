"""Queues kept in both databases; figures counted from the stays that were written down."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agents.models import AgentEvent
from agents.queues import Book, Visit, VisitEnd, house_queues, kpis, put_queue, queues, seed_queues
from agents.queues.intervals import Interval, begins
from agents.queues.models import QueueCallBack, QueueEvent, QueueVisit
from agents.queues.service import open_visits
from agents.queues.statistics import By, agent_times, self_service, tallies, tally
from agents.queues.visits import QUARTER, quarter_of
from calls.models import Call
from calls.records import CallState, Direction
from centralino.lifetime import rules
from store import Database, StoreUnavailableError
from store.lifetime import apply
from values import BadInputError
from values.testing import FixedClock

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def visit(number: int, end: VisitEnd | None, waited: float, *, at: datetime = DAY, **more: Any) -> Visit:
    made = Visit(
        visit_id=f"v{number}", call_id=f"i{number}", queue="care", node="node1", entered=at, since=at, **more
    )
    if end is not None:
        made.finish(end, at + timedelta(seconds=waited))
        made.waited = waited
    return made


def answered(number: int, waited: float, **more: Any) -> Visit:
    made = visit(number, VisitEnd.CONNECT, waited, agent="anna", **more)
    made.talk, made.hold, made.wrap = 200.0, 10.0, 30.0
    made.finished = made.entered + timedelta(minutes=20)
    return made


def vector() -> list[Visit]:
    """The one of the rules: 100 offered at a target of 20 seconds."""
    waits = [(VisitEnd.ABANDON, 3.0)] * 4 + [(VisitEnd.ABANDON, 15.0)] * 2 + [(VisitEnd.ABANDON, 40.0)] * 6
    waits += [(VisitEnd.TIMEOUT, 60.0)] * 8
    lost = [visit(200 + number, *each) for number, each in enumerate(waits)]
    return [answered(n, 10.0) for n in range(70)] + [answered(100 + n, 30.0) for n in range(10)] + lost


async def written(database: Database, visits: list[Visit], tmp_path: Path) -> None:
    book = Book(database, FixedClock(DAY), tmp_path / "spill")
    for each in visits:
        book.note(each, "enter", each.entered)
    await book.flush()


pytestmark = pytest.mark.database


async def test_the_vector_counted_from_rows(database: Database, tmp_path: Path) -> None:
    await written(database, vector(), tmp_path)
    async with database.read() as session:
        found = (await tally(session, DAY, DAY + timedelta(hours=1)))["care"]
    assert (found.offered, found.answered, found.abandoned, found.short, found.flow_outs) == (
        100,
        80,
        12,
        4,
        8,
    )
    levels = [make(found) for name, make in kpis.QUEUE_KPIS.items() if name.startswith("service_level")]
    assert [round(100 * (level or 0), 1) for level in levels] == [70.0, 76.1, 79.5, 70.0, 81.4, 87.5, 76.0]
    assert kpis.aht(found) == 240.0
    assert kpis.asa(found) == (70 * 10 + 10 * 30) / 80


async def test_handling_counts_where_the_wrap_up_ended(database: Database, tmp_path: Path) -> None:
    await written(database, [answered(1, 5.0)], tmp_path)
    async with database.read() as session:
        rows = await tallies(session, DAY, DAY + timedelta(hours=1))
        by_agent = await tallies(session, DAY, DAY + timedelta(hours=1), by=By.AGENT, interval=Interval.HOUR)
        together = await tallies(session, DAY, DAY + timedelta(hours=1), by=By.ALL, interval=Interval.DAY)
    assert [(row.begins, row.tally.offered, row.tally.handled) for row in rows] == [
        (DAY, 1, 0), (DAY + timedelta(minutes=15), 0, 1),
    ]  # fmt: skip
    assert [(row.who, row.tally.answered, row.tally.handled) for row in by_agent] == [("anna", 1, 1)]
    assert [(row.who, row.tally.offered, row.tally.talk) for row in together] == [("", 1, 200.0)]


async def test_who_is_still_waiting_is_offered_and_in_no_ratio(database: Database, tmp_path: Path) -> None:
    await written(database, [visit(1, None, 0.0), answered(2, 5.0)], tmp_path)
    async with database.read() as session:
        found = (await tally(session, DAY, DAY + timedelta(hours=1)))["care"]
        assert [each.visit_id for each in await open_visits(session, "node1")] == ["v1"]
    assert (found.offered, found.waiting, kpis.copc(found)) == (2, 1, 1.0)


async def test_writing_twice_is_writing_once(database: Database, tmp_path: Path) -> None:
    one = answered(1, 5.0)
    await written(database, [one], tmp_path)
    one.steps, one.hold = 0, 12.0
    await written(database, [one], tmp_path)
    async with database.read() as session:
        found = (await tally(session, DAY, DAY + timedelta(hours=1)))["care"]
        assert (await session.get(QueueEvent, ("v1", 0))) is not None
    assert (found.offered, found.hold) == (1, 12.0)


async def test_what_the_database_cannot_take_waits_in_a_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreUnavailableError("it is away")

    book = Book(database, FixedClock(DAY), tmp_path / "spill")
    book.note(answered(1, 5.0), "connect", DAY, detail={"waited": 5.0})
    with monkeypatch.context() as patch:
        patch.setattr(database, "write", away)
        await book.close()
    assert (tmp_path / "spill").exists()
    after = Book(database, FixedClock(DAY), tmp_path / "spill")
    after.start()
    await after.flush()
    await after.close()
    assert not (tmp_path / "spill").exists()
    async with database.read() as session:
        row = await session.get_one(QueueVisit, "v1")
        assert (row.end, row.entered, row.waited) == (VisitEnd.CONNECT, DAY, 5.0)


async def test_queues_are_seeded_once_and_changed_in_part(database: Database) -> None:
    async with database.write() as session:
        await seed_queues(session, house_queues(), now=DAY)
        await put_queue(session, "care", {"target_seconds": 30}, by="olga", now=DAY)
        await seed_queues(session, house_queues(), now=DAY)
        await put_queue(session, "night", {"overflow": "queue", "overflow_to": "care"}, by="olga", now=DAY)
        with pytest.raises(BadInputError):
            await put_queue(session, "x", {"overflow": "queue", "overflow_to": "nowhere"}, by="olga", now=DAY)
        with pytest.raises(BadInputError):
            await put_queue(session, "live", {}, by="olga", now=DAY)
    async with database.read() as session:
        found = await queues(session)
    assert list(found) == ["billing", "care", "night", "technical"]
    assert (found["care"].target_seconds, found["care"].points["gold"]) == (30, 40)


def event(agent: str, minute: float, state: str, before: str, seconds: float) -> AgentEvent:
    at = DAY + timedelta(minutes=minute)
    return AgentEvent(
        agent=agent, at=at, state=state, before=before, seconds=seconds, reason="", campaign="", call_id=""
    )


async def test_agents_time_is_cut_to_the_hour(database: Database) -> None:
    async with database.write() as session:
        session.add_all(
            [
                event("anna", -30, "ready", "offline", 0.0),
                event("anna", 10, "talking", "ready", 2400.0),
                event("anna", 30, "wrap_up", "talking", 1200.0),
                event("anna", 40, "paused", "wrap_up", 600.0),
            ]
        )
    hour = DAY + timedelta(hours=1)
    async with database.read() as session:
        times = await agent_times(session, DAY, hour, now=DAY + timedelta(hours=2))
    spent = times["anna"]
    assert (spent.idle, spent.talking, spent.wrap_up, spent.paused) == (600.0, 1200.0, 600.0, 1200.0)
    assert kpis.occupancy(spent) == 0.75
    assert kpis.utilisation(spent) == 0.5


async def test_who_waited_all_through_the_hour_was_idle_in_it(database: Database) -> None:
    async with database.write() as session:
        session.add_all(
            [
                event("anna", -30, "ready", "offline", 0.0),  # nothing more until the next hour
                event("berta", -90, "talking", "ready", 60.0),
                event("berta", -40, "ready", "wrap_up", 30.0),
                event("berta", -40, "paused", "ready", 0.0),  # in the same instant: the later row holds
                event("carla", -30, "offline", "ready", 60.0),  # went home
                event("dora", -17 * 60, "ready", "offline", 0.0),  # left over by a crash
                event("elena", 0, "ready", "offline", 0.0),  # just as it begins
            ]
        )
    hour = DAY + timedelta(hours=1)
    async with database.read() as session:
        over = await agent_times(session, DAY, hour, now=DAY + timedelta(hours=2))
        half = await agent_times(session, DAY, hour, now=DAY + timedelta(minutes=30), agents=["anna"])
    assert sorted(over) == ["anna", "berta", "elena"]
    assert (over["anna"].idle, kpis.occupancy(over["anna"])) == (3600.0, 0.0)
    assert (over["berta"].paused, over["berta"].idle) == (3600.0, 0.0)
    assert over["elena"].idle == 3600.0
    assert {agent: spent.idle for agent, spent in half.items()} == {"anna": 1800.0}


async def test_a_state_that_nobody_ended_counts_for_sixteen_hours_at_most(database: Database) -> None:
    async with database.write() as session:
        session.add(event("anna", 60, "ready", "offline", 0.0))
    async with database.read() as session:
        times = await agent_times(session, DAY, DAY + timedelta(days=7), now=DAY + timedelta(days=30))
    assert times["anna"].idle == 16 * 3600.0


def call(number: int, caller: str, *, day: float = 0.0, goal: bool = False) -> Call:
    began = DAY + timedelta(days=day)
    return Call(
        call_id=f"i{number}", direction=Direction.INBOUND, state=CallState.ENDED, node="node1", trunk="t",
        caller=caller, dialled="0611", flow="care.service_0611", flow_version="1", attempt_id="",
        customer_id="", began=began, ended=began + timedelta(minutes=2), goal=goal,
    )  # fmt: skip


async def test_contained_is_not_solved(database: Database, tmp_path: Path) -> None:
    await written(database, [answered(4, 5.0)], tmp_path)
    async with database.write() as session:
        session.add_all(
            [
                call(1, "+391", goal=True),  # solved
                call(2, "+392", goal=True),  # rang again
                call(3, "+393"),  # hung up in the menu
                call(4, "+394", goal=True),  # an agent helped
                call(5, "+392", day=3),
            ]
        )
    async with database.read() as session:
        found = await self_service(
            session, DAY, DAY + timedelta(days=1), now=DAY + timedelta(days=30), flow="care.service_0611"
        )
    assert (found.calls, found.contained, found.resolved, found.settled) == (4, 3, 1, 4)


async def test_after_two_years_nobody_can_tell_who_it_was(database: Database, tmp_path: Path) -> None:
    await written(database, [answered(1, 5.0, customer_id="c7")], tmp_path)
    async with database.write() as session:
        session.add(
            QueueCallBack(
                visit_id="v1", call_id="i1", queue="care", node="node1", number="+39329", customer_id="c7",
                language="it", reason="", tier="", points=0.0, since=DAY, asked=DAY, not_before=None,
                state="done", tries=1, contact_id="", agent="", outcome="", settled=DAY,
            )
        )  # fmt: skip
        await apply(session, rules(DAY + timedelta(days=800)))
    async with database.read() as session:
        row = await session.get_one(QueueVisit, "v1")
        assert (row.customer_id, row.call_id, row.waited) == ("", "", 5.0)
        assert await session.get(QueueCallBack, "v1") is None
        assert await session.get(QueueEvent, ("v1", 0)) is None


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (Interval.QUARTER, "2026-03-04T10:45:00+01:00"),
        (Interval.HALF, "2026-03-04T10:30:00+01:00"),
        (Interval.HOUR, "2026-03-04T10:00:00+01:00"),
        (Interval.DAY, "2026-03-04T00:00:00+01:00"),
        (Interval.WEEK, "2026-03-02T00:00:00+01:00"),
    ],
)
def test_intervals_begin_by_the_clock_on_the_wall(interval: Interval, expected: str) -> None:
    at = datetime(2026, 3, 4, 9, 52, tzinfo=UTC)
    assert begins(quarter_of(at), interval, ZoneInfo("Europe/Rome")).isoformat() == expected
    assert QUARTER == 900
