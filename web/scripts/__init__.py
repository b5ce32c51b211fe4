"""Agents' scripts: the page an agent reads at the desk, and the pages on which supervisors write them."""

from aiohttp import web

from web.scripts.api import routes as api_routes
from web.scripts.editing import routes as editing_routes
from web.scripts.publishing import routes as publishing_routes
from web.scripts.room import SCRIPTS, ScriptRoom
from web.scripts.running import routes as running_routes
from web.scripts.trying import routes as trying_routes

__all__ = ["set_up"]


def set_up(app: web.Application) -> None:
    """Add the scripts to an application that has its parts."""
    app[SCRIPTS] = ScriptRoom(app)
    for routes in (running_routes, editing_routes, publishing_routes, trying_routes, api_routes):
        app.add_routes(routes)
