"""Webhooks: which other systems are told of what, and what became of each telling."""

from aiohttp import web

from web.webhooks import api, pages

routes = [
    web.get("/webhooks", pages.listed),
    web.get("/webhooks/{id}", pages.one),
    web.get("/api/v1/webhook-events", api.kinds),
    web.get("/api/v1/webhooks", api.listed),
    web.post("/api/v1/webhooks", api.made),
    web.get("/api/v1/webhooks/{id}", api.one),
    web.patch("/api/v1/webhooks/{id}", api.changed),
    web.delete("/api/v1/webhooks/{id}", api.removed),
    web.post("/api/v1/webhooks/{id}/secret", api.turned),
    web.post("/api/v1/webhooks/{id}/test", api.tried),
    web.get("/api/v1/webhooks/{id}/deliveries", api.deliveries),
    web.post("/api/v1/webhooks/{id}/deliveries/{event}/replay", api.replayed),
    web.post("/api/v1/webhooks/{id}/replay", api.revived),
]

__all__ = ["routes"]
