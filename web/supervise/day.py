"""One agent's day: the bar of states, the calls on it, how long each state took."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import select

from agents import agent_cards
from agents.cards import AgentCard
from agents.daybook import Span, day_events, spans_of, totals
from calls.models import Recording
from users import Right
from values import BadInputError, check_year
from web.access import allowed, audit, who
from web.errors import NotFoundError
from web.floor.embedding import embedded
from web.keys import PARTS
from web.pages import page
from web.queries import check_names, json_answer

STATES: Final = ("talking", "wrap_up", "ready", "reserved", "paused")
MOST_CALLS: Final = 400


@allowed(Right.STEER, Right.MONITOR)
async def day(request: web.Request) -> web.Response:
    """The page. Looking at somebody's day is written down."""
    card, begins, ends, spans, recorded = await _day(request)
    hour = timedelta(hours=1)
    first, last = _hours(spans, begins)
    return page(
        request,
        "supervise/day.html",
        words=("floor",),
        agent=card,
        date=begins.date(),
        earlier=begins.date() - timedelta(days=1),
        later=begins.date() + timedelta(days=1) if ends <= request.app[PARTS].clock.now() else None,
        spans=[_drawn(span, first, last) for span in spans],
        hours=[
            {"at": first + each * hour, "x": 1000 * each * hour / (last - first)}
            for each in range(round((last - first) / hour) + 1)
        ],
        talks=[span for span in spans if span.state == "talking"][-MOST_CALLS:],
        recorded=recorded,
        totals=totals(spans),
        states=STATES,
        hears=who(request).may(Right.RECORDINGS),
        sees=who(request).may(Right.CALLS),
        data=embedded({}),
    )


@allowed(Right.STEER, Right.MONITOR)
async def told(request: web.Request) -> web.Response:
    """The same for programs; `date` as 2026-03-02, today when left out."""
    check_names(request.query, ("date",))
    card, begins, ends, spans, _ = await _day(request)
    return json_answer(
        {
            "agent": card.name,
            "begins": begins,
            "ends": ends,
            "spans": [asdict(span) for span in spans],
            "seconds": totals(spans),
        }
    )


async def _day(
    request: web.Request,
) -> tuple[AgentCard, datetime, datetime, Sequence[Span], Mapping[str, str]]:
    parts, name = request.app[PARTS], request.match_info["name"]
    now, zone = parts.clock.now(), ZoneInfo(parts.gate.house.zone)
    begins = datetime.combine(_date(request.query.get("date")) or now.astimezone(zone).date(), time(), zone)
    ends = min(now, begins + timedelta(days=1))
    async with parts.db.write() as session:
        cards = await agent_cards(session, [name], inactive=True)
        if not cards:
            raise NotFoundError("Nobody of that name works here.")
        before, events = await day_events(session, name, begins, begins + timedelta(days=1))
        await audit(request, session, "agent.day_shown", subject=name, detail={"date": str(begins.date())})
        spans = spans_of(before, events, begins, max(ends, begins))
        calls = [span.call for span in spans if span.state == "talking" and span.call][-MOST_CALLS:]
        rows = await session.scalars(select(Recording).where(Recording.call_id.in_(calls)))
        recorded = {row.call_id: row.path for row in rows}
    return cards[0], begins, ends, spans, recorded


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInputError("write a day as 2026-03-02", field="date") from None
    check_year("date", day.year)
    return day


def _hours(spans: Sequence[Span], begins: datetime) -> tuple[datetime, datetime]:
    """From the hour of the first state to that after the last; an empty day is drawn from eight to eight."""
    if not spans:
        return begins + timedelta(hours=8), begins + timedelta(hours=20)
    zone = begins.tzinfo
    first = spans[0].begins.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    last = spans[-1].ends.astimezone(zone)
    whole = last.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return first, max(whole, first + timedelta(hours=2))


def _drawn(span: Span, first: datetime, last: datetime) -> dict[str, Any]:
    """A span as a box of a drawing that is a thousand wide."""
    scale = 1000 / (last - first).total_seconds()
    x = (span.begins - first).total_seconds() * scale
    return {
        "state": span.state,
        "x": round(x, 2),
        "width": round(max(0.6, span.seconds * scale), 2),
        "span": span,
    }
