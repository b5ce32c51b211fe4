"""The REST API's results: a campaign's figures, its attempts, one attempt, all of them as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web
from multidict import MultiMapping

from dialer import UnknownCampaignError, load_profiles
from dialer import campaign as campaign_by_name
from dialer.gate import Jurisdiction
from dialer.models import Campaign
from dialer.results import (
    AttemptFilter,
    Headcount,
    Period,
    attempt,
    attempt_page,
    figures,
    headcount,
    note_export,
    row_of,
    stream,
)
from dialer.results.cells import header, lines
from dialer.results.prospects import CHANGEABLE, known_of, prospects, prospects_told
from dialer.results.telling import figures_told
from store import Database
from users import Right
from values import BadInputError, Clock
from web.access import allowed
from web.bodies import operator
from web.keys import PARTS
from web.openapi.describe import MOMENT, NUMBER, PAGE, TEXT, described, listing, record
from web.openapi.describe import one_of as one_word
from web.problems import NotFoundError
from web.queries import check_names, json_answer, limit_of, one_of, time_of

routes = web.RouteTableDef()

WORDS: Final = frozenset(
    {"number", "contact_id", "customer_id", "agent", "outcome", "disposition", "list", "trunk"}
)
_FILTER: Final = {
    **{name: f"only with this {name.replace('_', ' ')}" for name in sorted(WORDS)},
    "since": {**MOMENT, "description": "placed at or after"},
    "until": {**MOMENT, "description": "placed before"},
}
KNOWN: Final = WORDS | {"limit", "cursor", "since", "until", "numbers"}
MASKED, WHOLE = "masked", "whole"
_NUMBERS: Final = {
    "numbers": one_word(MASKED, WHOLE, says="whole: telephone numbers in full, and who asked is written down")
}
_ATTEMPT: Final = record(number="whom was called; its last three digits unless whole numbers are asked for")
SHORTEST, LONGEST = 0.25, 24.0
"""Hours that can be forecast."""
COUNT_AGAIN: Final = 10.0
"""Seconds for which a campaign's contacts are not counted again: ten millions take a while."""


@dataclass(slots=True)
class Ledge:
    """What is kept between two questions: the jurisdictions, and each campaign's contacts as last counted."""

    profiles: Mapping[str, Jurisdiction] = field(default_factory=load_profiles)
    counted: dict[str, tuple[float, Headcount]] = field(default_factory=dict)

    async def headcount(self, db: Database, campaign: str, clock: Clock) -> Headcount:
        """A campaign's contacts, counted within the last seconds."""
        at, known = self.counted.get(campaign, (float("-inf"), None))
        if known is None or clock.monotonic() - at > COUNT_AGAIN:
            async with db.read() as session:
                known = await headcount(session, campaign)
            self.counted[campaign] = clock.monotonic(), known
        return known


LEDGE = web.AppKey("results.ledge", Ledge)


@routes.get("/api/v1/campaigns/{name}/figures")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(query={"period": one_word(*Period)})
async def campaign_figures(request: web.Request) -> web.Response:
    """A campaign's figures as they are now."""
    check_names(request.query, {"period"})
    period = one_of(Period, "period", request.query.get("period")) or Period.TODAY
    parts, ledge = request.app[PARTS], request.app[LEDGE]
    found = await _campaign(request)
    people = await ledge.headcount(parts.db, found.name, parts.clock)
    async with parts.db.read() as session:
        profile = ledge.profiles[found.profile]
        told = await figures(session, found, profile, parts.clock.now(), period=period, people=people)
    return json_answer(figures_told(told))


@routes.get("/api/v1/campaigns/{name}/what-if")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(
    query={
        **{name: {**NUMBER, "description": "the setting, changed"} for name in sorted(CHANGEABLE)},
        "hours": {**NUMBER, "minimum": SHORTEST, "maximum": LONGEST, "description": "how far to look ahead"},
    }
)
async def what_if(request: web.Request) -> web.Response:
    """What changed settings would do to a campaign that runs now; it takes some seconds to work out."""
    check_names(request.query, CHANGEABLE | {"hours"})
    changes = {name: value for name, value in request.query.items() if name != "hours"}
    parts, found = request.app[PARTS], await _campaign(request)
    async with parts.db.read() as session:
        profile = request.app[LEDGE].profiles[found.profile]
        known = await known_of(session, found, profile, parts.clock.now())
    return json_answer(prospects_told(await prospects(known, changes, hours=_hours(request.query))))


