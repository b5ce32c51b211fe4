"""Every change of every agent, written down in groups: for their day, and for utilisation."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from agents.seat import AgentState, Seat
from agents.service import note_events
from store import Database, StoreUnavailableError
from values import Clock

log = structlog.get_logger(__name__)

GROUP_SECONDS: Final = 1.0
GROUP_SIZE: Final = 500
KEPT: Final = 50_000
"""How many changes wait while the database is away; beyond that the oldest are lost, and the log says so."""


Told = Callable[[AsyncSession, Sequence[dict[str, Any]]], Awaitable[None]]
"""Told of changes in the transaction that writes them."""


class Diary:
    """Takes changes at once, without waiting; `wrote` makes a desk's listener of it."""

    def __init__(self, db: Database, clock: Clock, *, told: Told | None = None) -> None:
        self._db = db
        self._told = told
        self._clock = clock
        self._waiting: deque[dict[str, Any]] = deque()
        self._lost = 0
        self._away = False

    def turned(self, seat: Seat, before: AgentState) -> None:
        """A seat's state changed (`Desk.on_change`). Campaign and call are those of either state."""
        self._add(
            {
                "agent": seat.agent,
                "at": self._clock.now(),
                "state": seat.state.value,
                "before": before.value,
                "seconds": round(seat.lasted, 3),
                "reason": seat.reason,
                "campaign": seat.campaign,
                "call_id": seat.call,
            }
        )

    def signed_in(self, agent: str) -> None:
        """They are here, though their leg may not be up yet."""
        now, offline = self._clock.now(), AgentState.OFFLINE.value
        self._add(_row(agent, now, offline, reason="sign_in"))

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._clock.sleep(GROUP_SECONDS)
            try:
                await self.flush()
            except StoreUnavailableError:
                if not self._away:
                    log.warning("agents.diary_waits", changes=len(self._waiting))
                self._away = True
            except Exception:
                log.exception("agents.diary_failed")

    async def flush(self) -> None:
        """Write down what waits. Raises `StoreUnavailableError`, and then it waits on."""
        while self._waiting:
            rows = [self._waiting[place] for place in range(min(GROUP_SIZE, len(self._waiting)))]
            async with self._db.write() as session:
                await note_events(session, rows)
                if self._told is not None:
                    await self._told(session, rows)
            for _ in rows:
                self._waiting.popleft()
        if self._lost:
            log.error("agents.diary_lost", changes=self._lost)
        self._lost, self._away = 0, False

    async def close(self, *, seconds: float = 3.0) -> None:
        """Write down the rest, as far as the database lets."""
        try:
            async with asyncio.timeout(seconds):
                await self.flush()
        except (StoreUnavailableError, TimeoutError):
            log.error("agents.diary_lost", changes=len(self._waiting))  # noqa: TRY400

    def _add(self, row: dict[str, Any]) -> None:
        if len(self._waiting) >= KEPT:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(row)


def _row(agent: str, at: datetime, state: str, *, reason: str) -> dict[str, Any]:
    return {
        "agent": agent,
        "at": at,
        "state": state,
        "before": state,
        "seconds": 0.0,
        "reason": reason,
        "campaign": "",
        "call_id": "",
    }
