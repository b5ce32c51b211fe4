"""The floor told once a second: put together, published, kept by the minute, compared with its thresholds."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import structlog

from agents import AgentState, Desk, Seat
from centralino.core.floor.campaigns import BUSY, STAFFED, CampaignLines
from centralino.core.floor.facts import FactReader
from centralino.core.floor.minutes import KEPT, KEPT_SECONDS, MINUTES, Minute, minute_of
from centralino.core.floor.queues import QueueEar
from centralino.core.floor.readings import readings_of
from centralino.core.floor.rolling import Share
from dialer.alarms import Watching, note_turns, open_alarms, seed_rules
from dialer.gate import Gate
from dialer.pulse import Pulse
from dialer.trunks import BreakerState, TrunkState
from store import Database, LiveStore, StoreUnavailableError
from values import Clock

log = structlog.get_logger(__name__)

CHANNEL: Final = "centralino:floor"
KEY: Final = "centralino:floor"
EVERY_SECONDS: Final = 1.0
LIVE_SECONDS: Final = 10.0
"""For how long it holds when nothing more is heard of us."""


class Dialling(Protocol):
    """The dial loop, as far as it is looked at."""

    def pulses(self) -> dict[str, Pulse]:
        """How each campaign stands."""
        ...

    def trunk_states(self) -> list[TrunkState]:
        """How the trunks stand."""
        ...


class FloorBoard:
    """Tells this node's floor. Redis or the database may be away; then less is told, and that is all."""

    def __init__(
        self,
        db: Database,
        live: LiveStore,
        gate: Gate,
        desk: Desk,
        dialling: Dialling,
        clock: Clock,
        node: str,
    ) -> None:
        self._db = db
        self._live = live
        self._desk = desk
        self._dialling = dialling
        self._clock = clock
        self._node = node
        self._reader = FactReader(db, gate, clock)
        self._queues = QueueEar(live, clock)
        self._lines = CampaignLines()
        self._used = Share()
        self._minute: Minute | None = None
        self._watching = Watching()
        self._complaint = ""
        self._known = False
        """Whether the alarms that an earlier process raised have been read."""

    async def run(self) -> None:
        """Tell until cancelled."""
        tasks = [asyncio.create_task(self._reader.run()), asyncio.create_task(self._queues.run())]
        try:
            while True:
                await self.tell()
                await self._clock.sleep(EVERY_SECONDS)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def tell(self) -> None:
        """One second's word; a part that fails is logged, and the next second tries again."""
        try:
            told = self.snapshot()
            told["alarms"] = list(self._reader.facts.alarms)
            await self._live.publish(CHANNEL, told)
            await self._live.put(KEY, told, seconds=LIVE_SECONDS)
            await self._keep(told)
            await self._alarms(told)
            self._complaint = ""
        except Exception as problem:
            if self._complaint != repr(problem):  # once, not each second
                log.exception("floor.not_told")
            self._complaint = repr(problem)

    def snapshot(self) -> dict[str, Any]:
        """The floor at this moment, without alarms."""
        facts, now, seats = self._reader.facts, self._clock.now(), list(self._desk)
        lines = self._lines.lines(
            facts.campaigns,
            self._dialling.pulses(),
            seats,
            facts.law,
            facts.left,
            now=now,
            seconds=self._clock.monotonic(),
        )
        queues = self._queues.now()
        return {
            "node": self._node,
            "at": now,
            "campaigns": lines,
            "queues": queues,
            "trunks": {each.name: _trunk(each) for each in self._dialling.trunk_states()},
            "house": self._house(seats, lines, queues),
            "away": facts.away,
        }

    def _house(
        self, seats: Sequence[Seat], lines: Mapping[str, Any], queues: Mapping[str, Any]
    ) -> dict[str, Any]:
        states = Counter(seat.state for seat in seats)
        self._used.add(sum(states[state] for state in BUSY), sum(states[state] for state in STAFFED))
        used = self._used.value
        return {
            **{state.value: states[state] for state in AgentState},
            "signed_in": len(seats),
            "utilisation": None if used is None else round(used, 3),
            "lines": sum(each["lines"] for each in lines.values()),
            "pace": round(sum(each["pace"] for each in lines.values()), 1),
            "waiting": sum(int(each.get("waiting") or 0) for each in queues.values()),
        }

    async def _alarms(self, told: Mapping[str, Any]) -> None:
        facts, seconds = self._reader.facts, self._clock.monotonic()
        try:
            if not self._known:
                await self._remember()
            turns = self._watching.look(facts.rules, readings_of(told), seconds)
            if not turns.raised and not turns.cleared:
                return
            async with self._db.write() as session:
                await note_turns(session, turns, self._clock.now())
            await self._reader.alarms()
        except StoreUnavailableError:
            self._known = False  # what was not written down is found out anew

    async def _remember(self) -> None:
        async with self._db.write() as session:
            await seed_rules(session, self._clock.now())
            on = {(each.rule, each.subject) for each in await open_alarms(session)}
        self._watching = Watching(on)
        self._known = True

    async def _keep(self, told: Mapping[str, Any]) -> None:
        begins = minute_of(told["at"])
        if self._minute is not None and self._minute.begins != begins:
            row = self._minute.row()
            await self._live.append(MINUTES, row, most=KEPT, seconds=KEPT_SECONDS)
            self._minute = None
        if self._minute is None:
            self._minute = Minute(begins)
        self._minute.add({**told, "house": {"": told["house"]}})


def _trunk(state: TrunkState) -> dict[str, Any]:
    return {
        "lines": state.lines,
        "used": state.used,
        "enabled": state.enabled,
        "state": state.state.value,
        "refused": state.refused_in_a_row,
        "resting": state.state is BreakerState.RESTING,
        "until": state.resting_until,
    }
