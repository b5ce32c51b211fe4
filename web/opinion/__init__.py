"""Opinions on pages and for programs: results, the sites' card, partners, polls, the report on paper."""

from aiohttp import web

from web.opinion import api, goals, mine, pages, paper, partners, polls, sites

routes = [
    web.get("/opinion", pages.opinion),
    web.get("/opinion/mine", mine.mine),
    web.get("/opinion/sites", sites.sites),
    web.get("/opinion/partners", partners.partners),
    web.get("/opinion/polls", polls.polls),
    web.get("/opinion/polls/size", polls.planner),
    web.get("/opinion/monthly", paper.paper),
    web.post(r"/opinion/goals.{form:csv|xlsx}", goals.exported),
    web.get("/api/v1/opinion", api.figures),
    web.get("/api/v1/opinion/asking", api.asking),
    web.get("/api/v1/opinion/indicators", api.indicators),
    web.get("/api/v1/opinion/settlements", partners.listed),
    web.get(r"/api/v1/opinion/monthly.{form:pdf|xlsx}", paper.taken),
]

__all__ = ["routes"]
