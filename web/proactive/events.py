"""The page of business events: what came in, what came of each, and why some were refused."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events import KINDS, BusinessEvent, EventState
from proactive.events.queries import EventFilter, latest, unknown_names
from users import Right
from web.access import allowed
from web.events import kind_of
from web.keys import PARTS
from web.opinion.cells import Say
from web.opinion.frame import speech
from web.proactive.frame import shown
from web.queries import check_names, one_of

KNOWN: Final = frozenset({"type", "state", "about", "cursor"})
SHOWN: Final = 50
COUNTED: Final = timedelta(days=7)
TONES: Final[Mapping[EventState, str]] = {
    EventState.DONE: "good", EventState.REFUSED: "bad", EventState.PARKED: "odd", EventState.PENDING: "quiet",
}  # fmt: skip
_MOST_WORDS: Final = 6


@allowed(Right.EVENTS)
async def events(request: web.Request) -> web.Response:
    """The latest events; by type, state, or what they are about."""
    query = request.query
    check_names(query, KNOWN)
    wanted = EventFilter(
        type=kind_of(query.get("type", "")),
        state=one_of(EventState, "state", query.get("state") or None),
        about=query.get("about", "").strip(),
    )
    parts, (_, t) = request.app[PARTS], speech(request)
    async with parts.db.read() as session:
        found = await latest(session, wanted, limit=SHOWN, cursor=query.get("cursor", ""))
        counts = await _counts(session, parts.clock.now() - COUNTED)
    asked = {name: query.get(name, "") for name in ("type", "state", "about")}
    kept = {name: value for name, value in asked.items() if value}
    return shown(
        request,
        "proactive/events.html",
        asked=asked,
        types=list(KINDS),
        states=list(EventState),
        counts=[(state, counts.get(state, 0), TONES[state]) for state in EventState],
        rows=[_row(each, t) for each in found.events],
        earlier={**kept, "cursor": found.cursor} if found.cursor else None,
    )


async def _counts(session: AsyncSession, since: Any) -> Mapping[EventState, int]:
    rows = await session.execute(
        select(BusinessEvent.state, func.count())
        .where(BusinessEvent.received >= since)
        .group_by(BusinessEvent.state)
    )
    return {EventState(state): count for state, count in rows}


def _row(event: BusinessEvent, t: Say) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "at": event.at,
        "received": event.received,
        "source": event.source,
        "customer": event.customer_id,
        "about": event.key,
        "data": ", ".join(_words(event.data)),
        "state": event.state,
        "tone": TONES[EventState(event.state)],
        "came": list(_came(event.result, t)),
    }


def _came(result: Mapping[str, Any], t: Say) -> Sequence[str]:
    """What came of it, in words."""
    if "refused" in result:
        return [str(result["refused"])]
    if "waits" in result:
        return [t("proactive.waits", why=result["waits"])]
    rules = result.get("rules") or ()
    told = list(_touched(result, t))
    for each in rules:
        outcome = str(each.get("result", ""))
        said = t(f"proactive.result_{outcome}")
        told.append(f"{each.get('rule', '')}: {said}")
    return told or [t("proactive.no_rule")]


def _touched(result: Mapping[str, Any], t: Say) -> Sequence[str]:
    """How many customers an outage touches, and what it names that we do not know."""
    told = [t("proactive.touched", count=result["touched"])] if "touched" in result else []
    if unknown := unknown_names(result):
        told.append(t("proactive.unknown", count=result["unknown"]["count"], names=unknown))
    return told


def _words(data: Mapping[str, Any]) -> Sequence[str]:
    """Its plain fields; nothing that is a number to ring or a secret stands in them."""
    plain = [
        f"{name} {value}"
        for name, value in data.items()
        if isinstance(value, str | int | float) and value != "" and name not in {"number", "pin"}
    ]
    return plain[:_MOST_WORDS]
