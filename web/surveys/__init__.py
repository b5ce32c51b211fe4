"""Surveys over REST: set up, seen interview by interview, and polls planned, started and counted."""

from aiohttp import web

from web.surveys import polling, showing

routes = [
    web.get("/api/v1/surveys", showing.listed),
    web.post("/api/v1/surveys", showing.set_up),
    web.get("/api/v1/surveys/{name}", showing.one),
    web.get("/api/v1/surveys/{name}/interviews", showing.interviews),
    web.get("/api/v1/interviews/{id}", showing.interview),
    web.get("/api/v1/surveys/{name}/poll", polling.results),
    web.get("/api/v1/surveys/{name}/poll/plan", polling.planned),
    web.post("/api/v1/surveys/{name}/poll/start", polling.start),
]

__all__ = ["routes"]
