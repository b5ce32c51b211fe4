"""Waiting for an agent's leg to settle: to be back in its park, or to be gone."""

import asyncio
import contextlib
from collections import defaultdict


class Homecoming:
    """Told by the line; awaited by whoever has a customer without an agent."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = defaultdict(set)

    def settled(self, agent: str) -> None:
        """An agent's leg is in its park, or gone."""
        for waiting in self._waiting.pop(agent, set()):
            if not waiting.done():
                waiting.set_result(None)

    async def next(self, agent: str, seconds: float) -> None:
        """Wait until it settles the next time, and at most so many seconds."""
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[agent].add(told)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await told
        finally:
            if agent in self._waiting:
                self._waiting[agent].discard(told)
                if not self._waiting[agent]:
                    del self._waiting[agent]
