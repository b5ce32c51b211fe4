"""The screen pop: the agent's page learns who is on the line in the instant in which they are joined."""

import asyncio
from collections.abc import Mapping

from store import LiveStore

CHANNEL = "agents.pop"
"""Where pops are published, as `{agent, call, attempt, campaign, title, contact, customer, number, at}`
and, of who came through a queue, `{queue, reason, path, waited, language}`."""
KEY = "agents.pop:now"
"""A hash with each agent's last pop, for pages that are opened, or opened again, in mid-talk."""
KEPT_SECONDS = 12 * 3600.0


class Pops:
    """Publishes them (`joining.Pop`). Nobody waits for Redis; while it is away there are none."""

    def __init__(self, live: LiveStore) -> None:
        self._live = live
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, shown: Mapping[str, object]) -> None:
        """Show it."""
        task = asyncio.get_running_loop().create_task(self._tell(shown))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, shown: Mapping[str, object]) -> None:
        await self._live.publish(CHANNEL, shown)  # first of all: every millisecond counts
        await self._live.put_fields(KEY, {str(shown["agent"]): shown}, seconds=KEPT_SECONDS)
