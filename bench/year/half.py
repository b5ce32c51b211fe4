"""One part of the year's customers: a database of their own, a dial loop, and all that happens to them."""

import asyncio
import gc
import resource
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

import surveys.models  # noqa: F401  (tables)
from bench.year.accounts import Accounts, accounts
from bench.year.agenda import YEAR, Wave
from bench.year.house import open_house, shelf
from bench.year.inline import connect
from bench.year.network import NODE, YearLines
from bench.year.people import settle
from bench.year.processes import LINES, PACE, PROFILE, SHOWN, SURVEY, Happening, plans, processes
from bench.year.progress import Notes
from bench.year.timeless import TimelessDatabase, YearLoop
from calls import Journal
from dialer import CONTACT_DONE, DialLoop, Trunk, set_up
from dialer.campaigns import campaign as campaign_named
from dialer.campaigns import plan_of
from dialer.gate.destination import remember
from ivr import Runner
from ivr.player import TextVoice
from store import Base, Courier, Dispatcher, Event, Handler
from surveys.book import SurveyPlan, campaign_of
from surveys.models import Occasion
from values import Clock
from values.testing import VirtualClock

POLL: Final = 3600.0
"""Virtual seconds between two looks of the dial loop when nothing has happened; deliveries look as often."""
BATCH: Final = 500
REST: Final = 0.25
NUMBERS: Final = 65_536
"""Some days' numbers, each looked up once: whom one day does not reach is called on the next."""
LAST_SECONDS: Final = 45 * 86_400.0
"""How long after the last wave all must be done."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one process of the bench does."""

    part: int
    """Which of `parts`: of the customers, and of each wave's events."""
    parts: int
    waves: Sequence[Wave]
    folder: Path
    customers: int
    """How many there are in this part."""


def run(job: Job) -> Mapping[str, Any]:
    """Live this part of the year."""
    remember(NUMBERS)
    loop = YearLoop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(Half(job).live())
    finally:
        loop.close()


