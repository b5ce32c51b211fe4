"""Opinions on pages and for programs: results, the sites' card, partners, polls, the report on paper."""

from aiohttp import web

from web.opinion import api, pages

routes = [
    web.get("/opinion", pages.opinion),
    web.get("/api/v1/opinion", api.figures),
    web.get("/api/v1/opinion/asking", api.asking),
    web.get("/api/v1/opinion/indicators", api.indicators),
]

__all__ = ["routes"]
