"""A script that is being written, tried as the agent and drawn; nothing is kept."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from ivr import Shelf
from ivr.drawing import draw_flow
from ivr.language import Flow, is_sound
from ivr.scripts import Rehearsal, ScriptStuckError, Step, view
from ivr.scripts.rehearsal import MOST_MOVES
from users import Right
from values import HOUSE_ZONE, BadInputError
from web.access import allowed, who
from web.bodies import body_of
from web.keys import PARTS, TEMPLATES, WORDS
from web.scripts.bounds import bounds_in
from web.scripts.known import sample_values
from web.scripts.room import LARGEST, SCRIPTS

routes = web.RouteTableDef()

ZONE = ZoneInfo(HOUSE_ZONE)


@routes.post("/scripts/try")
@allowed(Right.SCRIPTS)
async def tried(request: web.Request) -> web.Response:
    """The page that some moves lead to: `{html, moves}`, where `moves` are those that led on."""
    body = await body_of(request, ("name", "text", "moves"))
    flow = await _sound(request, body)
    if flow is None:
        return web.json_response({"html": "", "moves": []})
    parts = request.app[PARTS]
    others = [parts.library.flow(name) for name in parts.library.scripts() if name != flow.flow]
    edition = Shelf([flow, *others]).edition()
    try:
        values, now = sample_values(flow.inputs), parts.clock.now()
        rehearsal = Rehearsal(edition, flow.flow, values, now=now, zone=ZONE)
        rehearsal.take(_moves(body.get("moves")))
    except ScriptStuckError as stuck:
        raise BadInputError(str(stuck), field="text") from None
    language = who(request).language
    shown = view(rehearsal.walk, language, rehearsal.mistakes)
    html = request.app[TEMPLATES].get_template("scripts/tried.html").render(
        t=request.app[WORDS].speaking(language), p=shown, run="", stale=False, tried=True,
        bound=bounds_in(language), would_do=rehearsal.would_do,
    )  # fmt: skip
    moves = [{"how": one.how, "key": one.key, "typed": dict(one.typed or {})} for one in rehearsal.taken]
    return web.json_response({"html": html, "moves": moves})


@routes.post("/scripts/draw")
@allowed(Right.SCRIPTS)
async def drawn(request: web.Request) -> web.Response:
    """The drawing of a text whose form is right; '' while it is not."""
    body = await body_of(request, ("name", "text"))
    checked = await asyncio.to_thread(request.app[SCRIPTS].check, text_of(body), str(body.get("name", "")))
    if checked.loaded is None:
        return web.json_response({"svg": ""})
    language = who(request).language
    svg = await asyncio.to_thread(draw_flow, checked.loaded.flow, language=language, with_style=False)
    return web.json_response({"svg": svg})


def text_of(body: Mapping[str, Any]) -> str:
    """The script's text. Raises `BadInputError`."""
    text = body.get("text", "")
    if not isinstance(text, str):
        raise BadInputError("write the script as one text", field="text")
    if len(text) > LARGEST:
        raise BadInputError(f"a script has at most {LARGEST} characters; split it", field="text")
    return text.replace("\r\n", "\n")


async def _sound(request: web.Request, body: Mapping[str, Any]) -> Flow | None:
    checked = await asyncio.to_thread(request.app[SCRIPTS].check, text_of(body), str(body.get("name", "")))
    return checked.loaded.flow if checked.loaded and is_sound(checked.problems) else None


def _moves(told: Any) -> Sequence[Step]:
    if told is None:
        return ()
    if not isinstance(told, list) or len(told) > MOST_MOVES:
        raise BadInputError(f"is a list of at most {MOST_MOVES} moves", field="moves")
    return [_move(one) for one in told]


def _move(told: Any) -> Step:
    typed = told.get("typed", {}) if isinstance(told, dict) else None
    if not isinstance(typed, dict):
        raise BadInputError("a move is {how, key, typed}", field="moves")
    return Step(
        how=str(told.get("how", "")),
        key=str(told.get("key", "")),
        typed={str(name): str(text) for name, text in typed.items()},
    )
