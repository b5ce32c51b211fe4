"""Counts the weeks that are over beforehand, one at a time and quietly: callers come first."""

from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete, insert, select, text

from store import Database, StoreUnavailableError
from store.lifetime import slices
from surveys.figures.periods import By, period_of
from surveys.figures.tallied import stale_weeks, tallies_of
from surveys.models import AnswerTally, Interview, InterviewState
from values import Clock

log = structlog.get_logger(__name__)

OVER: Final = timedelta(days=2)
"""A week is counted so long after it has ended: nobody is still being asked then."""
FIRST_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 1_800.0
BREATH_SECONDS: Final = 1.0
"""Between two weeks."""
_LOCK: Final = 0x7A111E5
"""PostgreSQL's advisory lock: cores that count at the same time replace each other's rows, in turn."""


class Bookkeeper:
    """Runs in the core. Several may, on one database: each writes the same."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def run(self) -> None:
        """Go on until cancelled. Survives the database's absence."""
        await self._clock.sleep(FIRST_SECONDS)
        while True:
            try:
                await self.round()
            except StoreUnavailableError:
                pass  # others have said so
            except Exception:
                log.exception("surveys.bookkeeper_failed")
            await self._clock.sleep(LOOK_SECONDS)

    async def round(self) -> int:
        """Count what is not counted yet, or has changed; how many weeks. Raises `StoreUnavailableError`."""
        until = period_of(self._clock.now() - OVER - timedelta(days=7), By.WEEK)
        async with self._db.read() as session:
            first = select(Interview.week).where(
                Interview.state == InterviewState.COMPLETE, Interview.week != ""
            )
            since = await session.scalar(first.order_by(Interview.week).limit(1))
            weeks = await stale_weeks(session, since, until) if since else []
        for number, week in enumerate(weeks):
            if number:
                await self._clock.sleep(BREATH_SECONDS)
            await self._count(week)
        return len(weeks)

    async def _count(self, week: str) -> None:
        async with self._db.read() as session:
            rows = await tallies_of(session, week)
        async with self._db.write() as session:
            if not self._db.is_sqlite:  # there is one writer at a time
                await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await session.execute(delete(AnswerTally).where(AnswerTally.week == week))
            for part in slices(rows):
                await session.execute(insert(AnswerTally), part)
        log.info("surveys.week_counted", week=week, rows=len(rows))
