"""Hears the floor through Redis, keeps it as tables, and tells every open page once a second what changed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

import structlog
from aiohttp import web

from agents.presence import CHANNEL as AGENTS
from agents.presence import KEY as AGENTS_NOW
from agents.presence import read_presence
from store import Database, LiveStore, StoreUnavailableError
from values import Clock
from web.floor.audience import Audience, Watcher
from web.floor.people import CARDS_SECONDS, People
from web.floor.tables import Row, Tables, changes, told

log = structlog.get_logger(__name__)

FLOOR: Final = "centralino:floor"
"""Where the core tells the floor, once a second; the last word is kept under the same key."""
EVERY_SECONDS: Final = 1.0
FRESH_SECONDS: Final = 1.0
SILENT_SECONDS: Final = 5.0
"""Without a word for so long the core counts as away."""
_TOLD: Final = ("campaigns", "queues", "trunks")


class FloorFeed:
    """One per process."""

    def __init__(self, db: Database, live: LiveStore, clock: Clock) -> None:
        self._db = db
        self._live = live
        self._clock = clock
        self._people = People()
        self._floor: Mapping[str, Any] = {}
        self._heard = self._looked = float("-inf")
        self._audiences: dict[str, Audience] = {"": Audience()}
        self.forecasts: dict[str, Row] = {}
        """By campaign; `web.floor.foresight` keeps them."""

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Listen and tell for as long as the application runs (aiohttp's `cleanup_ctx`)."""
        tasks = [asyncio.create_task(work) for work in (self._listen(), self._tell_on(), self._look_on())]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for audience in self._audiences.values():
            for watcher in list(audience.watchers):
                await watcher.socket.close()

    @property
    def watched(self) -> bool:
        """Whether any page is open."""
        return any(audience.watchers for audience in self._audiences.values())

    async def join(self, watcher: Watcher, partner: str = "") -> None:
        """A page was opened: everything now, and then what changes."""
        await self.look()
        audience = self._audiences.setdefault(partner, Audience(partner))
        await audience.welcome(watcher, self._head(), self.tables())

    def first_word(self, partner: str = "") -> dict[str, Any]:
        """Everything as of now, for a page to begin with."""
        tables = Audience(partner).seen(self.tables())
        return {**self._head(), "whole": True, "tables": told(changes({}, tables))}

    def leave(self, watcher: Watcher) -> None:
        """It was closed."""
        for audience in self._audiences.values():
            audience.watchers.discard(watcher)

    def tables(self) -> Tables:
        """Everything as of now."""
        floor = self._floor if self._hears() else {}
        agents = self._people.rows(self._clock.now())
        return {
            **{name: floor.get(name) or {} for name in _TOLD},
            "house": {"": floor.get("house") or {}},
            "alarms": {each["id"]: each for each in floor.get("alarms") or ()},
            "agents": agents,
            "forecasts": dict(self.forecasts),
        }

    async def tell(self) -> None:
        """Tell everybody what changed since the last second."""
        tables, head = self.tables(), self._head()
        for audience in self._audiences.values():
            if audience.watchers:
                await audience.tell(head, tables)

    def hear(self, channel: str, message: Any) -> None:
        """Something was published."""
        if not isinstance(message, Mapping):
            return
        if channel == FLOOR:
            self._floor, self._heard = message, self._clock.monotonic()
        elif channel == AGENTS:
            agents = {each["agent"]: each for each in message.get("agents", ()) if "agent" in each}
            self._people.hear(read_presence(agents))

    def _head(self) -> dict[str, Any]:
        return {"at": round(self._clock.now().timestamp(), 1), "away": not self._hears()}

    def _hears(self) -> bool:
        return self._clock.monotonic() - self._heard < SILENT_SECONDS

    async def _listen(self) -> None:
        self._people.hear(read_presence(await self._live.fields(AGENTS_NOW)))
        self.hear(FLOOR, await self._live.get(FLOOR))
        async with aclosing(self._live.subscribe([FLOOR, AGENTS])) as ear:
            async for channel, message in ear:
                self.hear(channel, message)

    async def _tell_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.tell()
            except Exception:
                log.exception("floor.feed_failed")

    async def look(self, fresh: float = FRESH_SECONDS) -> None:
        """Look who works here, unless that was done a moment ago."""
        now = asyncio.get_running_loop().time()
        if now - self._looked < fresh:
            return
        self._looked = now
        with suppress(StoreUnavailableError):
            await self._people.read(self._db)

    async def _look_on(self) -> None:
        while True:
            await self.look(0)
            await asyncio.sleep(CARDS_SECONDS)


FEED: Final = web.AppKey("floor.feed", FloorFeed)
