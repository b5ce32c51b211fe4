"""People who sign in, for who may add them: a page, and the same by REST."""

from aiohttp import web

from web.users.api import routes as api_routes
from web.users.pages import routes as page_routes

routes: tuple[web.RouteTableDef, ...] = (page_routes, api_routes)

__all__ = ["routes"]
