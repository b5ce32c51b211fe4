"""What the queues tell of themselves, as the floor shows it and watches it."""

from collections.abc import Mapping
from contextlib import aclosing
from typing import Any, Final

from store import LiveStore
from values import Clock

CHANNEL: Final = "centralino:queues"
STALE_SECONDS: Final = 10.0


class QueueEar:
    """Keeps the queues' last word; nothing when they have fallen silent."""

    def __init__(self, live: LiveStore, clock: Clock) -> None:
        self._live = live
        self._clock = clock
        self._heard: dict[str, dict[str, Any]] = {}
        self._at = float("-inf")

    async def run(self) -> None:
        """Listen until cancelled."""
        async with aclosing(self._live.subscribe([CHANNEL])) as ear:
            async for _, told in ear:
                self._heard, self._at = queues_told(told), self._clock.monotonic()

    def now(self) -> dict[str, dict[str, Any]]:
        """By queue."""
        return self._heard if self._clock.monotonic() - self._at < STALE_SECONDS else {}


def queues_told(told: Any) -> dict[str, dict[str, Any]]:
    """The queues of one message, by name; what cannot be read is passed over."""
    queues = told.get("queues") if isinstance(told, Mapping) else None
    if isinstance(queues, Mapping):
        return {str(name): dict(each) for name, each in queues.items() if isinstance(each, Mapping)}
    rows = queues if isinstance(queues, list) else ()
    return {
        str(each.get("queue") or each.get("name")): dict(each) for each in rows if isinstance(each, Mapping)
    }
