"""What one open page is still to be told: of each kind only the latest, so a slow page never piles up."""

import asyncio


class Outbox:
    """Filled by the feed at once, without waiting; emptied by the page's socket."""

    def __init__(self, agent: str, language: str) -> None:
        self.agent = agent
        self.language = language
        """In which the page is written."""
        self._waiting: dict[str, bytes] = {}
        self._fresh = asyncio.Event()

    def put(self, kind: str, text: bytes) -> None:
        """Tell this; whatever of the kind has not gone out yet is out of date. The order of kinds is kept."""
        self._waiting.pop(kind, None)
        self._waiting[kind] = text
        self._fresh.set()

    async def take(self) -> list[bytes]:
        """All that waits, as soon as there is something."""
        await self._fresh.wait()
        self._fresh.clear()
        taken, self._waiting = list(self._waiting.values()), {}
        return taken
