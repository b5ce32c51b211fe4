"""Schedules: made, changed, removed, and what came of them. Every function takes the caller's session."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from messages.mail import address_of
from reports.asked import Range, ReportName, time_of_day, zone_of
from reports.definitions import Language
from reports.schedules.models import Form, ReportSchedule, ReportSending, SendingState
from reports.schedules.months import last_in_month, month_of
from reports.schedules.times import check_days, next_due
from reports.steps import Step
from values import HOUSE_ZONE, BadInputError, CentralinoError, new_id

MOST: Final = 200
MOST_RECIPIENTS: Final = 20
_LONGEST_TITLE: Final = 80
_MOST_NAMES: Final = 200
_TIMING: Final = ("report", "time", "zone", "days", "month_day", "active")


class UnknownScheduleError(CentralinoError):
    """There is no such schedule."""

    error_id = "unknown-schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a schedule says."""

    title: str
    report: ReportName
    recipients: Sequence[str]
    range: Range = Range.YESTERDAY
    by: Step = Step.DAY
    zone: str = HOUSE_ZONE
    only: Sequence[str] = ()
    form: Form = Form.XLSX
    language: Language = Language.EN
    time: str = "07:00"
    days: Sequence[int] = ()
    month_day: int = 0
    active: bool = True


def checked(plan: Plan) -> Plan:
    """The same with its parts in order. Raises `BadInputError` naming the field."""
    title = plan.title.strip()
    if not 0 < len(title) <= _LONGEST_TITLE or not title.isprintable():
        raise BadInputError(f"write a title of up to {_LONGEST_TITLE} letters", field="title")
    if not 0 < len(plan.recipients) <= MOST_RECIPIENTS:
        raise BadInputError(f"name 1 to {MOST_RECIPIENTS} mail addresses", field="recipients")
    if len(plan.only) > _MOST_NAMES:
        raise BadInputError(f"at most {_MOST_NAMES} names", field="only")
    zone_of(plan.zone)
    time_of_day(plan.time, "time")
    months = _months(plan)
    check_days(plan.days, plan.month_day)
    addresses = dict.fromkeys(address_of(each) for each in plan.recipients)
    return Plan(
        **asdict(plan)
        | months
        | {
            "title": title,
            "recipients": tuple(addresses),
            "days": tuple(sorted(set(plan.days))),
            "only": tuple(sorted(set(plan.only))),
        }
    )


def _months(plan: Plan) -> dict[str, Any]:
    """What follows for a plan from there being one monthly report only: of the month before, for the house.

    Raises `BadInputError` naming the field.
    """
    if plan.report is not ReportName.MONTHLY:
        if plan.form not in {Form.CSV, Form.XLSX}:
            raise BadInputError("only the monthly report is made as PDF; choose xlsx or csv", field="form")
        return {}
    if plan.form is Form.CSV:
        raise BadInputError("the monthly report is made as pdf, xlsx or both", field="form")
    if plan.days:
        raise BadInputError("the monthly report goes out on a day of the month: leave it empty", field="days")
    if plan.only:
        raise BadInputError("the monthly report tells of the whole house: leave it empty", field="only")
    return {"range": Range.LAST_MONTH, "by": Step.TOTAL, "month_day": plan.month_day or 1}


async def schedules(session: AsyncSession, owner: str | None = None) -> Sequence[ReportSchedule]:
    """All of them, or somebody's, the oldest first."""
    query = select(ReportSchedule).order_by(ReportSchedule.created, ReportSchedule.id)
    if owner is not None:
        query = query.where(ReportSchedule.owner == owner)
    return (await session.scalars(query)).all()


async def schedule(session: AsyncSession, schedule_id: str) -> ReportSchedule:
    """One. Raises `UnknownScheduleError`."""
    found = await session.get(ReportSchedule, schedule_id)
    if found is None:
        raise UnknownScheduleError
    return found


