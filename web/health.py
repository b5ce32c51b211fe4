"""Whether it runs, whether it can serve, and its figures for Prometheus."""

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from web.access import open_to_all
from web.keys import FEED, PARTS

routes = web.RouteTableDef()

CORE_FIGURES = "centralino:metrics"
"""Where the core leaves its figures, in Prometheus' text form, each few seconds."""

_HEARD = """# HELP centralino_core_heard Whether the voice core was heard in the last seconds.
# TYPE centralino_core_heard gauge
centralino_core_heard"""


@routes.get("/healthz")
@open_to_all
async def alive(_request: web.Request) -> web.Response:
    """The web process answers."""
    return web.Response(body=orjson.dumps({"status": "ok"}), content_type="application/json")


@routes.get("/readyz")
@open_to_all
async def ready(request: web.Request) -> web.Response:
    """Whether database, Redis and voice core are there; 503 names those that are not."""
    parts = request.app[PARTS]
    checks = {
        "database": await parts.db.healthy(),
        "redis": await parts.live.healthy(),
        "core": request.app[FEED].heard,
    }
    status = 200 if all(checks.values()) else 503
    return web.Response(body=orjson.dumps(checks), status=status, content_type="application/json")


@routes.get("/metrics")
@open_to_all
async def metrics(request: web.Request) -> web.Response:
    """The core's figures, and whether it is heard at all."""
    figures = await request.app[PARTS].live.get(CORE_FIGURES) or ""
    heard = int(request.app[FEED].heard)
    text = f"{_HEARD} {heard}\n{figures}"
    return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE_LATEST})
