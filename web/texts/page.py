"""The page of texts: to whom, what, why, and whether it arrived."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from messages.sms import TextMessage, TextState
from messages.sms.looking import text_page
from users import Right
from values import mask_number
from web.access import allowed
from web.customer.lists import SHOWN, listed
from web.customer.wanted import Wanted

routes = web.RouteTableDef()
_BAD: Final = frozenset({TextState.UNDELIVERED, TextState.REFUSED, TextState.NOT_SENT})
_ODD: Final = frozenset({TextState.FORBIDDEN, TextState.EXPIRED, TextState.UNSURE})
_QUIET: Final = frozenset({TextState.WAITING, TextState.SENDING, TextState.WITHDRAWN})


@routes.get("/texts")
@allowed(Right.EVENTS, Right.CALLS, Right.CUSTOMERS)
async def texts(request: web.Request) -> web.Response:
    """The latest texts; by customer, state and day."""
    return await listed(
        request, "texts/texts.html", states=TextState, find=_found, tell=_row, noted="texts.opened"
    )


async def _found(
    session: AsyncSession, asked: Wanted, state: TextState | None, cursor: str
) -> tuple[Sequence[TextMessage], str]:
    found = await text_page(
        session,
        state=state,
        customer_id=asked.customer,
        since=asked.since,
        until=asked.until,
        limit=SHOWN,
        cursor=cursor,
    )
    return found.texts, found.cursor


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
