"""What a request asks of the opinions, narrowed to what whoever asks may see."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

from aiohttp import web

from surveys.figures import By, Dimension, Indicator, Question, Scope, last_periods
from users import Right
from values import AREAS, HOUSE_ZONE, BadInputError
from web.access import who
from web.errors import ForbiddenError
from web.keys import PARTS
from web.queries import one_of
from web.visitor import Visitor

KNOWN: Final = frozenset({"by", "last", "from", "to", "dimension", "survey", "area", "language"})
MOST_LAST: Final = 60
LONGEST: Final = 2
USUAL_LAST: Final[Mapping[By, int]] = {By.WEEK: 13, By.MONTH: 12}
SHOWN: Final[Sequence[Indicator]] = (
    Indicator.NPS,
    Indicator.CSAT,
    Indicator.CES,
    Indicator.WAITING,
    Indicator.CORRECTNESS,
    Indicator.ABILITY,
    Indicator.COURTESY,
)
"""On the pages; the API has all."""

E = TypeVar("E", bound=StrEnum)


def scope_of(visitor: Visitor) -> Scope:
    """All, or a partner's manager's own partner."""
    return Scope(partner=visitor.partner) if visitor.partner else Scope()


def dimensions_of(visitor: Visitor) -> Sequence[Dimension]:
    """By what somebody may have rows told apart."""
    found = [Dimension.ALL, Dimension.AREA, Dimension.PARTNER, Dimension.SITE, Dimension.TEAM]
    if visitor.may(Right.SURVEYS) or visitor.partner:
        found.append(Dimension.AGENT)
    return found


def question_of(
    request: web.Request, query: Mapping[str, str], indicators: Sequence[Indicator] = tuple(Indicator)
) -> Question:
    """The table that a query asks for. Raises `BadInputError` naming the parameter, `ForbiddenError`."""
    visitor = who(request)
    by = word_of(By, "by", query) or By.WEEK
    dimension = word_of(Dimension, "dimension", query) or Dimension.ALL
    if dimension is Dimension.AGENT and dimension not in dimensions_of(visitor):
        raise ForbiddenError("Results by name are for those who have the right `surveys`.")
    area = query.get("area", "")
    if area and area not in AREAS:
        raise BadInputError(f"write one of: {', '.join(AREAS)}", field="area")
    since, until = _range(request, by, query)
    survey = query.get("survey", "")
    return Question(
        by=by,
        since=since,
        until=until,
        dimension=dimension,
        surveys=frozenset({survey}) if survey else frozenset(),
        area=area,
        scope=scope_of(visitor),
        indicators=indicators,
    )


def period_in(period: str, asked: Question) -> str:
    """One of the asked periods, or '' for none. Raises `BadInputError`."""
    if period and period not in asked.periods:
        raise BadInputError("is not in the chosen time", field="period")
    return period


def word_of(kind: type[E], field: str, query: Mapping[str, str]) -> E | None:
    """One of a few words; left out or empty it is None."""
    return one_of(kind, field, query.get(field) or None)


def _range(request: web.Request, by: By, query: Mapping[str, str]) -> tuple[str, str]:
    since, until, last = query.get("from", ""), query.get("to", ""), query.get("last", "")
    if since or until:
        if last:
            raise BadInputError("is for a time without from and to", field="last")
        if not since or not until:
            raise BadInputError("write both from and to", field="to" if since else "from")
        return since, until
    count = USUAL_LAST[by]
    if last:
        digits = last.isascii() and last.isdigit() and len(last) <= LONGEST
        if not digits or not 1 <= int(last) <= MOST_LAST:
            raise BadInputError(f"write a number from 1 to {MOST_LAST}", field="last")
        count = int(last)
    found = last_periods(count, by, request.app[PARTS].clock.now(), HOUSE_ZONE)
    return found[0], found[-1]
