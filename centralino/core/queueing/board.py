"""What the queues look like now, once a second, through Redis; and one more time for whoever comes late."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from agents import AgentState
from agents.queues import Queue, is_open, kpis, rules
from agents.queues.intervals import midnight
from agents.queues.kpis import Tally
from agents.queues.statistics import tally
from centralino.core.queueing.callbacks import CallBacks
from centralino.core.queueing.hall import Hall
from store import Database, LiveStore, StoreUnavailableError
from values import Clock

log = structlog.get_logger(__name__)

CHANNEL: Final = "centralino:queues"
"""`{node, at, queues: [{name, title, open, waiting, call_backs, longest_wait, estimate, agents, …}]}`."""
KEY: Final = "centralino:queues:now"
EVERY_SECONDS: Final = 1.0
COUNT_SECONDS: Final = 2.0
"""How often today's figures are counted anew."""
KEPT_SECONDS: Final = 10.0


class QueueBoard:
    """Tells them. Redis may be away; then nobody hears, and nothing else happens."""

    def __init__(
        self, hall: Hall, call_backs: CallBacks, db: Database, live: LiveStore, clock: Clock, node: str
    ) -> None:
        self._hall = hall
        self._call_backs = call_backs
        self._db = db
        self._live = live
        self._clock = clock
        self._node = node
        self._today: Mapping[str, Tally] = {}
        self._counted: datetime | None = None

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            try:
                await self._count()
                await self.tell()
            except Exception:
                log.exception("queues.not_told")
            await self._clock.sleep(EVERY_SECONDS)

    async def tell(self) -> None:
        """Tell once."""
        shown = self.now()
        await self._live.publish(CHANNEL, shown)
        await self._live.put(KEY, shown, seconds=KEPT_SECONDS)

    def now(self) -> dict[str, Any]:
        """All queues as they stand."""
        queues = [self._shown(each) for each in self._hall.queues.values()]
        return {"node": self._node, "at": self._clock.now(), "queues": queues}

    def _shown(self, queue: Queue) -> dict[str, Any]:
        now, seconds = self._clock.now(), self._hall.desk.seconds()
        waits = [each for each in self._hall.waiting if each.queue == queue.name and not each.absent]
        newcomer = self._hall.outlook.newcomer(queue)
        fit = [seat for seat in self._hall.desk if newcomer.wanted.fits(seat.skills)]
        today = self._today.get(queue.name, Tally())
        return {
            "name": queue.name,
            "title": queue.title,
            "open": is_open(queue, now),
            "waiting": len(waits),
            "call_backs": self._call_backs.waiting(queue.name),
            "longest_wait": round(max((seconds - each.since for each in waits), default=0.0), 1),
            "estimate": self._hall.outlook.estimate(newcomer),
            "agents": rules.able(newcomer.wanted, self._hall.desk),
            "ready": sum(seat.state is AgentState.READY and seat.parked for seat in fit),
            "target": queue.target_seconds,
            "service_level": kpis.copc(today),
            "today": kpis.told(today),
        }

    async def _count(self) -> None:
        """Today's figures, by the clocks of the first queue's place."""
        now = self._clock.now()
        if self._counted is not None and now - self._counted < timedelta(seconds=COUNT_SECONDS):
            return
        zone = ZoneInfo(next((each.zone for each in self._hall.queues.values()), "Europe/Rome"))
        since = midnight(now.astimezone(zone).date(), zone)
        try:
            async with self._db.read() as session:
                self._today = await tally(session, since, now + timedelta(seconds=1))
        except StoreUnavailableError:
            return
        self._counted = now
