"""The web application, put together from what it is handed."""

from aiohttp import web

from users import Door
from web.access import guard
from web.account import routes as account_routes
from web.again import UNDER_WAY, done_once
from web.agents import routes as agent_routes
from web.api import routes as api_routes
from web.audit import routes as audit_routes
from web.board import BoardFeed
from web.calls import routes as call_routes
from web.campaigns import routes as campaign_routes
from web.contacts import routes as contact_routes
from web.customer import routes as customer_routes
from web.desk import set_up as set_up_desk
from web.events import routes as event_routes
from web.events import set_up as set_up_events
from web.floor import keeps_floor
from web.floor import routes as floor_routes
from web.headers import kept_to_itself
from web.health import routes as health_routes
from web.keys import DOOR, FEED, PARTS, TEMPLATES, WORDS, Parts
from web.limits import SHARES, Shares, kindly
from web.lists import keeps_imports
from web.lists import routes as list_routes
from web.openapi import routes as openapi_routes
from web.opinion import routes as opinion_routes
from web.pages import STATIC, templates
from web.phone import routes as phone_routes
from web.phone import set_up as set_up_phones
from web.preview import routes as preview_routes
from web.proactive import routes as proactive_routes
from web.problems import problems
from web.queues import routes as queue_routes
from web.recordings import keeps_sounds
from web.recordings import routes as recording_routes
from web.reports import routes as report_routes
from web.results import keeps_results
from web.results import routes as results_routes
from web.scripts import set_up as set_up_scripts
from web.sign_in import routes as sign_in_routes
from web.supervise import routes as supervise_routes
from web.surveys import routes as survey_routes
from web.talks import routes as talk_routes
from web.texts import routes as text_routes
from web.trunks import routes as trunk_routes
from web.tuning import keeps_tuning
from web.tuning import routes as tuning_routes
from web.users import routes as user_routes
from web.visits import routes as visit_routes
from web.webhooks import routes as webhook_routes
from web.welcome import routes as welcome_routes
from web.words import Words

ROUTES = (
    *(report_routes, webhook_routes),
    *(
        welcome_routes,
        sign_in_routes,
        call_routes,
        *user_routes,
        account_routes,
        audit_routes,
        openapi_routes,
    ),
    *(api_routes, campaign_routes, contact_routes, trunk_routes, list_routes, results_routes),
    *(agent_routes, preview_routes, health_routes, phone_routes, floor_routes, customer_routes),
    tuning_routes,
    *(text_routes, visit_routes),
    supervise_routes,
    queue_routes,
    event_routes,
    *(opinion_routes, proactive_routes),
    survey_routes,
    *(talk_routes, recording_routes),
)
"""Every feature adds its own."""


def create_app(parts: Parts) -> web.Application:
    """All routes and middlewares; the caller runs it."""
    app = web.Application(middlewares=[kept_to_itself, problems, guard(parts.hosts), kindly, done_once])
    feed = BoardFeed(parts.live)
    app[PARTS] = parts
    app[FEED] = feed
    app[DOOR] = Door(parts.db, parts.live, parts.clock)
    app[WORDS] = Words()
    app[SHARES] = Shares(parts.clock)
    app[UNDER_WAY] = set()
    app[TEMPLATES] = templates()
    app.cleanup_ctx.append(feed.running)
    app.cleanup_ctx.append(keeps_imports)
    app.cleanup_ctx.append(keeps_floor)
    app.cleanup_ctx.append(keeps_sounds)
    app.cleanup_ctx.append(keeps_tuning)
    app.on_startup.append(keeps_results)
    app.router.add_static("/static", STATIC)
    set_up_phones(app)
    set_up_events(app)
    for routes in ROUTES:
        app.add_routes(routes)
    set_up_desk(app)
    set_up_scripts(app)
    return app
