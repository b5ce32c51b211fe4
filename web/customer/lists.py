"""A page that lists something about customers, the latest first: by customer, state and day."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from web.customer.wanted import Wanted, note_seen, wanted
from web.keys import PARTS
from web.pages import page
from web.queries import check_names, one_of

KNOWN: Final = frozenset({"customer", "day", "state", "cursor"})
SHOWN: Final = 50
"""Rows on a page."""


class OfCustomer(Protocol):
    """What is listed belongs to somebody."""

    @property
    def customer_id(self) -> str:
        """Whose it is; '' when that is not known."""
        ...


S = TypeVar("S", bound=StrEnum)
R = TypeVar("R", bound=OfCustomer)


async def listed(
    request: web.Request,
    template: str,
    *,
    states: type[S],
    find: Callable[[AsyncSession, Wanted, S | None, str], Awaitable[tuple[Sequence[R], str]]],
    tell: Callable[[R], Mapping[str, Any]],
    noted: str,
) -> web.Response:
    """The page. Whoever sees no whole lists names the customer.

    `find(session, wanted, state, cursor)` gives up to `SHOWN` rows and the cursor of those before them, ''
    when there are none; `tell` is one row as the template shows it; `noted` is written into the audit.
    """
    query, db = request.query, request.app[PARTS].db
    check_names(query, KNOWN)
    state = one_of(states, "state", query.get("state") or None)
    rows: Sequence[R] = ()
    cursor = ""
    async with db.read() as session:
        asked = await wanted(request, session)
        if asked.shows:
            rows, cursor = await find(session, asked, state, query.get("cursor", ""))
    if rows:
        await note_seen(request, noted, asked.customer, [each.customer_id for each in rows])
    kept = {name: value for name, value in asked.asked.items() if value}
    return page(
        request,
        template,
        words=("texts",),
        wanted=asked,
        states=[each.value for each in states],
        rows=[tell(each) for each in rows],
        earlier={**kept, "cursor": cursor} if cursor else None,
    )
