"""What the pages of proactive care have in common: the pages beside each other."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from users import Right
from web.access import who
from web.pages import page


def shown(request: web.Request, template: str, **values: Any) -> web.Response:
    """A page of proactive care with its tabs."""
    return page(request, template, words=("floor", "opinion"), tabs_of=tabs_of(request), **values)


def tabs_of(request: web.Request) -> Sequence[tuple[str, str]]:
    """The pages that somebody may see, and that are there."""
    visitor = who(request)
    there = {resource.canonical for resource in request.app.router.resources()}
    tabs = [
        ("/proactive", "volumes", visitor.may(Right.REPORTS)),
        ("/proactive/events", "events", visitor.may(Right.EVENTS)),
        ("/proactive/rules", "rules", visitor.may(Right.EVENTS)),
    ]
    return [(path, word) for path, word, may in tabs if may and path in there]
