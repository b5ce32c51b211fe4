"""Reports by mail: the page, and `/api/v1/report-schedules`."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from reports import Language, Range, ReportName, Step
from reports.schedules import (
    Form,
    Plan,
    ReportSchedule,
    ReportSending,
    change_schedule,
    make_schedule,
    plan_of,
    remove_schedule,
    schedule,
    schedules,
    send_now,
    sendings,
)
from users import Right
from values import BadInputError
from web.access import allowed, audit, who
from web.bodies import body_of, check_fields
from web.errors import ForbiddenError
from web.keys import PARTS
from web.openapi.describe import described, listing
from web.pages import page
from web.queries import check_names, json_answer
from web.reports.described import NEW_PLAN, PLAN, SCHEDULE

_LISTS: Final = frozenset({"recipients", "only", "days"})
_SHOWN: Final = 12


@allowed(Right.REPORTS, partners=True)
async def shown(request: web.Request) -> web.Response:
    """Every schedule that whoever asks may see, and what came of its last times."""
    check_names(request.query, ("report",))
    async with request.app[PARTS].db.read() as session:
        found = await schedules(session, _owner(request))
        rows = [(schedule_told(each), await sendings(session, each.id, most=3)) for each in found]
    names = [ReportName.AGENTS] if who(request).partner else list(ReportName)
    return page(
        request,
        "reports/schedules.html",
        rows=[(told, [sending_told(each) for each in late]) for told, late in rows],
        names=names,
        ranges=list(Range),
        steps=list(Step),
        forms=list(Form),
        chosen=_chosen(request, names),
    )


@allowed(Right.REPORTS, partners=True)
@described(answer=listing("schedules", SCHEDULE))
async def listed(request: web.Request) -> web.Response:
    """All schedules that whoever asks may see."""
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        found = await schedules(session, _owner(request))
        return json_answer({"schedules": [schedule_told(each) for each in found]})


@allowed(Right.REPORTS, partners=True)
@described(body=NEW_PLAN, needed=True, answer=SCHEDULE, status=201)
async def made(request: web.Request) -> web.Response:
    """A new one; what it sends is what its maker may see."""
    body = await body_of(request)
    parts, user = request.app[PARTS], who(request).user
    values = _values(request, body)
    if missing := [name for name in ("title", "report", "recipients") if name not in values]:
        raise BadInputError("is needed", field=missing[0])
    async with parts.db.write() as session:
        found = await make_schedule(
            session, Plan(**values), owner=user.name if user else "", now=parts.clock.now()
        )
        await _note(request, session, "made", found)
        answer = json_answer(schedule_told(found))
    answer.set_status(201)
    return answer


@allowed(Right.REPORTS, partners=True)
@described(answer=SCHEDULE)
async def one(request: web.Request) -> web.Response:
    """One schedule, with what came of its last times."""
    async with request.app[PARTS].db.read() as session:
        found = await _mine(request, session)
        late = await sendings(session, found.id, most=_SHOWN)
        return json_answer(schedule_told(found) | {"sendings": [sending_told(each) for each in late]})


@allowed(Right.REPORTS, partners=True)
@described(body=PLAN, answer=SCHEDULE)
async def changed(request: web.Request) -> web.Response:
    """Change what is named; the rest stays."""
    values = _values(request, await body_of(request))
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        before = await _mine(request, session)
        found = await change_schedule(session, before.id, values, now=parts.clock.now())
        await _note(request, session, "changed", found)
        return json_answer(schedule_told(found))


@allowed(Right.REPORTS, partners=True)
@described(status=204)
async def removed(request: web.Request) -> web.Response:
    """Remove one."""
    async with request.app[PARTS].db.write() as session:
        found = await _mine(request, session)
        await _note(request, session, "removed", found)
        await remove_schedule(session, found.id)
    return web.Response(status=204)


@allowed(Right.REPORTS, partners=True)
@described(status=202)
async def sent(request: web.Request) -> web.Response:
    """Have it go out now, besides its times."""
    await body_of(request, ())
    parts = request.app[PARTS]
    async with parts.db.write() as session:
        found = await _mine(request, session)
        await send_now(session, found.id, parts.clock.now())
        await _note(request, session, "sent", found)
    return web.Response(status=202)


def _chosen(request: web.Request, names: Sequence[ReportName]) -> ReportName:
    """The report that the form begins with: as the page says that led here, else the agents'."""
    asked = request.query.get("report", "")
    return next((each for each in names if each == asked), ReportName.AGENTS)


def schedule_told(found: ReportSchedule) -> dict[str, Any]:
    """A schedule for programs."""
    plan = plan_of(found)
    return {
        "id": found.id,
        **{name: list(value) if name in _LISTS else value for name, value in plan.items()},
        "owner": found.owner,
        "created": found.created,
        "next_due": found.next_due,
    }


def sending_told(found: ReportSending) -> dict[str, Any]:
    """What came of one time."""
    return {
        "due": found.due,
        "state": found.state,
        "tries": found.tries,
        "next_at": found.next_at,
        "finished": found.finished,
        "rows": found.row_count,
        "bytes": found.size,
        "said": found.said,
    }


def _owner(request: web.Request) -> str | None:
    """A partner's manager sees his own alone."""
    visitor = who(request)
    return visitor.name if visitor.partner else None


async def _mine(request: web.Request, session: AsyncSession) -> ReportSchedule:
    found = await schedule(session, request.match_info["id"])
    owner = _owner(request)
    if owner is not None and found.owner != owner:
        raise ForbiddenError("This schedule is somebody else's.")
    return found


def _values(request: web.Request, body: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a plan, each of its kind. Raises `BadInputError` naming the field."""
    check_fields(body, Plan.__slots__)
    values = {name: _READERS.get(name, _text)(name, value) for name, value in body.items()}
    if who(request).partner and values.get("report", ReportName.AGENTS) is not ReportName.AGENTS:
        raise ForbiddenError("This report has no figures by partner; the agents' report has.")
    return values


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadInputError("write a text", field=name)
    return value


def _exactly(kind: type[Any], words: str) -> Callable[[str, object], Any]:
    def read(name: str, value: object) -> Any:
        if type(value) is not kind:
            raise BadInputError(words, field=name)
        return value

    return read


def _list_of(kind: type[Any]) -> Callable[[str, object], Any]:
    def read(name: str, value: object) -> Any:
        if not isinstance(value, list) or not all(type(each) is kind for each in value):
            raise BadInputError("write a list", field=name)
        return tuple(value)

    return read


def _word_of(kind: type[StrEnum]) -> Callable[[str, object], Any]:
    def read(name: str, value: object) -> Any:
        try:
            return kind(str(value))
        except ValueError:
            raise BadInputError(f"write one of: {', '.join(kind)}", field=name) from None

    return read


_READERS: Final[Mapping[str, Callable[[str, object], Any]]] = {
    "report": _word_of(ReportName),
    "range": _word_of(Range),
    "by": _word_of(Step),
    "form": _word_of(Form),
    "language": _word_of(Language),
    "recipients": _list_of(str),
    "only": _list_of(str),
    "days": _list_of(int),
    "active": _exactly(bool, "write true or false"),
    "month_day": _exactly(int, "write a number"),
}


async def _note(request: web.Request, session: AsyncSession, did: str, found: ReportSchedule) -> None:
    detail = {"report": found.report.value, "title": found.title, "recipients": len(found.recipients)}
    await audit(request, session, f"report_schedule.{did}", subject=found.id, detail=detail)
