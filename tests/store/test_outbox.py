import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import (
    Courier,
    Database,
    Dispatcher,
    Event,
    Handler,
    OutboxDelivery,
    OutboxEvent,
    Patience,
    emit,
    forget_delivered,
)
from store.delivery import Walk
from tests.store.tables import Shelf
from values import BadInputError, EventId
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


def _event(name: str, *, key: str = "", kind: str = "tests.happened") -> Event:
    return Event(kind=kind, at=EPOCH, key=key, payload={"name": name}, id=EventId(f"e-{name}"))


async def _emit(db: Database, *events: Event) -> None:
    async with db.write() as session:
        await emit(session, events)


async def _count(db: Database, model: type[OutboxEvent] | type[OutboxDelivery]) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.count()).select_from(model))).scalar_one()


class Listener:
    """Writes down the names of the events it got; fails on those it was told to."""

    def __init__(self, name: str = "listener", *, fails_on: Sequence[str] = ()) -> None:
        self.handler = Handler(name, self.take)
        self.courier = Courier(name, self.carry)
        self.fails_on = set(fails_on)
        self.heard: list[str] = []
        self.groups: list[int] = []

    async def take(self, session: AsyncSession, events: Sequence[Event]) -> None:
        await self.carry(events)

    async def carry(self, events: Sequence[Event]) -> None:
        names = [str(event.payload["name"]) for event in events]
        if refused := self.fails_on & set(names):
            raise ValueError(f"cannot stand {sorted(refused)}")
        self.heard += names
        self.groups.append(len(names))


async def test_events_arrive_whole_in_order_and_once(database: Database) -> None:
    listener = Listener()
    seen: list[Event] = []

    async def keep(session: AsyncSession, events: Sequence[Event]) -> None:
        seen.extend(events)

    dispatcher = Dispatcher(
        database, FixedClock(), {"tests.happened": [listener.handler, Handler("keep", keep)]}
    )
    events = [_event(str(i)) for i in range(5)]
    await _emit(database, *events)
    assert await dispatcher.drain() == 10
    assert await dispatcher.drain() == 0
    assert listener.heard == ["0", "1", "2", "3", "4"]
    assert seen == events


async def test_what_is_rolled_back_is_never_told(database: Database) -> None:
    listener = Listener()
    dispatcher = Dispatcher(database, FixedClock(), {"tests.happened": [listener.handler]})
    with pytest.raises(ZeroDivisionError):  # noqa: PT012  (the block is the story)
        async with database.write() as session:
            await emit(session, [_event("a")])
            _ = 1 / 0
    await dispatcher.drain()
    assert listener.heard == []


async def test_the_same_event_twice_is_one(database: Database) -> None:
    listener = Listener()
    dispatcher = Dispatcher(database, FixedClock(), {"tests.happened": [listener.handler]})
    await _emit(database, _event("a"), _event("a"))
    await dispatcher.drain()
    await _emit(database, _event("a"))
    await dispatcher.drain()
    assert listener.heard == ["a"]


async def test_a_handlers_own_writes_happen_once_even_when_it_fails_halfway(shelved: Database) -> None:
    clock = FixedClock()
    failures = 2

    async def put(session: AsyncSession, events: Sequence[Event]) -> None:
        nonlocal failures
        session.add_all(Shelf(name=str(event.payload["name"])) for event in events)
        await session.flush()
        failures -= 1
        if failures >= 0:
            raise RuntimeError("stumbled after writing")

    dispatcher = Dispatcher(shelved, clock, {"tests.happened": [Handler("put", put)]})
    await _emit(shelved, _event("a"))
    for _ in range(4):
        await dispatcher.drain()
        clock.move(5)
    async with shelved.read() as session:
        assert list((await session.execute(select(Shelf.name))).scalars()) == ["a"]


