"""The page of monthly volumes: contacts by process, how many were reached, what it is good for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from proactive.volumes import (
    HOUSE_ZONE,
    PROCESSES,
    WINDOW_DAYS,
    Effect,
    Volume,
    Volumes,
    volumes,
)
from reports import Language
from reports.printed import Estimate, Shape, say, span
from users import Right
from values import BadInputError, check_year
from web.access import allowed, who
from web.keys import PARTS
from web.opinion.cells import Say, period_name, place
from web.opinion.frame import speech
from web.proactive.drawing import Drawing, draw
from web.proactive.frame import shown
from web.queries import check_names

GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "provisioning": ("works_notice", "line_notice", "welcome", "appointments"),
    "assurance": ("fault_closure",),
    "traffic": ("traffic_alarm",),
}
"""The charts, each with its processes."""
YEARS: Final = 4


@dataclass(frozen=True, slots=True)
class Sum:
    """A process over the whole time."""

    contacts: int
    taken_back: int
    settled: int
    attempts: int
    reached: int
    understood: int


@allowed(Right.REPORTS, Right.EVENTS)
async def page_of_volumes(request: web.Request) -> web.StreamResponse:
    """A year, January to December; without a choice, this one."""
    check_names(request.query, ("year",))
    if not who(request).may(Right.REPORTS):
        raise web.HTTPSeeOther("/proactive/events")
    language, t = speech(request)
    parts = request.app[PARTS]
    now, this_year = parts.clock.now(), _this_year(request)
    year = year_of(request.query.get("year", "") or str(this_year))
    async with parts.db.read() as session:
        found = await volumes(session, *ends_of(year), now=now)
    return shown(
        request,
        "proactive/volumes.html",
        year=year,
        years=[this_year - back for back in range(YEARS)],
        charts=[(group, chart(found, processes, language, t)) for group, processes in GROUPS.items()],
        rows=[row(process, sum_of(found, process), language, t) for process in PROCESSES],
        months=[
            (period_name(month, t), [by_month(found, process, month) for process in PROCESSES])
            for month in found.months
        ],
        processes=PROCESSES,
        effects=[effect(each, language, t) for each in found.effects],
        days=WINDOW_DAYS,
        count=lambda value: say(value, Shape.COUNT, language),
        share=lambda value: say(value, Shape.SHARE, language, none=t("opinion.nobody")),
    )


def year_of(text: str) -> int:
    """A year. Raises `BadInputError`."""
    if not text.isascii() or not text.isdecimal() or len(text) != len("2026"):
        raise BadInputError("write a year, as 2026", field="year")
    check_year("year", int(text))
    return int(text)


def ends_of(year: int) -> tuple[datetime, datetime]:
    """When a year begins and ends by the house's clocks."""
    zone = ZoneInfo(HOUSE_ZONE)
    return (
        datetime(year, 1, 1, tzinfo=zone).astimezone(UTC),
        datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC),
    )


def by_month(found: Volumes, process: str, month: str) -> Volume:
    """One process in one month."""
    return next(each for each in found.volumes if (each.process, each.month) == (process, month))


def sum_of(found: Volumes, process: str) -> Sum:
    """A process over all months."""
    mine = [each for each in found.volumes if each.process == process]
    return Sum(
        sum(each.contacts for each in mine),
        sum(each.taken_back for each in mine),
        sum(each.settled for each in mine),
        sum(each.attempts for each in mine),
        sum(each.reached for each in mine),
        sum(each.understood for each in mine),
    )


def chart(found: Volumes, processes: Sequence[str], language: Language, t: Say) -> Drawing:
    """Contacts of some processes by month; those that were taken back before a call are left out."""
    columns = [
        [each.contacts - each.taken_back for each in found.volumes if each.process == process]
        for process in processes
    ]
    names = [t(f"proactive.process_{process}") for process in processes]
    return draw(names, [period_name(month, t, short=True) for month in found.months], columns, language)


def row(process: str, whole: Sum, language: Language, t: Say) -> dict[str, Any]:
    """A process over the year, as the page shows it."""

    def count(value: int) -> str:
        return say(value, Shape.COUNT, language)

    def part(some: int, all_: int) -> str:
        return say(some / all_ if all_ else None, Shape.SHARE, language, none=t("opinion.nobody"))

    return {
        "process": process,
        "contacts": count(whole.contacts),
        "taken_back": count(whole.taken_back),
        "settled": count(whole.settled),
        "attempts": count(whole.attempts),
        "reached": count(whole.reached),
        "reach": part(whole.reached, whole.settled),
        "understood": part(whole.understood, whole.reached),
    }


def effect(found: Effect, language: Language, t: Say) -> dict[str, Any]:
    """What a process is good for: the difference in points, drawn around nought."""
    less = found.difference
    told: dict[str, Any] = {
        "process": found.process,
        "called": say(found.called, Shape.COUNT, language),
        "called_rate": _rate(found.called_again, found.called, language, t),
        "control": say(found.control, Shape.COUNT, language),
        "control_rate": _rate(found.control_again, found.control, language, t),
        "text": "",
        "span": "",
        "words": t("proactive.no_control"),
        "tone": "quiet",
    }
    if less is None:
        return told
    points = Estimate(100 * less.value, 100 * less.low, 100 * less.high)
    reach = max(0.05, abs(less.low), abs(less.high)) * 1.1
    scale = (-reach, reach)
    fewer, certain = less.value < 0, less.certain
    words = t(f"proactive.effect_{'fewer' if fewer else 'more'}") if certain else t("proactive.effect_unsure")
    return told | {
        "text": say(points.value, Shape.SCORE, language),
        "span": span(points, Shape.SCORE, language),
        "low": place(less.low, scale),
        "at": place(less.value, scale),
        "high": place(less.high, scale),
        "words": words,
        "tone": ("good" if fewer else "bad") if certain else "quiet",
    }


def _rate(part: int, whole: int, language: Language, t: Say) -> str:
    return say(part / whole if whole else None, Shape.SHARE, language, none=t("opinion.nobody"))


def _this_year(request: web.Request) -> int:
    return request.app[PARTS].clock.now().astimezone(ZoneInfo(HOUSE_ZONE)).year
