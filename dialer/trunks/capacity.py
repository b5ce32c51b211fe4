"""All trunks together: which has a line and a start free, and which is left alone for a while."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from dialer.trunks.breaker import Breaker, BreakerState, numbers_own
from dialer.trunks.bucket import Bucket
from values import Clock

log = structlog.get_logger(__name__)

REFUSALS = 5
REST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Trunk:
    """One way to the public network; see `dialer.models.TrunkRow` for the words."""

    name: str
    lines: int
    calls_per_second: float
    enabled: bool = True
    refusals: int = REFUSALS
    rest_seconds: float = REST_SECONDS


@dataclass(frozen=True, slots=True)
class TrunkState:
    """How a trunk stands, for people who watch."""

    name: str
    lines: int
    used: int
    enabled: bool
    state: BreakerState
    refused_in_a_row: int
    resting_until: datetime | None


@dataclass(slots=True)
class _Way:
    trunk: Trunk
    bucket: Bucket
    breaker: Breaker
    used: int = 0

    def room(self, now: float) -> bool:
        return self.trunk.enabled and self.used < self.trunk.lines and self.breaker.lets_through(now)


class Trunks:
    """All trunks in their order, with what is in use. One event loop's; nothing in it waits."""

    def __init__(self, trunks: Sequence[Trunk], clock: Clock) -> None:
        self._clock = clock
        self._ways: dict[str, _Way] = {}
        self.reload(trunks)

    def reload(self, trunks: Sequence[Trunk]) -> None:
        """Take over what trunks bear, in their order; lines in use, saved-up starts and rests stay.

        One that is not named any more gets no further call; its calls go on.
        """
        before, self._ways = self._ways, {}
        for trunk in trunks:
            way = before.pop(trunk.name, None) or self._new(trunk)
            if way.trunk.calls_per_second != trunk.calls_per_second:
                way.bucket.change(trunk.calls_per_second)
            way.trunk = trunk
            way.breaker.refusals, way.breaker.rest_seconds = trunk.refusals, trunk.rest_seconds
            self._ways[trunk.name] = way
        for name, way in before.items():
            if way.used:
                way.trunk = replace(way.trunk, enabled=False)
                self._ways[name] = way

    def _new(self, trunk: Trunk) -> _Way:
        return _Way(
            trunk,
            Bucket(trunk.calls_per_second, self._clock),
            Breaker(trunk.refusals, trunk.rest_seconds),
        )

    def allowed(self, names: Sequence[str]) -> list[str]:
        """The trunks a campaign may use, in order: those it names, or all. Also those without room now."""
        return [name for name in names if name in self._ways] if names else list(self._ways)

    def take(self, names: Sequence[str]) -> str | None:
        """Reserve a line and a start on the first of these trunks that has both; None when none has.

        A resting trunk has none; one whose rest is over has one, to probe it.
        """
        now = self._clock.monotonic()
        for name in names:
            way = self._ways.get(name)
            if way is not None and way.room(now) and way.bucket.take():
                way.used += 1
                way.breaker.started(now)
                return name
        return None

    def occupy(self, name: str) -> None:
        """Count a line that is in use already: a call adopted after a restart."""
        if way := self._ways.get(name):
            way.used += 1

    def free(self, name: str) -> None:
        """A line is free again."""
        if way := self._ways.get(name):
            way.used -= 1

    def put_back(self, name: str) -> None:
        """Return a line and a start that were not used."""
        if way := self._ways.get(name):
            way.used -= 1
            way.bucket.put_back()
            way.breaker.unused()

    def accepted(self, name: str) -> None:
        """The trunk took a call through: it rang, was answered, or was busy."""
        way = self._ways.get(name)
        if way is not None and way.breaker.accepted():
            log.info("dialer.trunk_back", trunk=name)

    def refused(self, name: str, cause: int, sip_cause: str = "") -> None:
        """The trunk refused a call before anything rang.

        What is the number's own fault (unallocated, incomplete) shows that the trunk works.
        """
        if numbers_own(cause, sip_cause):
            self.accepted(name)
            return
        way = self._ways.get(name)
        rest = way.breaker.refused(self._clock.monotonic()) if way else None
        if way is not None and rest is not None:
            log.warning(
                "dialer.trunk_rests",
                trunk=name,
                seconds=rest,
                refused_in_a_row=way.breaker.in_a_row,
                cause=cause,
                sip_cause=sip_cause,
            )

    @property
    def used(self) -> dict[str, int]:
        """Lines in use by trunk."""
        return {name: way.used for name, way in self._ways.items()}

    def room(self, names: Sequence[str]) -> int:
        """How many calls may start now on these trunks together."""
        now = self._clock.monotonic()
        return sum(self._room(self._ways[name], now) for name in names if name in self._ways)

    def _room(self, way: _Way, now: float) -> int:
        if not way.room(now):
            return 0
        most = min(way.trunk.lines - way.used, way.bucket.tokens)
        return most if way.breaker.until is None else min(most, 1)

    def resting(self) -> dict[str, datetime]:
        """The trunks that are left alone for a while, and until when."""
        return {each.name: each.resting_until for each in self.states() if each.resting_until is not None}

    def states(self) -> list[TrunkState]:
        """How all of them stand, in order."""
        now, at = self._clock.monotonic(), self._clock.now()
        return [_state(way, now, at) for way in self._ways.values()]

    def wait(self, names: Sequence[str]) -> float | None:
        """Seconds until one of these may start a call; None when a line must become free first."""
        now = self._clock.monotonic()
        waits = [
            max(way.bucket.wait, way.breaker.wait(now))
            for name in names
            if (way := self._ways.get(name)) and way.trunk.enabled and way.used < way.trunk.lines
        ]
        return min(waits, default=None)


def _state(way: _Way, now: float, at: datetime) -> TrunkState:
    state, until = way.breaker.state(now), way.breaker.until
    resting = until is not None and state is BreakerState.RESTING
    return TrunkState(
        name=way.trunk.name,
        lines=way.trunk.lines,
        used=way.used,
        enabled=way.trunk.enabled,
        state=state,
        refused_in_a_row=way.breaker.in_a_row,
        resting_until=at + timedelta(seconds=until - now) if resting and until is not None else None,
    )
