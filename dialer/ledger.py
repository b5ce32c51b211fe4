"""What the network said about our calls, written down in groups. Nothing here may cause another call."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from dialer.attempts import AttemptResult, finish, mark_answered, mark_ringing
from store import Database, StoreUnavailableError
from values import AttemptId, Clock

log = structlog.get_logger(__name__)

GROUP_SECONDS = 0.05
GROUP_SIZE = 200
AWAY_SECONDS = 1.0


class Ledger:
    """Takes marks and results at once and commits them in groups; while the database is away they wait.

    They need no spill: what a crash takes from here is found again in the switch's own call records.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._ringing: dict[str, datetime] = {}
        self._answered: dict[str, datetime] = {}
        self._results: dict[str, AttemptResult] = {}
        self._fresh = asyncio.Event()
        self._away = False

    def ringing(self, attempt_id: AttemptId, at: datetime) -> None:
        """The switch is being asked."""
        self._ringing[attempt_id] = at
        self._fresh.set()

    def answered(self, attempt_id: AttemptId, at: datetime) -> None:
        """Somebody picked up."""
        self._answered[attempt_id] = at
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
            except StoreUnavailableError as problem:
                if not self._away:
                    self._away = True
                    log.warning("dialer.results_wait", why=str(problem)[:300], waiting=len(self._results))
                await self._clock.sleep(AWAY_SECONDS)
                self._fresh.set()
                continue
            if self._away:
                self._away = False
                log.info("dialer.results_written")

    async def flush(self) -> None:
        """Write all that waits now. Raises `StoreUnavailableError`; nothing is forgotten then."""
        while self._ringing or self._answered or self._results:
            ringing, answered = dict(self._ringing), dict(self._answered)
            results = list(self._results.values())[:GROUP_SIZE]
            await self._write(ringing, answered, results)
            for attempt_id in ringing:
                self._ringing.pop(attempt_id, None)
            for attempt_id in answered:
                self._answered.pop(attempt_id, None)
            for result in results:
                self._results.pop(result.attempt_id, None)

    async def _write(
        self, ringing: dict[str, datetime], answered: dict[str, datetime], results: Sequence[AttemptResult]
    ) -> None:
        async with self._db.write() as session:
            await mark_ringing(session, ringing)
            await mark_answered(session, answered)
            await finish(session, results, self._clock.now())
