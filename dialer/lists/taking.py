"""People of a file into the database, thousands at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.lanes import Place, lane_ids
from dialer.lists.plan import ImportPlan, Person
from store import UtcDateTime
from values import new_id

# a million rows in the driver's own words: SQLAlchemy's way there takes longer than the database
_HANDED = {
    "id": "", "campaign": "", "event_id": "", "customer_id": "", "number": "", "numbers": "::text::json",
    "zone": "", "zones": "", "fields": "::text::json", "list": "", "priority": "", "score": "",
    "not_before": "", "expires": "", "created": "",
}  # fmt: skip
"""What differs from person to person, and what PostgreSQL is to make of it."""
_SAME = {
    "agent": "''", "promised": "NULL", "state": "'ready'", "finished": "NULL", "outcome": "''",
    "goal": "false", "attempts": "0", "tally": "'{}'", "fence": "0",
}  # fmt: skip

_TURNS = text("""
INSERT INTO turns (contact_id, lane, stage, rank, place, due, wake, expires, promised, agent, owner, fence)
SELECT contacts.id, lanes.id, CASE WHEN not_before <= :now THEN 'ready' ELSE 'waiting' END, -priority, -score,
    not_before, not_before, expires, false, '', '', 0
FROM contacts JOIN lanes ON lanes.campaign = contacts.campaign AND lanes.list = contacts.list
    AND lanes.zones = contacts.zones
WHERE contacts.id >= :first AND contacts.id <= :last
""").bindparams(bindparam("now", type_=UtcDateTime()))


async def take_in(
    session: AsyncSession, plan: ImportPlan, people: Sequence[Person], lanes: set[Place], now: datetime
) -> int:
    """Take people in who are not there yet; how many that were. `lanes` remembers which lanes there are."""
    if not people:
        return 0
    places = {(plan.campaign, plan.list, person[4]) for person in people}
    if new := places - lanes:
        await lane_ids(session, new)
        lanes |= new
    sqlite = session.get_bind().dialect.name == "sqlite"
    batch = new_id("c")
    rows = _rows(plan, people, batch, now, sqlite=sqlite)
    connection = await session.connection()
    await connection.exec_driver_sql(_insert(sqlite=sqlite), rows)
    # only those that were not there have got the ids of this batch
    bounds = {"now": now, "first": f"{batch}0000", "last": f"{batch}ffff"}
    queued = await session.execute(_TURNS, bounds)
    return int(queued.rowcount)  # type: ignore[attr-defined]


def _rows(
    plan: ImportPlan, people: Sequence[Person], batch: str, now: datetime, *, sqlite: bool
) -> list[tuple[Any, ...]]:
    """A row for each, in the order of `_HANDED`."""
    moment = _sqlite_time if sqlite else _same_time
    created = moment(now)
    event = f"list:{plan.campaign}:{plan.list}:" if plan.again else f"list:{plan.campaign}:"
    rows = []
    for place, person in enumerate(people):
        customer, number, numbers, zone, zones, fields, priority, score, not_before, expires = person
        who = event + (customer or _stand_in(number))
        rows.append(
            (
                f"{batch}{place:04x}", plan.campaign, who, customer, number, numbers, zone, zones,
                fields, plan.list, priority, score,
                moment(not_before) if not_before else created, moment(expires) if expires else None, created,
            )
        )  # fmt: skip
    return rows


def _stand_in(number: str) -> str:
    """What stands for somebody of whom only the number is known: events go further than numbers may."""
    return blake2b(number.encode(), digest_size=12).hexdigest()


def _sqlite_time(at: datetime) -> str:
    """As `store.UtcDateTime` writes it there."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _same_time(at: datetime) -> datetime:
    return at


def _insert(*, sqlite: bool) -> str:
    handed = ["?" if sqlite else f"${place}{kind}" for place, kind in enumerate(_HANDED.values(), 1)]
    columns = ", ".join([*_HANDED, *_SAME])
    values = ", ".join([*handed, *_SAME.values()])
    return f"INSERT INTO contacts ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608  (our own words)
