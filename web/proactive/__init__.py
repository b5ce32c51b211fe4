"""Proactive care on pages: volumes by process, what came of events, the rules that decide."""

from aiohttp import web

from web.proactive import events, figures, rules, volumes

routes = [
    web.get("/api/v1/proactive/volumes", figures.proactive_volumes),
    web.get("/proactive", volumes.page_of_volumes),
    web.get("/proactive/events", events.events),
    web.get("/proactive/rules", rules.rules),
]

__all__ = ["routes"]
