"""The page itself, and the rule that only one of an agent's tabs may steer."""

from aiohttp import web

from dialer import Mode, callable_now
from store import StoreUnavailableError
from users import Right
from web.access import allowed, who
from web.desk.room import DESK
from web.desk.tabs import HEADER
from web.errors import Handler
from web.keys import PARTS
from web.pages import page

routes = web.RouteTableDef()


@routes.get("/desk")
@allowed(Right.DESK)
async def desk(request: web.Request) -> web.Response:
    """The agent's page for a whole shift."""
    visitor, parts = who(request), request.app[PARTS]
    if not visitor.agent:
        return page(request, "desk/no_agent.html")
    previews = []
    try:
        async with parts.db.read() as session:
            found = await callable_now(session, parts.clock.now())
            previews = [(each.name, each.title) for each in found if each.mode is Mode.PREVIEW]
    except StoreUnavailableError:
        pass  # the page is there all the same
    return page(
        request,
        "desk/desk.html",
        words=("customer", "phone", "scripts"),
        agent=visitor.agent,
        previews=previews,
    )


@web.middleware
async def one_tab(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a tab asks that another has taken over from. Only pages of the desk name their tab."""
    tab, agent = request.headers.get(HEADER, ""), who(request).agent
    if tab and agent and request.method not in {"GET", "HEAD"}:
        await request.app[DESK].tabs.check(agent, tab)
    return await handler(request)
