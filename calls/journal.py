"""The journal: what happens on the line is handed over in passing and written down in groups."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from calls.records import CallEnd, CallStart, LineQuality, RecordingMade, Segment, TraceStep
from calls.spill import Spill
from calls.statements import Record, statements
from store import Database, StoreUnavailableError, blames_data
from values import Clock

log = structlog.get_logger(__name__)

GROUP_SECONDS = 0.05
"""How long a record waits for company."""
GROUP_SIZE = 500
"""How many records go into one transaction at most."""
KEPT = 20_000
"""How many records wait in memory while the database is away; older ones go to the spill file."""
COMMIT_SECONDS = 15.0
"""A commit that takes longer counts as a database that is away."""
AWAY_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""How long to wait before trying again, by how often it failed."""


Told = Callable[[AsyncSession, Sequence[Record]], Awaitable[None]]
"""Told of records in the transaction that writes them."""


class Journal:
    """Takes records at once, without waiting, and writes them in groups.

    The order within a call is kept. While the database is away records wait in memory; beyond `kept` of them,
    and at `close()`, in `spill` (a file in the home, read back on recovery or at the next start). The log
    says so once. A record that the database refuses goes to `<spill>.refused`, the rest goes on.
    Writing is idempotent, so that records may be handed over twice. Call `start()` on the running loop before
    the first record.
    """

    def __init__(
        self, db: Database, clock: Clock, spill: Path, *, kept: int = KEPT, told: Told | None = None
    ) -> None:
        self._db = db
        self._clock = clock
        self._spill = Spill(spill)
        self._refused = Spill(spill.with_name(spill.name + ".refused"))
        self._kept = kept
        self._told = told
        self._on_segment: list[Callable[[Segment], None]] = []
        self._waiting: deque[Record] = deque()
        self._fresh = asyncio.Event()
        self._hurry = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._failures = 0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def start(self) -> None:
        """Begin writing; what an earlier process spilled is read back first."""
        if self._spill.waiting:
            self._hand_over()
        self._task = asyncio.get_running_loop().create_task(self._write_on(), name="calls.journal")

    @property
    def away(self) -> bool:
        """Whether the database could not be written to at the last try."""
        return self._failures > 0

    @property
    def waiting(self) -> int:
        """Records in memory that are not in the database yet."""
        return len(self._waiting)

    def call_started(self, record: CallStart) -> None:
        """A call came up."""
        self._take(record)

    def call_ended(self, record: CallEnd) -> None:
        """A call is over."""
        self._take(record)

    def segment(self, record: Segment) -> None:
        """A stretch of a leg began (without `ended`) or ended (same call, leg, kind and beginning)."""
        self._take(record)
        for listener in self._on_segment:
            listener(record)

    def on_segment(self, listener: Callable[[Segment], None]) -> None:
        """Call this with each segment as it is handed over; it must not block."""
        self._on_segment.append(listener)

    def step(self, record: TraceStep) -> None:
        """A step of a flow was left."""
        self._take(record)

    def quality(self, record: LineQuality) -> None:
        """A leg's packets were counted."""
        self._take(record)

    def recording(self, record: RecordingMade) -> None:
        """A recording was made."""
        self._take(record)

    async def flush(self) -> None:
        """Wait until all that was handed over is in the database. While that is away it does not return."""
        while not self._idle.is_set():
            self._hurry.set()
            await self._idle.wait()

    async def close(self, *, seconds: float = 5.0) -> None:
        """Write the rest, for so long at most; what cannot be written is spilled. Nothing may come after.

        A database that is away already is not waited for.
        """
        if self._task is None:
            return
        if not self.away:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.flush()
        if not self._idle.is_set():
            log.warning("calls.journal.closed_while_away", waiting=len(self._waiting))
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None
        self._spill_down_to(0)

    def _take(self, record: Record) -> None:
        self._waiting.append(record)
        self._hand_over()

    def _hand_over(self) -> None:
        self._idle.clear()
        self._fresh.set()
        if len(self._waiting) >= GROUP_SIZE:
            self._hurry.set()

    async def _write_on(self) -> None:
        while True:
            await self._fresh.wait()
            await self._company()
            self._fresh.clear()
            try:
                await self._read_back()
                while self._waiting:
                    await self._write_group()
            except (StoreUnavailableError, OSError) as problem:
                await self._stay_away(problem)
                continue
            if self._failures:
                log.info("calls.journal.recovered", failures=self._failures)
                self._failures = 0
            self._idle.set()

    async def _company(self) -> None:
        """Let a group come together: the first record waits at most `GROUP_SECONDS`."""
        if len(self._waiting) < GROUP_SIZE and not self._hurry.is_set():
            try:
                async with asyncio.timeout(GROUP_SECONDS):
                    await self._hurry.wait()
            except TimeoutError:
                pass
        self._hurry.clear()

    async def _write_group(self) -> None:
        group = list(islice(self._waiting, GROUP_SIZE))
        await self._commit(group)
        for _ in group:
            self._waiting.popleft()

    async def _commit(self, group: Sequence[Record]) -> None:
        try:
            async with asyncio.timeout(COMMIT_SECONDS), self._db.write() as session:
                for statement, rows in statements(group, session.get_bind().dialect):
                    await session.execute(statement, rows)
                if self._told is not None:
                    await self._told(session, group)
        except TimeoutError as problem:
            raise StoreUnavailableError(f"no commit within {COMMIT_SECONDS:.0f} s") from problem
        except StoreUnavailableError:
            raise
        except Exception as problem:
            if not blames_data(problem):
                raise StoreUnavailableError(f"{type(problem).__name__}: {problem}") from problem
            await self._part(group, problem)

    async def _part(self, group: Sequence[Record], problem: Exception) -> None:
        """One record spoils the group: halve it until that one stands alone, and set it aside."""
        if len(group) == 1:
            log.error(
                "calls.journal.refused",
                call=group[0].call_id,
                kind=type(group[0]).__name__,
                why=str(problem)[:300],
            )
            self._refused.append(group)
            return
        middle = len(group) // 2
        await self._commit(group[:middle])
        await self._commit(group[middle:])

    async def _read_back(self) -> None:
        if not self._spill.waiting:
            return
        records = unreadable = 0
        for group, lost in self._spill.groups(GROUP_SIZE):
            await self._commit(group)
            records += len(group)
            unreadable += lost
        self._spill.clear()
        log.info(
            "calls.journal.read_back", records=records, unreadable=unreadable, file=str(self._spill.path)
        )

    async def _stay_away(self, problem: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            log.error(
                "calls.journal.database_away",
                why=str(problem)[:300],
                meaning="records wait in memory and, beyond that, in the spill file; nothing is lost",
                spill=str(self._spill.path),
            )
        if len(self._waiting) > self._kept:
            self._spill_down_to(self._kept // 2)
        await self._clock.sleep(AWAY_SECONDS[min(self._failures, len(AWAY_SECONDS)) - 1])
        self._fresh.set()
        self._hurry.set()

    def _spill_down_to(self, kept: int) -> None:
        """Move the oldest records to the file. Should that fail too they stay in memory."""
        over = len(self._waiting) - kept
        if over <= 0:
            return
        try:
            self._spill.append(list(islice(self._waiting, over)))
        except OSError as problem:
            log.critical("calls.journal.cannot_spill", why=str(problem), waiting=len(self._waiting))
            return
        for _ in range(over):
            self._waiting.popleft()
        log.warning("calls.journal.spilled", records=over, file=str(self._spill.path))
