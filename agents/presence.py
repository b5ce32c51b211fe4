"""Who is there, for pages and programs: through Redis, at most four times a second, and lost without harm."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from agents.desk import Desk
from agents.seat import AgentState, Seat
from store import LiveStore
from values import Clock

CHANNEL: Final = "centralino:agents"
"""Where changes are published: `{"node", "at", "agents": [...]}`, each as `Presence.told` shows it."""
KEY: Final = "centralino:agents:now"
"""A hash: each agent's last word."""
EVERY_SECONDS: Final = 0.25
AGAIN_SECONDS: Final = 2.5
"""Everybody is told anew so often, so that a Redis that was away knows them again."""
KEPT_SECONDS: Final = 60.0
STALE_SECONDS: Final = 10.0
"""A word older than this says nothing any more: its node is away."""


@dataclass(frozen=True, slots=True)
class Present:
    """One agent as the core last told of them."""

    agent: str
    state: AgentState
    since: datetime
    """Since when in this state."""
    reason: str
    campaign: str
    call: str
    node: str
    leaving: bool
    going_home: bool
    told: datetime
    wrap_until: datetime | None = None
    """When the wrap-up ends by itself; None in any other state."""
    by: str = ""
    """Who else set their state; '' they themselves."""


class Presence:
    """Mirrors a node's desk. Redis may be away; then nobody hears, and nothing else happens."""

    def __init__(self, desk: Desk, live: LiveStore, clock: Clock, node: str) -> None:
        self._desk = desk
        self._live = live
        self._clock = clock
        self._node = node
        self._changed: dict[str, Seat] = {}
        self._telling = asyncio.Lock()
        desk.on_change(self._note)

    async def run(self) -> None:
        """Tell until cancelled."""
        rounds = 0
        while True:
            await self.tell(everybody=rounds % round(AGAIN_SECONDS / EVERY_SECONDS) == 0)
            rounds += 1
            await self._clock.sleep(EVERY_SECONDS)

    async def tell(self, *, everybody: bool = False) -> None:
        """Tell of those who changed, or of everybody. Afterwards all that changed before has been told."""
        async with self._telling:
            changed, self._changed = self._changed, {}
            if everybody:
                changed |= {seat.agent: seat for seat in self._desk}
            if changed:
                await self._tell(changed)

    async def _tell(self, changed: dict[str, Seat]) -> None:
        shown = [self._told(seat) for seat in changed.values()]
        await self._live.publish(CHANNEL, {"node": self._node, "at": self._clock.now(), "agents": shown})
        await self._live.put_fields(KEY, {each["agent"]: each for each in shown}, seconds=KEPT_SECONDS)

    def _note(self, seat: Seat, _before: AgentState) -> None:
        self._changed[seat.agent] = seat

    def _told(self, seat: Seat) -> dict[str, Any]:
        now, seconds = self._clock.now(), self._desk.seconds()
        wraps = seat.state is AgentState.WRAP_UP
        return {
            "agent": seat.agent,
            "state": seat.state,
            "since": now - timedelta(seconds=seconds - seat.since),
            "reason": seat.reason,
            "campaign": seat.campaign,
            "call": seat.call,
            "node": self._node,
            "leaving": seat.leaving,
            "going_home": seat.going_home,
            "told": now,
            "wrap_until": now + timedelta(seconds=seat.wrap_until - seconds) if wraps else None,
            "by": seat.by,
        }


async def present(live: LiveStore, now: datetime) -> dict[str, Present]:
    """Who is known to be there; empty when Redis is away. Nobody whose node has fallen silent."""
    return {
        agent: seen
        for agent, seen in read_presence(await live.fields(KEY)).items()
        if (now - seen.told).total_seconds() < STALE_SECONDS
    }


def read_presence(told: Mapping[str, Any]) -> dict[str, Present]:
    """What was told, by agent; what cannot be read is passed over."""
    found = {}
    for agent, each in told.items():
        try:
            found[agent] = Present(
                agent=str(each["agent"]),
                state=AgentState(each["state"]),
                since=datetime.fromisoformat(each["since"]),
                reason=str(each["reason"]),
                campaign=str(each["campaign"]),
                call=str(each["call"]),
                node=str(each["node"]),
                leaving=bool(each["leaving"]),
                going_home=bool(each["going_home"]),
                told=datetime.fromisoformat(each["told"]),
                wrap_until=datetime.fromisoformat(until) if (until := each.get("wrap_until")) else None,
                by=str(each.get("by") or ""),
            )
        except (KeyError, TypeError, ValueError):
            continue
    return found
