"""The book of queues: what happens is handed over in passing and written down in groups.

While the database is away rows wait in memory; at the end, and beyond `KEPT` of them, in a file that is read
back. Writing twice is harmless: a visit's row takes the newest values, an event is known by its visit and
number.
"""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from agents.queues.models import QueueEvent, QueueVisit
from agents.queues.service import note_row, write_visits
from agents.queues.visits import Note, Visit
from store import Database, StoreUnavailableError
from values import Clock

log = structlog.get_logger(__name__)

GROUP_SECONDS: Final = 0.25
GROUP_SIZE: Final = 500
KEPT: Final = 20_000
AWAY_SECONDS: Final = 2.0
_TIMES: Final = frozenset({"entered", "since", "ended", "finished", "at"})

Entry = tuple[str, dict[str, Any]]
"""The table's name and a row."""


class Book:
    """Takes rows at once, without waiting. Call `start()` on the running loop before the first."""

    def __init__(self, db: Database, clock: Clock, spill: Path) -> None:
        self._db = db
        self._clock = clock
        self._spill = spill
        self._waiting: list[Entry] = []
        self._task: asyncio.Task[None] | None = None
        self._away = False

    def start(self) -> None:
        """Begin writing; what an earlier process spilled is read back first."""
        self._waiting = _read(self._spill) + self._waiting
        self._task = asyncio.get_running_loop().create_task(self._run(), name="queues.book")

    @property
    def waiting(self) -> int:
        """Rows that are not in the database yet."""
        return len(self._waiting)

    def visit(self, visit: Visit) -> None:
        """A visit as it stands now."""
        self._waiting.append((QueueVisit.__tablename__, visit.row()))

    def note(
        self, visit: Visit, kind: str, at: datetime, *, agent: str = "", detail: dict[str, Any] | None = None
    ) -> None:
        """Something happened in a visit; its row is written too."""
        note = Note(
            visit.visit_id,
            visit.steps,
            at,
            kind,
            visit.queue,
            visit.call_id,
            agent or visit.agent,
            detail or {},
        )
        visit.steps += 1
        self._waiting.append((QueueEvent.__tablename__, note_row(note)))
        self.visit(visit)

    async def flush(self) -> None:
        """Write down what waits. Raises `StoreUnavailableError`, and then it waits on."""
        while self._waiting:
            group = self._waiting[:GROUP_SIZE]
            async with self._db.write() as session:
                await write_visits(session, _of(group, QueueVisit), _of(group, QueueEvent))
            del self._waiting[: len(group)]
        self._spill.unlink(missing_ok=True)
        if self._away:
            log.info("queues.book_recovered")
        self._away = False

    async def close(self, *, seconds: float = 3.0) -> None:
        """Write down the rest, as far as the database lets; what is left goes into the file."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        with suppress(StoreUnavailableError, TimeoutError):
            async with asyncio.timeout(seconds):
                await self.flush()
        if self._waiting:
            self._spill_over()

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(AWAY_SECONDS if self._away else GROUP_SECONDS)
            if not self._waiting:
                continue
            try:
                await self.flush()
            except StoreUnavailableError:
                if not self._away:
                    log.error("queues.book_waits", rows=len(self._waiting))  # noqa: TRY400
                self._away = True
                if len(self._waiting) > KEPT:
                    self._spill_over()
            except Exception:
                log.exception("queues.book_failed")
                self._away = True

    def _spill_over(self) -> None:
        """All that waits is on the disk too; in memory it stays until it is written."""
        lines = [
            orjson.dumps([table, row], option=orjson.OPT_APPEND_NEWLINE, default=str)
            for table, row in self._waiting
        ]
        try:
            draft = self._spill.with_suffix(".draft")
            place = os.open(draft, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o600)
            with open(place, "wb") as file:  # noqa: PTH123  (of a descriptor, for its mode)
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._spill)
        except OSError as problem:
            log.critical("queues.book_cannot_spill", why=str(problem), rows=len(lines))


def _of(group: Sequence[Entry], model: type[QueueVisit] | type[QueueEvent]) -> list[dict[str, Any]]:
    return [row for table, row in group if table == model.__tablename__]


def _read(file: Path) -> list[Entry]:
    found: list[Entry] = []
    try:
        lines = file.read_bytes().splitlines()
    except OSError:
        return found
    for line in lines:
        try:
            table, row = orjson.loads(line)
            found.append((table, {name: _value(name, value) for name, value in row.items()}))
        except (ValueError, TypeError, AttributeError):
            log.warning("queues.book_unreadable_line")
    log.info("queues.book_read_back", rows=len(found))
    return found


def _value(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _TIMES and isinstance(value, str) else value
