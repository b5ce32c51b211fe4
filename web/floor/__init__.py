"""The operations view: the floor as it is now, its alarms, its charts, a wall board.

One feed hears the core through Redis and tells every open page once a second what changed; a partner's
manager hears of his partner's agents alone.
"""

from collections.abc import AsyncIterator

from aiohttp import web

from web.floor import alarms, pages
from web.floor.feed import FEED, FloorFeed
from web.floor.history import HISTORY, Minutes
from web.floor.live import live
from web.keys import PARTS

__all__ = ["FEED", "FloorFeed", "keeps_floor", "routes"]

routes = [
    web.get("/floor", pages.floor),
    web.get("/floor/wall", pages.wall),
    web.get("/floor/live", live),
    web.get("/floor/history", pages.history),
    web.get("/floor/alarms", alarms.thresholds),
    web.post("/floor/alarms/{id}/acknowledge", alarms.seen),
    web.post("/floor/thresholds", alarms.made),
    web.patch("/floor/thresholds/{id}", alarms.changed),
    web.delete("/floor/thresholds/{id}", alarms.removed),
    web.get("/api/v1/alarms", alarms.listed),
    web.post("/api/v1/alarms/{id}/acknowledge", alarms.seen),
    web.get("/api/v1/thresholds", alarms.rules),
    web.post("/api/v1/thresholds", alarms.made),
    web.patch("/api/v1/thresholds/{id}", alarms.changed),
    web.delete("/api/v1/thresholds/{id}", alarms.removed),
]


async def keeps_floor(app: web.Application) -> AsyncIterator[None]:
    """The feed for as long as the application runs (aiohttp's `cleanup_ctx`)."""
    parts = app[PARTS]
    app[FEED] = FloorFeed(parts.db, parts.live, parts.clock)
    app[HISTORY] = Minutes(parts.live, parts.clock)
    async for _ in app[FEED].running(app):
        yield
