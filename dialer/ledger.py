"""What the network said about our calls, written down in groups. Nothing here may cause another call."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from dialer.endings import finish
from dialer.gate import Gate
from dialer.marks import Columns, write_marks
from dialer.placement import AttemptResult
from store import Database, StoreUnavailableError, blames_data
from values import AttemptId, Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")

GROUP_SECONDS = 0.05
GROUP_SIZE = 200
AWAY_SECONDS = 1.0


class Ledger:
    """Takes marks and results at once and commits them in groups; while the database is away they wait.

    They need no spill: what a crash takes from here is found again in the switch's own call records. So is
    an attempt that nothing can be written about (its campaign's rules are unreadable): it is set aside with a
    word in the log, stays open in the database, and the rest goes on.
    """

    def __init__(self, db: Database, gate: Gate, clock: Clock) -> None:
        self._db = db
        self._gate = gate
        self._clock = clock
        self._marks: dict[str, dict[str, Any]] = {}
        self._results: dict[str, AttemptResult] = {}
        self._fresh = asyncio.Event()
        self._away = False

    def mark(self, attempt_id: AttemptId, columns: Columns) -> None:
        """Something more is known of a call that lasts (`dialer.marks`)."""
        self._marks.setdefault(attempt_id, {}).update(columns)
        self._fresh.set()

    def finished(self, result: AttemptResult) -> None:
        """It is over."""
        self._results.setdefault(result.attempt_id, result)
        self._fresh.set()

    @property
    def unwritten(self) -> frozenset[str]:
        """Attempts whose result is not in the database yet."""
        return frozenset(self._results)

    async def run(self) -> None:
        """Write for ever."""
        while True:
            await self._fresh.wait()
            await self._clock.sleep(GROUP_SECONDS)
            self._fresh.clear()
            try:
                await self.flush()
            except Exception as problem:  # noqa: BLE001  (whatever it is, the next results must be written)
                if not self._away:
                    self._away = True
                    kind, waiting = type(problem).__name__, len(self._results)
                    log.warning("dialer.results_wait", kind=kind, why=str(problem)[:300], waiting=waiting)
                await self._clock.sleep(AWAY_SECONDS)
                self._fresh.set()
                continue
            if self._away:
                self._away = False
                log.info("dialer.results_written")

    async def flush(self) -> None:
        """Write all that waits now. Raises `StoreUnavailableError`; nothing is forgotten then."""
        while group := list(self._marks | self._results)[:GROUP_SIZE]:
            await self._write(group)

    async def _write(self, group: Sequence[str]) -> None:
        """Write what waits about these attempts."""
        marks = {each: dict(columns) for each, columns in _among(self._marks, group).items()}
        results = _among(self._results, group)
        try:
            async with self._db.write() as session:
                await write_marks(session, marks)
                await finish(session, self._gate, list(results.values()), self._clock.now())
        except StoreUnavailableError:
            raise
        except Exception as problem:
            if isinstance(problem, SQLAlchemyError | OSError) and not blames_data(problem):
                raise StoreUnavailableError(f"{type(problem).__name__}: {problem}") from problem
            if len(group) > 1:  # one of them spoils it: halve the group until that one stands alone
                await self._write(group[: len(group) // 2])
                await self._write(group[len(group) // 2 :])
                return
            log.exception("dialer.result_set_aside", attempt=group[0])
        for each, written in marks.items():
            if self._marks.get(each) == written:  # else more has become known meanwhile
                del self._marks[each]
        for each in results:
            self._results.pop(each, None)


def _among(waiting: Mapping[str, T], group: Sequence[str]) -> dict[str, T]:
    return {each: waiting[each] for each in group if each in waiting}
