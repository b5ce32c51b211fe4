"""The page of rules: which event calls whom, as a table, with what is wrong with the operator's file."""

from typing import Final

from aiohttp import web

from proactive.rules import RulesError
from proactive.rules.telling import rules_told
from users import Right
from web.access import allowed
from web.events import desk_of, vocabulary_of
from web.proactive.frame import shown
from web.queries import check_names

NOTHING: Final = ()


@allowed(Right.EVENTS)
async def rules(request: web.Request) -> web.Response:
    """The rules that hold now."""
    check_names(request.query, NOTHING)
    shelf = desk_of(request).rulings.shelf
    try:
        shelf.refresh()
        told = rules_told(shelf, await vocabulary_of(request))
    except RulesError as problem:  # the house's own are not sound
        told = {"version": "", "rules": [], "problems": [{"line": 0, "message": str(problem)}], "unknown": []}
    return shown(
        request,
        "proactive/rules.html",
        version=told["version"],
        rules=told["rules"],
        problems=told["problems"],
        unknown=told["unknown"],
        file=shelf.own.name if shelf.own else "",
        there=bool(shelf.own and shelf.own.is_file()),
    )
