"""The web application, put together from what it is handed."""

from pathlib import Path

import jinja2
from aiohttp import web

from web.access import guard, kept_to_itself
from web.agents import routes as agent_routes
from web.api import routes as api_routes
from web.board import BoardFeed
from web.campaigns import routes as campaign_routes
from web.contacts import routes as contact_routes
from web.health import routes as health_routes
from web.keys import FEED, PARTS, TEMPLATES, Parts
from web.lists import keeps_imports
from web.lists import routes as list_routes
from web.pages import routes as page_routes
from web.preview import routes as preview_routes
from web.problems import problems
from web.results import keeps_results
from web.results import routes as results_routes
from web.trunks import routes as trunk_routes

HERE = Path(__file__).parent


def create_app(parts: Parts) -> web.Application:
    """All routes and middlewares; the caller runs it."""
    app = web.Application(middlewares=[kept_to_itself, problems, guard(parts.token, parts.hosts)])
    feed = BoardFeed(parts.live)
    app[PARTS] = parts
    app[FEED] = feed
    app[TEMPLATES] = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    app.cleanup_ctx.append(feed.running)
    app.cleanup_ctx.append(keeps_imports)
    app.on_startup.append(keeps_results)
    app.router.add_static("/static", HERE / "static")
    for routes in (page_routes, api_routes, campaign_routes, contact_routes, trunk_routes):
        app.add_routes(routes)
    for routes in (list_routes, results_routes, agent_routes, preview_routes, health_routes):
        app.add_routes(routes)
    return app
