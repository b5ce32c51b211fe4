"""The front page: a calm welcome for who has not signed in, everybody else goes on to their work."""

from aiohttp import web

from web.access import open_to_all, who
from web.keys import PARTS
from web.navigation import landing
from web.pages import page

routes = web.RouteTableDef()


@routes.get("/")
@open_to_all
async def welcome(request: web.Request) -> web.Response:
    """Where a visitor begins; the visitor's telephone stands here when the town is on."""
    visitor = who(request)
    if visitor.signed_in:
        return web.Response(status=303, headers={"Location": landing(request.app, visitor)})
    telephones = request.app[PARTS].telephones
    service = telephones.service_number if telephones and telephones.visitors else ""
    return page(request, "welcome/welcome.html", words=("phone",), service=service)
