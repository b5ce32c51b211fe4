"""Reports: seen on a page, asked by programs, taken as files, sent by mail at their times."""

from aiohttp import web

from web.reports import api, pages, schedules

routes = [
    web.get("/reports", pages.reports),
    web.get("/reports/schedules", schedules.shown),
    web.get("/api/v1/reports", api.listed),
    web.get(r"/api/v1/reports/{name:[a-z]+}", api.told),
    web.get(r"/api/v1/reports/{name:[a-z]+}.{form:csv|xlsx}", api.taken),
    web.get("/api/v1/report-schedules", schedules.listed),
    web.post("/api/v1/report-schedules", schedules.made),
    web.get("/api/v1/report-schedules/{id}", schedules.one),
    web.patch("/api/v1/report-schedules/{id}", schedules.changed),
    web.delete("/api/v1/report-schedules/{id}", schedules.removed),
    web.post("/api/v1/report-schedules/{id}/send", schedules.sent),
]

__all__ = ["routes"]
