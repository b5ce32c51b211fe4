"""What the pages of opinions have in common: the pages beside each other, as whoever asks may see them."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from reports import Language
from users import Right
from web.access import who
from web.keys import WORDS
from web.opinion.cells import Say
from web.pages import page


def shown(request: web.Request, template: str, **values: Any) -> web.Response:
    """A page of opinions with its tabs."""
    return page(request, template, words=("floor", "opinion"), tabs_of=tabs_of(request), **values)


def tabs_of(request: web.Request) -> Sequence[tuple[str, str]]:
    """The pages that somebody may see, and that are there."""
    visitor = who(request)
    there = {resource.canonical for resource in request.app.router.resources()}
    tabs = [
        ("/opinion", "results", visitor.may(Right.REPORTS)),
        ("/opinion/sites", "scorecard", visitor.may(Right.REPORTS)),
        ("/opinion/partners", "partners", visitor.may(Right.REPORTS)),
        ("/opinion/polls", "polls", visitor.may(Right.REPORTS) and not visitor.partner),
        ("/opinion/monthly", "monthly", visitor.may(Right.REPORTS) and not visitor.partner),
        ("/opinion/mine", "mine", bool(visitor.agent)),
    ]
    return [(path, word) for path, word, may in tabs if may and path in there]


def speech(request: web.Request) -> tuple[Language, Say]:
    """The visitor's language, and `t` in it."""
    language = who(request).language
    return Language(language), request.app[WORDS].speaking(language)


def item_name(item: str, t: Say) -> str:
    """What a question is called; its own name where the house made it up."""
    key = f"opinion.item_{item}"
    said = t(key)
    return item if said == key else said
