"""The script at an agent's hand: its open page, one move at a time. All of it is fragments of the desk."""

from collections.abc import Mapping
from contextlib import suppress

from aiohttp import web

from customers import Customers
from ivr import UnknownFlowError
from ivr.scripts import How, Move, NoWayBackError, PageView
from users import Right
from values import BadInputError
from web.access import allowed, who
from web.desk.room import DESK, NotYoursError
from web.keys import PARTS
from web.pages import page
from web.scripts.bounds import bounds_in
from web.scripts.known import run_of
from web.scripts.room import SCRIPTS

routes = web.RouteTableDef()

FIELD = "f."
"""What names of a script's own fields begin with in a form."""
MOST_TYPED = 20_000
"""Characters of one page."""


@routes.get("/scripts/run")
@allowed(Right.DESK)
async def opened(request: web.Request) -> web.Response:
    """The script of a call, where it stands; begun when it was not. `script` names another than its own."""
    visitor, room, parts = who(request), request.app[SCRIPTS], request.app[PARTS]
    call = request.query.get("call", "")
    if not call:
        raise BadInputError("name the call", field="call")
    runs = [one for one in await room.runs.of_call(call) if one.agent == visitor.agent]
    wanted = request.query.get("script", "")
    run = next((one.run_id for one in runs if not wanted or one.script == wanted), "")
    if not run:
        async with parts.db.read() as session:
            hand = await request.app[DESK].mine(session, visitor.agent, call)
            script = wanted or hand.script
            if not script:
                return _none(request, call)
            start = await run_of(
                session, Customers(parts.db), hand, script, agent=visitor.agent,
                agent_name=visitor.title, company=parts.company, now=parts.clock.now(),
            )  # fmt: skip
        try:
            run = await room.runs.start(start)
        except UnknownFlowError:
            return _none(request, call, missing=script)
    return _shown(request, call, run, await room.runs.page(run, reader=visitor.language))


@routes.post("/scripts/run/move")
@allowed(Right.DESK)
async def moved(request: web.Request) -> web.Response:
    """Leave the page by an answer, on, back, or out."""
    room, reader = request.app[SCRIPTS], who(request).language
    form = await _form(request)
    run, call = await _mine(request, form)
    move = Move(_turn(form), _how(form), form.get("key", ""), _typed(form))
    with suppress(NoWayBackError):  # somebody pressed twice; the first page is shown
        done = await room.runs.move(run, move, reader=reader)
        return _shown(request, call, run, done.page, stale=done.stale)
    return _shown(request, call, run, await room.runs.page(run, reader=reader))


@routes.post("/scripts/run/note")
@allowed(Right.DESK)
async def noted(request: web.Request) -> web.Response:
    """Keep what is typed so far."""
    form = await _form(request)
    run, _ = await _mine(request, form)
    await request.app[SCRIPTS].runs.note(run, _turn(form), _typed(form))
    return web.Response(status=204)


@routes.post("/scripts/run/language")
@allowed(Right.DESK)
async def spoken(request: web.Request) -> web.Response:
    """Show what is said in another language."""
    form = await _form(request)
    run, call = await _mine(request, form)
    view = await request.app[SCRIPTS].runs.speak(
        run, form.get("language", ""), _typed(form), reader=who(request).language
    )
    return _shown(request, call, run, view)


def _shown(request: web.Request, call: str, run: str, view: PageView, *, stale: bool = False) -> web.Response:
    bound = bounds_in(who(request).language)
    return page(
        request, "scripts/run.html", call=call, run=run, p=view, stale=stale, tried=False, bound=bound
    )


def _none(request: web.Request, call: str, *, missing: str = "") -> web.Response:
    """No script: the agent may choose one."""
    library = request.app[PARTS].library
    scripts = [(name, library.flow(name).title) for name in request.app[SCRIPTS].names()]
    return page(request, "scripts/choose.html", call=call, scripts=scripts, missing=missing)


async def _form(request: web.Request) -> Mapping[str, str]:
    posted = await request.post()
    form = {name: value for name, value in posted.items() if isinstance(value, str)}
    if sum(map(len, form.values())) > MOST_TYPED:
        raise BadInputError(f"a page takes {MOST_TYPED} characters; shorten the notes", field="notes")
    return form


async def _mine(request: web.Request, form: Mapping[str, str]) -> tuple[str, str]:
    """The run and its call. Raises `NotYoursError` for another agent's."""
    head = await request.app[SCRIPTS].runs.head(form.get("run", ""))
    if not head.agent or head.agent != who(request).agent:
        raise NotYoursError
    return head.run_id, head.call_id


def _turn(form: Mapping[str, str]) -> int:
    turn = form.get("turn", "")
    if not turn.isdecimal() or len(turn) > 9:  # noqa: PLR2004  (digits of a counter)
        raise BadInputError("name the turn of the page as it was shown", field="turn")
    return int(turn)


def _how(form: Mapping[str, str]) -> How:
    try:
        return How(form.get("how", ""))
    except ValueError:
        raise BadInputError(f"is one of: {', '.join(How)}", field="how") from None


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(FIELD): text for name, text in form.items() if name.startswith(FIELD)}
