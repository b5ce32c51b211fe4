"""Campaigns and what they call with: made, tuned with the forecast beside it, held, put away.

Their lists, the trunks and who is not to be called are beside them.
"""

from collections.abc import AsyncIterator

from aiohttp import web

from web.floor.feed import FEED
from web.keys import PARTS
from web.tuning import campaigns, changing, do_not_call, prospects
from web.tuning.foresight import Foresight
from web.tuning.outlooks import Outlooks
from web.tuning.prospects import FORESIGHT

__all__ = ["FORESIGHT", "keeps_tuning", "routes"]

routes = [
    web.get("/campaigns", campaigns.campaigns),
    web.post("/campaigns", changing.made),
    web.get("/campaigns/{name}", campaigns.one),
    web.patch("/campaigns/{name}", changing.tuned),
    web.post("/campaigns/{name}/undo", changing.undone),
    web.post("/campaigns/{name}/start", changing.started),
    web.post("/campaigns/{name}/pause", changing.paused),
    web.post("/campaigns/{name}/stop", changing.stopped),
    web.post("/campaigns/{name}/clone", changing.cloned),
    web.post("/campaigns/{name}/archive", changing.archived),
    web.post("/campaigns/{name}/what-if", prospects.what_if),
    web.get("/trunks", campaigns.trunks),
    web.get("/do-not-call", do_not_call.do_not_call),
    web.post("/do-not-call", do_not_call.added),
    web.delete("/do-not-call", do_not_call.removed),
    web.get("/api/v1/do-not-call/{number}", do_not_call.entries),
    web.post("/api/v1/do-not-call", do_not_call.added),
    web.delete("/api/v1/do-not-call", do_not_call.removed),
]


async def keeps_tuning(app: web.Application) -> AsyncIterator[None]:
    """The process that foresees, and the floor's forecast column (aiohttp's `cleanup_ctx`)."""
    parts = app[PARTS]
    foresight = app[FORESIGHT] = Foresight()
    outlooks = Outlooks(parts.db, parts.gate, parts.clock, app[FEED], foresight)
    async for _ in outlooks.running(app):
        yield
    await foresight.close()
