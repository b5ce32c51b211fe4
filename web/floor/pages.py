"""The operations view and its wall board; the minutes behind the charts."""

from typing import Any, Final

from aiohttp import web

from agents.queues.definitions import definitions
from dialer.alarms import FIGURES
from users import Right
from values import BadInputError
from web.access import allowed, who
from web.floor.embedding import embedded
from web.floor.feed import FEED
from web.floor.history import HISTORY
from web.pages import page
from web.queries import check_names, json_answer

LONGEST: Final = 720
"""Minutes."""


@allowed(Right.FLOOR, partners=True)
async def floor(request: web.Request) -> web.Response:
    """Campaigns, queues, agents, alarms and charts as they are now."""
    await request.app[FEED].look()
    return page(request, "floor/floor.html", data=embedded(_data(request)))


@allowed(Right.FLOOR)
async def wall(request: web.Request) -> web.Response:
    """The same for a big screen: nothing to press."""
    await request.app[FEED].look()
    return page(request, "floor/wall.html", data=embedded(_data(request)))


@allowed(Right.FLOOR)
async def history(request: web.Request) -> web.Response:
    """One's figures by the minute."""
    query = request.query
    check_names(query, ("kind", "name", "minutes"))
    text = query.get("minutes", "180")
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= LONGEST:  # noqa: PLR2004
        raise BadInputError(f"write a number from 1 to {LONGEST}", field="minutes")
    kept = request.app[HISTORY]
    return json_answer(await kept.series(query.get("kind", "house"), query.get("name", ""), int(text)))


def _data(request: web.Request) -> dict[str, Any]:
    visitor = who(request)
    return {
        "state": request.app[FEED].first_word(visitor.partner),
        "definitions": [each.told(visitor.language) for each in definitions().values()],
        "units": {name: each.unit for name, each in FIGURES.items()},
        "acknowledge": visitor.may(Right.CAMPAIGNS, Right.STEER),
    }
