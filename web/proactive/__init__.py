"""Proactive care on pages: what came of business events, and the rules that decide about them."""

from aiohttp import web

from web.proactive import events, figures, rules

routes = [
    web.get("/api/v1/proactive/volumes", figures.proactive_volumes),
    web.get("/proactive/events", events.events),
    web.get("/proactive/rules", rules.rules),
]

__all__ = ["routes"]
