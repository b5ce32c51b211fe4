"""A small world for the dial loop: a real database, a scripted network, and time that runs as fast as it can.

Time stands still while the database works, so that virtual seconds mean the same on every machine.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from agents import Desk
from dialer import (
    CONTACT_DONE,
    CampaignPlan,
    ContactStory,
    DialLoop,
    Gate,
    NewContact,
    Order,
    Purpose,
    Trunk,
    contact_story,
    enqueue,
    load_profiles,
    set_up,
)
from dialer.models import Contact
from dialer.testing import ANSWERS, Reaction, Script, ScriptedLines
from store import Database, OutboxEvent, StoreUnavailableError
from values import AttemptId, PhoneNumber
from values.testing import VirtualClock, VirtualLoop

T = TypeVar("T")

TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # 11:00 in Rome
SHOWN = "+390650000611"
TRUNKS = [Trunk("first", 100, 1000.0), Trunk("second", 100, 1000.0)]


def number(i: int) -> PhoneNumber:
    return PhoneNumber(f"+39329{i:07d}")


class PatientLoop(VirtualLoop):
    """Virtual time that waits for real work to come back."""

    def __init__(self) -> None:
        super().__init__()
        self.working = 0

    def run_in_executor(self, *work: Any) -> Any:  # type: ignore[override]
        """Work in a thread is real work, too."""
        self.working += 1
        future = super().run_in_executor(*work)
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _future: object) -> None:
        self.working -= 1

    def _run_once(self) -> None:
        if self.working:
            asyncio.SelectorEventLoop._run_once(self)  # type: ignore[attr-defined]
        else:
            super()._run_once()


class TimelessDatabase(Database):
    """Takes no virtual time. `cut` makes it unreachable."""

    cut = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        with working(self.cut):
            async with super().read() as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        with working(self.cut):
            async with super().write() as session:
                yield session


class working:  # noqa: N801  (reads as a word)
    def __init__(self, cut: bool) -> None:
        if cut:
            raise StoreUnavailableError("cut by the test")

    def __enter__(self) -> None:
        _loop().working += 1

    def __exit__(self, *_: object) -> None:
        _loop().working -= 1


def _loop() -> PatientLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, PatientLoop)
    return loop


class World:
    def __init__(self, url: str, script: Script | None, otherwise: Reaction, records: Path | None) -> None:
        self.clock = VirtualClock(TUESDAY)
        self.db = TimelessDatabase(url, clock=self.clock)
        self.gate = Gate(load_profiles(), country="IT")
        self.records = records
        self.flow: Callable[[Order], Awaitable[tuple[str, bool]]] = self.confirms
        self.lines = ScriptedLines(self.clock, script, otherwise=otherwise, on_answer=self._talk)
        self.loops: list[DialLoop] = []

    async def confirms(self, _order: Order) -> tuple[str, bool]:
        """The flow most tests run: twenty seconds, then the goal."""
        await self.clock.sleep(20)
        return "closed", True

    async def _talk(self, order: Order) -> None:
        outcome, goal = await self.flow(order)
        for loop in self.loops:
            loop.call_finished(order.attempt_id, outcome, goal=goal)

    async def campaign(self, name: str = "faults", **plan: Any) -> None:
        words = {"flow": "proactive.fault_closure", "purpose": Purpose.SERVICE, "profile": "none"} | plan
        async with self.db.write() as session:
            await set_up(session, self.gate, CampaignPlan(name=name, caller_id=SHOWN, **words))

    async def contacts(self, *numbers: PhoneNumber, campaign: str = "faults", **words: Any) -> list[str]:
        new = [
            NewContact(
                campaign=campaign, event_id=f"{campaign}-{each}", customer_id="c1", number=each, **words
            )
            for each in numbers
        ]
        async with self.db.write() as session:
            return await enqueue(session, new, self.clock.now())

    def loop(
        self,
        trunks: Sequence[Trunk] = TRUNKS,
        *,
        node: str = "node1",
        poll: float = 1.0,
        desk: Desk | None = None,
    ) -> DialLoop:
        made = DialLoop(
            self.db,
            self.lines,
            self.gate,
            self.clock,
            node=node,
            trunks=trunks,
            records=self.records,
            desk=desk,
            poll=poll,
        )
        self.loops.append(made)
        return made

    async def story(self, contact_id: str) -> ContactStory:
        async with self.db.read() as session:
            found = await contact_story(session, contact_id)
        assert found is not None
        return found

    async def stories(self) -> list[ContactStory]:
        async with self.db.read() as session:
            ids = (await session.scalars(select(Contact.id).order_by(Contact.id))).all()
        return [await self.story(each) for each in ids]

    async def outcomes(self, contact_id: str) -> list[str]:
        return [attempt.outcome for attempt in (await self.story(contact_id)).attempts]

    async def events(self, kind: str = CONTACT_DONE) -> list[Any]:
        async with self.db.read() as session:
            wanted = select(OutboxEvent).where(OutboxEvent.kind == kind).order_by(OutboxEvent.seq)
            return [event.payload for event in await session.scalars(wanted)]

    def ids(self) -> list[AttemptId]:
        return [order.attempt_id for order in self.lines.orders]


def tell(
    url: str,
    story: Callable[[World], Awaitable[T]],
    *,
    script: Script | None = None,
    otherwise: Reaction = ANSWERS,
    records: Path | None = None,
) -> T:
    """Run a story in a fresh world on virtual time."""

    async def whole() -> T:
        world = World(url, script, otherwise, records)
        try:
            return await story(world)
        finally:
            for loop in world.loops:
                await loop.close()
            await _unhurried(world.db.close())

    loop = PatientLoop()
    try:
        return loop.run_until_complete(whole())
    finally:
        loop.run_until_complete(_let_go())
        loop.close()


async def _let_go() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _unhurried(work: Awaitable[None]) -> None:
    with working(cut=False):
        await work
