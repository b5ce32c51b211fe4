"""The page of texts: to whom, what, why, and whether it arrived."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from messages.sms import TextMessage, TextState
from messages.sms.looking import text_page
from users import Right
from values import mask_number
from web.access import allowed
from web.customer.wanted import note_seen, wanted
from web.keys import PARTS
from web.pages import page
from web.queries import check_names, one_of

routes = web.RouteTableDef()
KNOWN: Final = frozenset({"customer", "day", "state", "cursor"})
SHOWN: Final = 50
_BAD: Final = frozenset({TextState.UNDELIVERED, TextState.REFUSED, TextState.NOT_SENT})
_ODD: Final = frozenset({TextState.FORBIDDEN, TextState.EXPIRED, TextState.UNSURE})
_QUIET: Final = frozenset({TextState.WAITING, TextState.SENDING, TextState.WITHDRAWN})


@routes.get("/texts")
@allowed(Right.EVENTS, Right.CALLS, Right.CUSTOMERS)
async def texts(request: web.Request) -> web.Response:
    """The latest texts; by customer, state and day. Whoever sees no whole lists names the customer."""
    query, db = request.query, request.app[PARTS].db
    check_names(query, KNOWN)
    state = one_of(TextState, "state", query.get("state") or None)
    rows: list[TextMessage] = []
    cursor = ""
    async with db.read() as session:
        asked = await wanted(request, session)
        if asked.shows:
            found = await text_page(
                session,
                state=state,
                customer_id=asked.customer,
                since=asked.since,
                until=asked.until,
                limit=SHOWN,
                cursor=query.get("cursor", ""),
            )
            rows, cursor = list(found.texts), found.cursor
    if rows:
        await note_seen(request, "texts.opened", asked.customer, [each.customer_id for each in rows])
    kept = {name: value for name, value in asked.asked.items() if value}
    return page(
        request,
        "texts/texts.html",
        wanted=asked,
        states=[each.value for each in TextState],
        rows=[_row(each) for each in rows],
        earlier={**kept, "cursor": cursor} if cursor else None,
    )


def _row(each: TextMessage) -> Mapping[str, Any]:
    return {
        "at": each.queued,
        "number": mask_number(each.number) if each.number else "",
        "words": each.words,
        "purpose": each.purpose,
        "state": each.state.value,
        "tone": tone(each.state),
        "then": each.done or each.sent,
        "why": each.why,
        "code": each.code,
        "customer": each.customer_id,
        "about": each.about,
    }


def tone(state: TextState) -> str:
    """How a state is coloured."""
    if state in _BAD:
        return "bad"
    return "odd" if state in _ODD else "quiet" if state in _QUIET else "good"