async def make_schedule(session: AsyncSession, plan: Plan, *, owner: str, now: datetime) -> ReportSchedule:
    """A new schedule. Raises `BadInputError` naming the field."""
    if len(await schedules(session)) >= MOST:
        raise BadInputError(f"there are {MOST} already; remove one that nobody needs", field="title")
    made = ReportSchedule(id=new_id("rs"), owner=owner, created=now, **_columns(checked(plan), now))
    session.add(made)
    await session.flush()
    return made


async def change_schedule(
    session: AsyncSession, schedule_id: str, changes: Mapping[str, Any], *, now: datetime
) -> ReportSchedule:
    """Change the fields of `Plan` that are given. Raises `UnknownScheduleError`, `BadInputError`."""
    found = await schedule(session, schedule_id)
    before = {name: getattr(found, name) for name in _TIMING}
    due = found.next_due
    for name, value in _columns(checked(Plan(**plan_of(found) | dict(changes))), now).items():
        setattr(found, name, value)
    if before == {name: getattr(found, name) for name in _TIMING}:
        if due is not None and due <= now:
            found.next_due = due  # its time has come, and nobody said another: a new title must not undo it
    elif found.active and found.report is before["report"] is ReportName.MONTHLY:
        found.next_due = await _passed_over(session, found, before, now) or found.next_due
    await session.flush()
    return found


async def remove_schedule(session: AsyncSession, schedule_id: str) -> None:
    """Remove one, with what came of it. Raises `UnknownScheduleError`."""
    found = await schedule(session, schedule_id)
    await session.execute(delete(ReportSending).where(ReportSending.schedule == schedule_id))
    await session.delete(found)
    await session.flush()


async def send_now(session: AsyncSession, schedule_id: str, now: datetime) -> None:
    """Have it go out as soon as the core looks, besides its times. Raises `UnknownScheduleError`."""
    found = await schedule(session, schedule_id)
    if not found.active:
        raise BadInputError("is off; switch it on first", field="active")
    found.next_due = now
    await session.flush()


async def month_is_out(session: AsyncSession, schedule_id: str, month: str) -> bool:
    """Whether a schedule's letter of this month, as 2026-10, is out or on its way."""
    query = select(ReportSending.due).where(
        ReportSending.schedule == schedule_id,
        ReportSending.month == month,
        ReportSending.state != SendingState.FAILED,
    )
    return (await session.scalars(query.limit(1))).first() is not None


async def sendings(session: AsyncSession, schedule_id: str, *, most: int = 20) -> Sequence[ReportSending]:
    """What came of a schedule's last times, the latest first."""
    query = (
        select(ReportSending)
        .where(ReportSending.schedule == schedule_id)
        .order_by(ReportSending.due.desc())
        .limit(most)
    )
    return (await session.scalars(query)).all()


def plan_of(found: ReportSchedule) -> dict[str, Any]:
    """What a schedule says, by the fields of `Plan`."""
    values = {name: getattr(found, name) for name in Plan.__slots__}
    return values | {"language": Language(found.language)}


async def _passed_over(
    session: AsyncSession, found: ReportSchedule, before: Mapping[str, Any], now: datetime
) -> datetime | None:
    """The time in this month that the new plan puts behind us, if its month was promised and is not out."""
    due = last_in_month(found, now)
    if due is None:
        return None
    said = {name: before[name] for name in ("time", "zone", "days", "month_day")}
    first = month_of(next_due(found.created, **said), before["zone"])
    month = month_of(due, found.zone)
    return due if first <= month and not await month_is_out(session, found.id, month) else None


def _columns(plan: Plan, now: datetime) -> dict[str, Any]:
    due = next_due(now, time=plan.time, zone=plan.zone, days=plan.days, month_day=plan.month_day)
    lists = {name: list(getattr(plan, name)) for name in ("recipients", "days", "only")}
    return asdict(plan) | lists | {"language": plan.language.value, "next_due": due if plan.active else None}
