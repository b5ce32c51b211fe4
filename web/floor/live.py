"""`/floor/live`: the WebSocket that tells a page what changes. A page says nothing; it only listens."""

from aiohttp import web

from users import Right
from web.access import allowed, who
from web.floor.audience import Watcher
from web.floor.feed import FEED
from web.sockets import page_socket


@allowed(Right.FLOOR, Right.STEER, Right.MONITOR, partners=True)
async def live(request: web.Request) -> web.StreamResponse:
    """Everything once, then what changed, each second."""
    feed = request.app[FEED]
    async with page_socket(request) as socket:
        watcher = Watcher(socket, request)
        try:
            await feed.join(watcher, who(request).partner)
            async for _ in socket:
                pass
        finally:
            feed.leave(watcher)
        return socket.response
