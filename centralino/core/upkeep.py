"""Letting go in time: once a day what is over leaves every room, with its files."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from calls.lifetime import Kept, drop_recordings, expired_recordings, recordings_until
from centralino.lifetime import rules
from store import AuditNote, Database, StoreUnavailableError, note_audit
from store.lifetime import SLICE, Rule, find_over, let_go
from values import Clock

log = structlog.get_logger(__name__)

FIRST_SECONDS = 60.0
"""How long after the start: callers come first."""
DAY_SECONDS = 86_400.0
AWAY_SECONDS = 300.0
BREATH_SECONDS = 0.1
"""Between two transactions, so that calls are written down in the meantime."""
KEYS = 20_000
"""How many rows are looked for at once."""
FILES = 100
BY = "centralino"
SPOKEN_DAYS = 14
"""How long a customer's spoken values (names, amounts) stay on the disk."""
CUT_SHORT = timedelta(days=90)
"""How long a recording stays whose call broke off before anybody wrote it down."""


class Sweep(Protocol):
    """Removing customers' spoken values (`ivr.speech.Studio.sweep`)."""

    def __call__(self, *, days: float) -> int:
        """Those older than so many days; how many files."""
        ...


class Upkeep:
    """Does it shortly after the start and then daily. Several nodes may do it at once; each finds less."""

    def __init__(self, db: Database, clock: Clock, recordings: Path, sweep: Sweep) -> None:
        """`sweep` is called in a thread."""
        self._db = db
        self._clock = clock
        self._recordings = recordings
        self._sweep = sweep

    async def run(self) -> None:
        """Go on for ever; what fails is tried again."""
        wait = FIRST_SECONDS
        while True:
            await self._clock.sleep(wait)
            try:
                await self.once()
            except StoreUnavailableError as problem:
                log.warning("upkeep.waits", why=str(problem)[:300])
                wait = AWAY_SECONDS
            except Exception:
                log.exception("upkeep.failed")
                wait = DAY_SECONDS
            else:
                wait = DAY_SECONDS

    async def once(self) -> dict[str, int]:
        """Let go of all that is over now; how many rows, by table, and files.

        Raises `StoreUnavailableError`; what was let go of by then stays so.
        """
        now = self._clock.now()
        gone: dict[str, int] = {}
        for rule in rules(now):
            if count := await self._let_go(rule):
                gone[rule.model.__tablename__] = count
        gone["recordings"] = await self._drop_recordings() + await self._drop_cut_short()
        gone["spoken"] = await asyncio.to_thread(self._sweep, days=SPOKEN_DAYS)
        log.info("upkeep.done", **gone)
        return gone

    async def _let_go(self, rule: Rule) -> int:
        """Look in a reading session, which locks nobody out; then write a little at a time."""
        count = 0
        while True:
            async with self._db.read() as session:
                keys = await find_over(session, rule, KEYS)
            gone = 0
            for first in range(0, len(keys), SLICE):
                async with self._db.write() as session:
                    gone += await let_go(session, rule, keys[first : first + SLICE])
                await self._clock.sleep(BREATH_SECONDS)
            count += gone
            if len(keys) < KEYS or not gone:
                return count

    async def _drop_recordings(self) -> int:
        """Files first: a row without a file is found again tomorrow, a file without a row is not."""
        count = 0
        while True:
            now = self._clock.now()
            async with self._db.read() as session:
                over = await expired_recordings(session, now, FILES)
            gone = await asyncio.to_thread(self._unlink, over)
            async with self._db.write() as session:
                await drop_recordings(session, gone)
                await note_audit(
                    session,
                    [
                        AuditNote(
                            at=now,
                            by=BY,
                            what="recording.removed",
                            customer_id=each.customer_id,
                            about=Path(each.path).name,
                        )
                        for each in gone
                    ],
                )
            count += len(gone)
            if len(gone) < FILES:
                return count
            await self._clock.sleep(BREATH_SECONDS)

    def _unlink(self, over: list[Kept]) -> list[Kept]:
        gone = []
        for each in over:
            try:
                # by its name alone, so that no row can point anywhere else
                (self._recordings / Path(each.path).name).unlink(missing_ok=True)
            except OSError as problem:
                log.warning("upkeep.file_stays", call=each.call_id, why=str(problem))
            else:
                gone.append(each)
        return gone

    async def _drop_cut_short(self) -> int:
        """Files that nobody wrote down, because their caller hung up while speaking."""
        before = self._clock.now() - CUT_SHORT
        async with self._db.read() as session:
            kept = await recordings_until(session, before + timedelta(days=1))
        names = {Path(path).name for path in kept}
        return await asyncio.to_thread(_unlink_others, self._recordings, before.timestamp(), names)


def _unlink_others(folder: Path, before: float, kept: Collection[str]) -> int:
    """Remove callers' recordings made before an instant of Unix time; studio recordings lie in folders."""
    count = 0
    for file in folder.glob("*.wav"):
        if file.name not in kept and file.is_file() and file.stat().st_mtime < before:
            file.unlink(missing_ok=True)
            count += 1
    return count