class Half:
    """One part, while it lasts."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._clock = VirtualClock(job.waves[0].at - timedelta(hours=1))
        self._chance = Random(YEAR + job.part)
        self._db = TimelessDatabase(
            f"sqlite+aiosqlite:///{job.folder}/part{job.part}.db", clock=self._clock, connect=connect
        )
        self._fed: Counter[str] = Counter()
        self._owed: Counter[str] = Counter()
        self._told: Counter[tuple[str, str]] = Counter()
        self._events: Counter[str] = Counter()
        self._notes = Notes(job.folder)
        self._whole = True
        self._since = 0
        """Contacts done since it was last noted."""

    async def live(self) -> Mapping[str, Any]:
        """From the first event to the last contact's end; what came of it, as plain values."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._db)
            began = perf_counter()
            await self._prepare()
            gc.collect()
            gc.freeze()  # as the core does when it is ready
            gc.set_threshold(*_COLLECTED)
            prepared = perf_counter()
            lines = await self._work(stack)
            worked = perf_counter()
            found = await self._audit(lines)
            return {
                "whole": self._whole,
                "prepare_seconds": prepared - began,
                "seconds": worked - prepared,
                "audit_seconds": perf_counter() - worked,
                "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "processor_seconds": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
                "most_calls_at_once": lines.most_at_once,
                "accounts": found,
            }

    async def _prepare(self) -> None:
        async with self._db.write() as session:
            connection = await session.connection()
            await connection.run_sync(Base.metadata.create_all)
        first = self._job.part * self._job.customers
        await settle(self._db, range(first, first + self._job.customers))
        self._house = open_house(self._db, self._clock, profile=PROFILE, caller_id=SHOWN)
        self._processes = processes(self._house)
        survey = SurveyPlan(
            name=SURVEY, questionnaire="surveys.after_process", occasion=Occasion.POLL, area="adsl"
        )
        async with self._db.write() as session:
            for each in plans(self._house):
                await set_up(session, self._house.gate, each)
            await self._house.opinion.book.set_up(session, survey, self._clock.now())
        async with self._db.write() as session:
            opinion = plan_of(await campaign_named(session, campaign_of(SURVEY)))
            await set_up(session, self._house.gate, replace(opinion, lines=LINES, calls_per_second=PACE))

    async def _work(self, stack: AsyncExitStack) -> YearLines:
        journal = Journal(self._db, self._clock, self._job.folder / f"part{self._job.part}.spill")
        await stack.enter_async_context(journal)
        runner = Runner(shelf(), self._house.actions, TextVoice(), self._clock)
        answers = {each.name: each.answers for each in self._processes}
        lines = YearLines(self._clock, self._chance, runner, journal, answers)
        loop = DialLoop(
            self._db,
            lines,
            self._house.gate,
            self._clock,
            node=NODE,
            trunks=[Trunk("carrier", 100_000, 100_000.0)],
            consents=self._house.consents,
            poll=POLL,
            look=POLL,
            batch=BATCH,
            rest=REST,
        )
        lines.placement, lines.finished = loop.placement, loop.call_finished
        await stack.enter_async_context(loop)
        post = _Post(Dispatcher(self._db, self._clock, self._subscriptions()), self._clock, loop)
        self._db.on_emitted(post.nudge)
        running = asyncio.get_running_loop().create_task(post.run())
        try:
            for wave in self._job.waves:
                await self._clock.sleep(max(0.0, (wave.at - self._clock.now()).total_seconds()))
                if self._ends_early(wave.at):
                    break
                await self._feed(wave)
                loop.nudge()
            await self._end()
        finally:
            running.cancel()
        await loop.flush()
        await journal.flush()
        return lines

    def _ends_early(self, now: datetime) -> bool:
        """Note how far it is; whether that was enough."""
        self._note(now)
        if self._notes.stopped:
            self._whole = False
        return not self._whole

    def _note(self, now: datetime) -> None:
        self._since = 0
        self._notes.write(self._job.part, now, sum(self._told.values()))

    def _subscriptions(self) -> Mapping[str, Sequence[Handler | Courier]]:
        heard = {kind: list(handlers) for kind, handlers in self._house.subscriptions().items()}
        heard.setdefault(CONTACT_DONE, []).append(Handler("bench.count", self._count))
        return heard

    async def _count(self, _session: AsyncSession, events: Sequence[Event]) -> None:
        for event in events:
            self._told[str(event.payload["campaign"]), str(event.payload["outcome"])] += 1
        self._since += len(events)
        if self._since >= _NOTED_EVERY:
            self._note(self._clock.now())

    async def _feed(self, wave: Wave) -> None:
        """Hand over what has happened since the last wave."""
        for nth, process in enumerate(self._processes):
            self._owed[process.name] += process.volume * wave.share / self._job.parts  # type: ignore[assignment]
            count = int(self._owed[process.name] + 0.5)
            self._owed[process.name] -= count
            first = self._fed[process.name]
            self._fed[process.name] += count
            happenings = [self._happening(nth, first + place) for place in range(count)]
            for begin in range(0, count, _CHUNK):
                async with self._db.write() as session:
                    some = happenings[begin : begin + _CHUNK]
                    self._events[process.name] += await process.feed(session, some, self._clock.now())
        await self._house.desk.worker.drain()

    def _happening(self, nth: int, place: int) -> Happening:
        """Customers come in turn, each process in its own, so that nobody has two of a kind at once."""
        job = self._job
        turn = (place * _STRIDE + nth * job.customers // len(self._processes)) % job.customers
        return Happening(place * job.parts + job.part, job.part * job.customers + turn)

    async def _end(self) -> None:
        """Wait until nobody is to be called any more."""
        until = self._clock.monotonic() + LAST_SECONDS
        while self._clock.monotonic() < until and not self._ends_early(self._clock.now()):
            await self._clock.sleep(3600)
            async with self._db.read() as session:
                left = await session.execute(text("SELECT 1 FROM contacts WHERE state <> 'done' LIMIT 1"))
                waiting = await session.execute(
                    text("SELECT 1 FROM outbox_events WHERE done_at IS NULL LIMIT 1")
                )
                if left.first() is None and waiting.first() is None:
                    return

    async def _audit(self, lines: YearLines) -> Accounts:
        return await accounts(
            self._db, self._processes, self._fed, self._events, self._told, lines, self._job
        )


class _Post:
    """Runs the dispatcher when there is something to deliver, and now and then besides."""

    def __init__(self, dispatcher: Dispatcher, clock: Clock, loop: DialLoop) -> None:
        self._dispatcher = dispatcher
        self._clock = clock
        self._loop = loop
        self._fresh = asyncio.Event()

    def nudge(self) -> None:
        """There is something."""
        self._fresh.set()

    async def run(self) -> None:
        """Deliver for ever."""
        while True:
            await self._fresh.wait()
            await self._clock.sleep(_GATHER)
            self._fresh.clear()
            if await self._dispatcher.drain():
                self._loop.nudge()


_CHUNK: Final = 1000
_NOTED_EVERY: Final = 1000
_COLLECTED: Final = (100_000, 20, 100)
"""Thousands of calls in the air are no litter: the collector looks less often."""
_GATHER: Final = 0.5
"""How many virtual seconds the first event of a tick waits for the others."""
_STRIDE: Final = 7919
