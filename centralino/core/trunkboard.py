"""Tells the pages and the figures how this node's trunks stand: lines in use, resting, being probed."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from dialer.trunks import TrunkState
from store import LiveStore
from values import Clock

KEY = "centralino:trunks"
"""A hash by node; each a list of `dialer.trunks.TrunkState`."""
EVERY_SECONDS = 1.0
LIVE_SECONDS = 10.0
"""For how long it holds when nothing more is heard of us."""


class TrunkBoard:
    """Publishes how the trunks stand. Redis may be away; then nobody hears, and nothing else happens."""

    def __init__(
        self, live: LiveStore, states: Callable[[], Sequence[TrunkState]], clock: Clock, node: str
    ) -> None:
        self._live = live
        self._states = states
        self._clock = clock
        self._node = node

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            told = [asdict(state) for state in self._states()]
            await self._live.put_fields(KEY, {self._node: told}, seconds=LIVE_SECONDS)
            await self._clock.sleep(EVERY_SECONDS)
