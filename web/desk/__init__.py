"""The agent's desk: one page for a whole shift, its live news, and what an agent says of a talk."""

from aiohttp import web

from web.desk.commands import routes as command_routes
from web.desk.live import routes as live_routes
from web.desk.page import one_tab
from web.desk.page import routes as page_routes
from web.desk.room import DESK, DeskRoom
from web.desk.targets import routes as target_routes


def set_up(app: web.Application) -> None:
    """Add the desk to an application that has its parts."""
    room = DeskRoom(app)
    app[DESK] = room
    app.middlewares.append(one_tab)
    app.cleanup_ctx.append(room.feed.running)
    app.cleanup_ctx.append(room.running)
    for routes in (page_routes, live_routes, command_routes, target_routes):
        app.add_routes(routes)


__all__ = ["set_up"]
