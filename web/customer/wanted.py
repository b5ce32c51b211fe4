"""What a list about customers is asked for: whose, of which day. Shared by the pages of texts and visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, search
from customers.search import Found
from store import AuditNote, note_audit
from users import Right
from values import BadInputError, CustomerId, check_year, mask_number
from web.access import audit, who
from web.keys import PARTS

WHOLE_LISTS = (Right.EVENTS, Right.CALLS)
"""Who has one of these sees everybody's; others name the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """As it was asked for."""

    customer: str = ""
    """One customer's id; '' for everybody's."""
    people: Sequence[Mapping[str, str]] = ()
    """Several whom the text may mean: one of them is to be chosen first."""
    since: datetime | None = None
    until: datetime | None = None
    problem: str = ""
    """Why nothing can be shown yet: a word of `texts.yaml`; '' when something can."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """The fields of the form, as they were filled in."""

    @property
    def shows(self) -> bool:
        """Whether there is a list to show."""
        return not self.problem and not self.people


async def wanted(request: web.Request, session: AsyncSession) -> Wanted:
    """Read `customer` (id, number, name or invoice), `day` and `state` of a page's query.

    Whoever may not see customers names one by the id alone: they are told no names and no numbers.
    """
    asked = {name: request.query.get(name, "").strip() for name in ("customer", "day", "state")}
    try:
        since, until = day_of(asked["day"], request.app[PARTS].gate.house.zone)
    except BadInputError:
        return Wanted(problem="bad_day", asked=asked)
    found = await _found(request, session, asked["customer"])
    return replace(found, since=since, until=until, asked=asked)


def day_of(text: str, zone: str) -> tuple[datetime | None, datetime | None]:
    """When a day of the house's clock begins and ends. Raises `BadInputError`."""
    if not text:
        return None, None
    try:
        day = date.fromisoformat(text)
        next_ = day + timedelta(days=1)
    except (ValueError, OverflowError):
        raise BadInputError("write a day as in 2026-03-02", field="day") from None
    check_year("day", day.year)
    begins, ends = (datetime.combine(each, time(), ZoneInfo(zone)) for each in (day, next_))
    return begins, ends


async def note_seen(request: web.Request, what: str, asked_for: str, customers: Sequence[str]) -> None:
    """Write down that these customers' list was looked at, before it is shown."""
    parts, seen = request.app[PARTS], sorted({each for each in customers if each})
    by, now = who(request).name, parts.clock.now()
    async with parts.db.write() as session:
        await audit(request, session, what, subject=asked_for, detail={"customers": len(seen)})
        await note_audit(session, [AuditNote(at=now, by=by, what=what, customer_id=each) for each in seen])


async def _found(request: web.Request, session: AsyncSession, text: str) -> Wanted:
    """Whom the text means."""
    parts = request.app[PARTS]
    if not text:
        return Wanted(problem="" if who(request).may(*WHOLE_LISTS) else "name_them")
    if not who(request).may(Right.CUSTOMERS):
        known = await Customers(parts.db).known(session, [CustomerId(text)])
        return Wanted(customer=text) if known else Wanted(problem="by_id")
    try:
        found = await search(session, text, country=parts.gate.house.country, now=parts.clock.now())
    except BadInputError:
        return Wanted(problem="bad_text")
    if len(found) > 1:
        return Wanted(people=[_person(each) for each in found])
    return Wanted(customer=str(found[0].card.id)) if found else Wanted(problem="nobody")


def _person(found: Found) -> Mapping[str, str]:
    return {"id": str(found.card.id), "name": found.card.name[:120], "number": mask_number(found.number)}