@routes.get("/api/v1/campaigns/{name}/attempts")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(query={**PAGE, **_FILTER, **_NUMBERS}, answer=listing("attempts", _ATTEMPT))
async def campaign_attempts(request: web.Request) -> web.Response:
    """A campaign's latest attempts, numbers masked; `cursor` of the answer asks for those before them."""
    check_names(request.query, KNOWN)
    wanted = _filter(request.query, (await _campaign(request)).name)
    whole = await _whole(request, wanted)
    async with request.app[PARTS].db.read() as session:
        page = await attempt_page(
            session,
            wanted,
            limit=limit_of(request.query.get("limit")),
            cursor=request.query.get("cursor", ""),
        )
    told = [row_of(each, numbers=whole) for each in page.attempts]
    return json_answer({"attempts": told, "cursor": page.cursor or None})


@routes.get("/api/v1/attempts/{attempt_id}")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(query=_NUMBERS, answer=_ATTEMPT)
async def one_attempt(request: web.Request) -> web.Response:
    """One attempt, its number masked unless asked for whole."""
    check_names(request.query, {"numbers"})
    async with request.app[PARTS].db.read() as session:
        found = await attempt(session, request.match_info["attempt_id"])
    if found is None:
        raise NotFoundError("There is no such attempt.")
    whole = await _whole(request, AttemptFilter(campaign=found.campaign))
    return json_answer(row_of(found, numbers=whole))


@routes.get("/api/v1/campaigns/{name}/attempts/export.csv")
@allowed(Right.CAMPAIGNS, Right.FLOOR, Right.REPORTS)
@described(query={**_FILTER, **_NUMBERS}, gives="text/csv", answer=TEXT)
async def export_attempts(request: web.Request) -> web.StreamResponse:
    """All attempts of a campaign as CSV, the oldest first; numbers masked unless asked for whole."""
    check_names(request.query, WORDS | {"since", "until", "numbers"})
    parts, found = request.app[PARTS], await _campaign(request)
    wanted = _filter(request.query, found.name)
    whole = await _whole(request, wanted)
    response = web.StreamResponse(
        headers={
            "Content-Disposition": 'attachment; filename="attempts.csv"',
            "X-Content-Type-Options": "nosniff",
        }
    )
    response.content_type, response.charset = "text/csv", "utf-8"
    rows = stream(parts.db, wanted)
    first = await anext(rows, None)  # before the answer begins: a database that is away is still told as such
    await response.prepare(request)
    await response.write(header().encode())
    await response.write(_csv(first or [], whole=whole))
    async for part in rows:
        await response.write(_csv(part, whole=whole))
    await response.write_eof()
    return response


async def keeps_results(app: web.Application) -> None:
    """Get ready (aiohttp's `on_startup`)."""
    app[LEDGE] = Ledge()


async def _whole(request: web.Request, wanted: AttemptFilter) -> bool:
    """Whether numbers are asked for in full; that is written down before the first is shown."""
    numbers = request.query.get("numbers", MASKED)
    if numbers not in {MASKED, WHOLE}:
        raise BadInputError(f"write {MASKED} or {WHOLE}", field="numbers")
    if numbers == WHOLE:
        parts = request.app[PARTS]
        await note_export(parts.db, parts.clock, wanted, by=operator(request))
    return numbers == WHOLE


def _hours(query: MultiMapping[str]) -> float:
    try:
        hours = float(query.get("hours", "4"))
    except ValueError:
        hours = 0.0
    if not SHORTEST <= hours <= LONGEST:
        raise BadInputError(f"write a number from {SHORTEST:g} to {LONGEST:g}", field="hours")
    return hours


def _csv(rows: Any, *, whole: bool) -> bytes:
    return lines([row_of(each, numbers=whole) for each in rows]).encode()


async def _campaign(request: web.Request) -> Campaign:
    async with request.app[PARTS].db.read() as session:
        try:
            return await campaign_by_name(session, request.match_info["name"])
        except UnknownCampaignError as problem:
            raise NotFoundError("There is no such campaign.") from problem


def _filter(query: MultiMapping[str], campaign: str) -> AttemptFilter:
    words = {name: query.get(name, "") for name in WORDS}
    words["number"] = words["number"].replace(" ", "+")  # an unescaped + comes as a blank
    return AttemptFilter(
        campaign=campaign,
        since=time_of("since", query.get("since")),
        until=time_of("until", query.get("until")),
        **words,
    )
