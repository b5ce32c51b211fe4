"""The board of live calls: heard from the voice core through Redis, told to every open page."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, Final

import orjson
from aiohttp import web

from store import LiveStore

CHANNEL: Final = "centralino:live"
"""Where the core publishes its board, at most four times a second: node, live, started, ended, calls."""

STALE_SECONDS: Final = 5.0
"""Without a word for so long the core counts as away; it speaks each second even when nothing happens."""

NOTHING: Final = orjson.dumps({"node": "", "live": 0, "started": 0, "ended": 0, "calls": []})


class BoardFeed:
    """Keeps the last board and wakes whoever waits for the next."""

    def __init__(self, live: LiveStore) -> None:
        self._live = live
        self._board = NOTHING
        self._changed = asyncio.Condition()

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Listen for as long as the application runs (aiohttp's `cleanup_ctx`)."""
        task = asyncio.create_task(self._listen(), name="web.board")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def boards(self) -> AsyncGenerator[bytes, None]:
        """The board as JSON, now and at every change; the empty one when the core is not heard."""
        yield self._board
        while True:
            async with self._changed:
                await self._changed.wait()
            yield self._board

    @property
    def heard(self) -> bool:
        """Whether the core was heard lately."""
        return self._board is not NOTHING

    async def _listen(self) -> None:
        while True:
            try:
                async with aclosing(self._live.subscribe([CHANNEL])) as ear:
                    await self._follow(ear)
            except TimeoutError:
                await self._tell(NOTHING)

    async def _follow(self, ear: AsyncIterator[tuple[str, Any]]) -> None:
        while True:
            async with asyncio.timeout(STALE_SECONDS):
                _, board = await anext(ear)
            await self._tell(orjson.dumps(board))

    async def _tell(self, board: bytes) -> None:
        self._board = board
        async with self._changed:
            self._changed.notify_all()
