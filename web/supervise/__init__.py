"""Supervisors: every agent and how they stand, set by who may, listened to, and their day.

Listening and all that is `web.talks.supervising`; what changes each second comes from `web.floor`.
"""

from aiohttp import web

from web.supervise import agents, day

__all__ = ["routes"]

routes = [
    web.get("/supervise", agents.grid),
    web.post("/supervise/{name}/presence", agents.presence),
    web.get("/supervise/{name}", day.day),
    web.get("/api/v1/agents/{name}/day", day.told),
]