async def test_a_poison_event_is_parked_with_its_error_and_the_rest_goes_on(database: Database) -> None:
    clock = FixedClock()
    listener = Listener(fails_on=["bad"])
    other = Listener("other")
    dispatcher = Dispatcher(
        database, clock, {"tests.happened": [listener.handler, other.handler]}, patience=Patience(tries=3)
    )
    await _emit(database, _event("1"), _event("bad"), _event("2"))
    with structlog.testing.capture_logs() as said:
        for _ in range(5):
            await dispatcher.drain()
            clock.move(10)
    assert listener.heard == ["1", "2"]
    assert other.heard == ["1", "bad", "2"]
    assert [line["event"] for line in said] == [
        "outbox.not_together",
        "outbox.refused",
        "outbox.refused",
        "outbox.parked",
    ]
    async with database.read() as session:
        parked = (
            await session.execute(select(OutboxDelivery).where(OutboxDelivery.parked_at.is_not(None)))
        ).scalar_one()
        assert (parked.handler, parked.tries) == ("listener", 3)
        assert parked.error == "ValueError: cannot stand ['bad']"
        open_events = select(func.count()).select_from(OutboxEvent).where(OutboxEvent.done_at.is_(None))
        assert (await session.execute(open_events)).scalar_one() == 0

    listener.fails_on.clear()
    await dispatcher.unpark("listener")
    await dispatcher.drain()
    assert listener.heard == ["1", "2", "bad"]
    assert other.heard == ["1", "bad", "2"]
    assert await _count(database, OutboxDelivery) == 0


async def test_only_events_of_the_same_key_wait_behind_a_failing_one(database: Database) -> None:
    clock = FixedClock()
    listener = Listener(fails_on=["anna opens"])
    dispatcher = Dispatcher(database, clock, {"tests.happened": [listener.handler]})
    await _emit(
        database,
        _event("anna opens", key="anna"),
        _event("bruno opens", key="bruno"),
        _event("anna closes", key="anna"),
        _event("nobody"),
    )
    await dispatcher.drain()
    assert listener.heard == ["bruno opens", "nobody"]
    await _emit(database, _event("anna again", key="anna"))
    await dispatcher.drain()
    listener.fails_on.clear()
    clock.move(0.6)
    await dispatcher.drain()
    assert listener.heard == ["bruno opens", "nobody", "anna opens", "anna closes", "anna again"]


async def test_a_handler_that_is_ill_as_a_whole_is_not_fed_the_whole_queue(database: Database) -> None:
    names = [str(i) for i in range(50)]
    asked = 0

    async def refuse(events: Sequence[Event]) -> None:
        nonlocal asked
        asked += 1
        raise ConnectionError("the world is away")

    dispatcher = Dispatcher(database, FixedClock(), {"tests.happened": [Courier("refuse", refuse)]})
    await _emit(database, *(_event(name) for name in names))
    await dispatcher.drain()
    assert asked == 1 + 3


async def test_events_nobody_wants_do_not_pile_up_and_are_forgotten_in_time(database: Database) -> None:
    clock = FixedClock()
    dispatcher = Dispatcher(database, clock, {})
    await _emit(database, _event("a"))
    await dispatcher.drain()
    async with database.write() as session:
        await forget_delivered(session, clock.now())
    assert await _count(database, OutboxEvent) == 1
    async with database.write() as session:
        await forget_delivered(session, clock.now() + timedelta(days=30))
    assert await _count(database, OutboxEvent) == 0


async def test_a_restart_goes_on_where_the_last_process_stopped(database: Database) -> None:
    clock = FixedClock()
    first, second = Listener("first"), Listener("second", fails_on=["a"])
    wanted = {"tests.happened": [first.handler, second.courier]}
    await _emit(database, _event("a"))
    await Dispatcher(database, clock, wanted).drain()
    second.fails_on.clear()
    clock.move(60)
    await Dispatcher(database, clock, wanted).drain()
    assert first.heard == ["a"]
    assert second.heard == ["a"]


async def test_a_long_queue_goes_in_groups(database: Database) -> None:
    listener = Listener()
    dispatcher = Dispatcher(database, FixedClock(), {"tests.happened": [listener.handler]})
    await _emit(database, *(_event(str(i)) for i in range(1230)))
    assert await dispatcher.drain() == 1230
    assert listener.groups == [100] * 12 + [30]


