"""The document, and a page on which people read it."""

from typing import Any

from aiohttp import web

from web.access import open_to_all, signed_in_only
from web.keys import PARTS
from web.openapi.document import document
from web.pages import page
from web.queries import json_answer

routes = web.RouteTableDef()


@routes.get("/api/openapi.json")
@open_to_all
async def openapi(request: web.Request) -> web.Response:
    """The OpenAPI document."""
    return json_answer(_document(request))


@routes.get("/api/docs")
@signed_in_only
async def docs(request: web.Request) -> web.Response:
    """The same for people."""
    told = _document(request)
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            by_tag.setdefault(operation["tags"][0], []).append(
                {"method": method.upper(), "path": path, **operation}
            )
    return page(request, "openapi/docs.html", document=told, tags=by_tag)


def _document(request: web.Request) -> dict[str, Any]:
    return document(request.app, company=request.app[PARTS].company)
