"""The what-if beside the tuning: what a changed setting would do, before anybody applies it."""

from typing import Any, Final

from aiohttp import web

from dialer.campaigns import campaign as campaign_by_name
from dialer.results.prospects import Known, changed_settings, known_of
from dialer.simulator import as_forecast
from users import Right
from values import BadInputError
from web.access import allowed
from web.bodies import body_of
from web.keys import PARTS
from web.queries import json_answer
from web.tuning.foresight import Foresight, Question, with_wrap

FORESIGHT: Final = web.AppKey("tuning.foresight", Foresight)
SECONDS: Final = 2.0
"""How long each of the two forecasts may compute; the page's progress goes by it."""
HOURS: Final = (0.25, 24.0)


@allowed(Right.CAMPAIGNS)
async def what_if(request: web.Request) -> web.Response:
    """The hours to come as it is, and as it would be with the changes in the body. Nothing is changed."""
    body, parts, name = await body_of(request), request.app[PARTS], request.match_info["name"]
    hours, wrap = _number(body.pop("hours", 4.0), "hours", *HOURS), body.pop("wrap_seconds", None)
    async with parts.db.read() as session:
        row = await campaign_by_name(session, name)
        profile = parts.gate.profile(row.profile)
        known = await known_of(session, row, profile, parts.clock.now(), zone=parts.gate.house.zone)
    changed, estimates = changed_settings(known.settings, body), known.estimates
    if wrap is not None:
        estimates = with_wrap(estimates, row.wrap_seconds, _number(wrap, "wrap_seconds", 0.0, 3600.0))
    foresight = request.app[FORESIGHT]
    now = await foresight.ask(question_of(known, hours=hours))
    then = await foresight.ask(Question(estimates, known.staff, changed, hours, known.contacts_left, SECONDS))
    return json_answer(
        {
            "hours": hours,
            "staff": known.staff,
            "contacts_left": known.contacts_left,
            "limit": changed.max_abandon,
            "now": as_forecast(now),
            "changed": as_forecast(then),
        }
    )


def question_of(known: Known, *, hours: float, seconds: float = SECONDS) -> Question:
    """What to ask about a campaign as it is."""
    return Question(known.estimates, known.staff, known.settings, hours, known.contacts_left, seconds)


def _number(value: Any, field: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadInputError(f"write a number from {least:g} to {most:g}", field=field)
    return float(value)
