"""Business events over REST: taken in five shapes, shown with what came of them; the rules that hold."""

from aiohttp import web

from web.events import showing, taking
from web.events.desk import desk_of, set_up, vocabulary_of
from web.events.showing import kind_of

routes = [
    web.post("/api/v1/events", taking.taken),
    web.post("/api/v1/events/csv", taking.table),
    web.post("/api/v1/events/cloudevents", taking.cloud),
    web.post("/api/v1/events/tmf622", taking.orders),
    web.post("/api/v1/events/tmf621", taking.tickets),
    web.get("/api/v1/events", showing.listed),
    web.get("/api/v1/events/{id:.+}", showing.one),
    web.get("/api/v1/rules", showing.rules),
]

__all__ = ["desk_of", "kind_of", "routes", "set_up", "vocabulary_of"]
