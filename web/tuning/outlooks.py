"""The forecast column of the floor: one campaign after the other, worked out afresh while anybody watches."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Final

import structlog
from aiohttp import web

from dialer.campaigns import campaign
from dialer.gate import Gate
from dialer.results.prospects import known_of
from store import Database, StoreUnavailableError
from values import CentralinoError, Clock
from web.floor.feed import FloorFeed
from web.tuning.foresight import Foresight
from web.tuning.prospects import question_of

log = structlog.get_logger(__name__)

EVERY_SECONDS: Final = 20.0
"""Between two campaigns: half a second's work each, so a fortieth of a core at most."""
COMPUTE_SECONDS: Final = 0.4
HOURS: Final = 4.0
PACED: Final = frozenset({"progressive", "ratio", "predictive"})
CALLING: Final = frozenset({"calling", "careful"})


class Outlooks:
    """Keeps `feed.forecasts`."""

    def __init__(self, db: Database, gate: Gate, clock: Clock, feed: FloorFeed, foresight: Foresight) -> None:
        self._db = db
        self._gate = gate
        self._clock = clock
        self._feed = feed
        self._foresight = foresight

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """For as long as the application runs (aiohttp's `cleanup_ctx`)."""
        task = asyncio.create_task(self._run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            if not self._feed.watched:
                continue
            try:
                await self.next()
            except (CentralinoError, StoreUnavailableError):
                continue
            except Exception:
                log.exception("floor.outlook_failed")

    async def next(self) -> None:
        """Work the stalest one out; a campaign of which too little is known has none."""
        rows = self._feed.tables()["campaigns"]
        wanted = [name for name, row in rows.items() if row["mode"] in PACED and row["state"] in CALLING]
        kept = self._feed.forecasts
        for name in set(kept) - set(wanted):
            del kept[name]
        if not wanted:
            return
        name = min(wanted, key=lambda each: kept.get(each, {}).get("at", 0.0))
        kept[name] = {"at": self._clock.now().timestamp(), **await self._foreseen(name)}

    async def _foreseen(self, name: str) -> dict[str, Any]:
        try:
            async with self._db.read() as session:
                row = await campaign(session, name)
                profile = self._gate.profile(row.profile)
                now, zone = self._clock.now(), self._gate.house.zone
                known = await known_of(session, row, profile, now, zone=zone)
            told = await self._foresight.ask(question_of(known, hours=HOURS, seconds=COMPUTE_SECONDS))
        except CentralinoError as problem:
            return {"utilisation": None, "abandonment": None, "why": problem.error_id}
        ends = told.list_end.mean if told.list_end is not None else None
        return {
            "utilisation": round(told.utilisation.mean, 3),
            "abandonment": round(told.abandonment.mean, 4),
            "ends": round(ends, 1) if ends is not None and ends < 1000 else None,  # noqa: PLR2004  (hours; more is never)
            "why": "",
        }