async def test_a_commit_is_delivered_at_once_without_waiting_for_the_next_look(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.dispatcher.POLL_SECONDS", 3600.0)
    arrived = asyncio.Event()

    async def ring(events: Sequence[Event]) -> None:
        arrived.set()

    dispatcher = Dispatcher(database, database.clock, {"tests.happened": [Courier("ring", ring)]})
    running = asyncio.create_task(dispatcher.run())
    for name in "ab":
        arrived.clear()
        await _emit(database, _event(name))
        await asyncio.wait_for(arrived.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_handler_that_never_ends_is_given_up(database: Database) -> None:
    async def sleep(session: AsyncSession, events: Sequence[Event]) -> None:
        await asyncio.Event().wait()

    patience = Patience(deadline=0.01, tries=1)
    dispatcher = Dispatcher(
        database, FixedClock(), {"tests.happened": [Handler("sleep", sleep)]}, patience=patience
    )
    await _emit(database, _event("a"))
    await dispatcher.drain()
    async with database.read() as session:
        assert (await session.execute(select(OutboxDelivery.error))).scalar_one().startswith("TimeoutError")


def test_a_kind_says_whose_fact_it_is() -> None:
    with pytest.raises(BadInputError, match=r"room\.fact"):
        Event(kind="happened", at=EPOCH)


async def test_a_page_that_all_handlers_take_leaves_no_marks_on_the_way(database: Database) -> None:
    """Marks cost a row for each event and handler; none is written where nothing goes wrong."""
    first, second = Listener("first"), Listener("second")
    marks: list[int] = []

    async def look(session: AsyncSession, events: Sequence[Event]) -> None:
        marks.append((await session.execute(select(func.count()).select_from(OutboxDelivery))).scalar_one())

    handlers = [first.handler, second.handler, Handler("look", look)]
    await _emit(database, *(_event(str(each)) for each in range(3)))
    assert await Dispatcher(database, FixedClock(), {"tests.happened": handlers}).drain() == 9
    assert (first.heard, second.heard, marks) == (["0", "1", "2"], ["0", "1", "2"], [0])


async def test_what_handlers_wrote_before_another_failed_is_not_written_twice(shelved: Database) -> None:
    async def put(session: AsyncSession, events: Sequence[Event]) -> None:
        session.add_all(Shelf(name=str(event.payload["name"])) for event in events)

    listener = Listener(fails_on=["b"])
    handlers = [Handler("put", put), listener.handler]
    await _emit(shelved, _event("a"), _event("b"))
    await Dispatcher(shelved, FixedClock(), {"tests.happened": handlers}).drain()
    async with shelved.read() as session:
        assert sorted((await session.execute(select(Shelf.name))).scalars()) == ["a", "b"]
    assert listener.heard == ["a"]


async def test_handlers_that_are_slow_together_each_get_their_own_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction for all would hold up every caller for as long as they take in sum."""
    monkeypatch.setattr("store.delivery.WHOLE_SECONDS", 1.0)
    slow, began = asyncio.Event(), 0

    async def take(session: AsyncSession, events: Sequence[Event]) -> None:
        nonlocal began
        began += 1
        if began == 1:
            await slow.wait()

    listener = Listener()
    wanted = {"tests.happened": [Handler("slow", take), listener.handler]}
    await _emit(database, _event("a"), _event("b"))
    with structlog.testing.capture_logs() as said:
        assert await Dispatcher(database, FixedClock(), wanted).drain() == 4
    assert (began, listener.heard) == (2, ["a", "b"])
    assert [(line["event"], line["handler"]) for line in said] == [("outbox.not_together", "slow")]


async def test_what_another_process_has_delivered_is_not_delivered_again(database: Database) -> None:
    mine, theirs = Listener(), Listener()
    first = Dispatcher(database, FixedClock(), {"tests.happened": [mine.handler]})
    second = Dispatcher(database, FixedClock(), {"tests.happened": [theirs.handler]})
    await _emit(database, *(_event(str(each)) for each in range(250)))
    page = await first._pending(0)
    await second.drain()
    walk = Walk(EPOCH)
    await first._deliver(page, walk)
    assert (len(theirs.heard), mine.heard, walk.delivered) == (250, [], 0)
