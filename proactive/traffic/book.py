"""Alarms in the database: raised once a line and cycle, whatever is read how often, by how many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.traffic.models import TrafficAlarm
from values import CustomerId, Money

_CHUNK: Final = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """Unbilled traffic of a line that is over its threshold."""

    line_id: str
    cycle: str
    customer_id: CustomerId
    plan: str
    unbilled: Money
    threshold: Money

    @property
    def id(self) -> str:
        """One alarm, however often it is read."""
        return alarm_id(self.line_id, self.cycle)


def alarm_id(line_id: str, cycle: str) -> str:
    """The contact's event, and the fact's."""
    return f"traffic-{line_id}-{cycle}"


async def raise_alarms(
    session: AsyncSession, readings: Sequence[Reading], now: datetime
) -> Sequence[Reading]:
    """Raise what has not been raised in its cycle; gives those, each once even among several writers."""
    by_key = {(each.line_id, each.cycle): each for each in reversed(readings)}
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = TrafficAlarm.__table__
    raised: set[tuple[str, str]] = set()
    rows = [_row(each, now) for each in by_key.values()]
    for first in range(0, len(rows), _CHUNK):
        insert = kind.insert(table).values(rows[first : first + _CHUNK]).on_conflict_do_nothing()
        found = await session.execute(insert.returning(table.c.line_id, table.c.cycle))
        raised |= {(row.line_id, row.cycle) for row in found}
    return [each for key, each in by_key.items() if key in raised]


def _row(each: Reading, now: datetime) -> dict[str, object]:
    return {
        "line_id": each.line_id,
        "cycle": each.cycle,
        "customer_id": each.customer_id,
        "plan": each.plan,
        "currency": each.unbilled.currency,
        "unbilled_minor": each.unbilled.minor,
        "threshold_minor": each.threshold.minor,
        "raised": now,
        "outcome": "",
        "understood": False,
        "caring": False,
        "done_at": None,
    }


async def alarms(
    session: AsyncSession, keys: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], TrafficAlarm]:
    """Alarms by line and cycle."""
    found: dict[tuple[str, str], TrafficAlarm] = {}
    for first in range(0, len(keys), _CHUNK):
        wanted = tuple_(TrafficAlarm.line_id, TrafficAlarm.cycle).in_(keys[first : first + _CHUNK])
        for alarm in await session.scalars(select(TrafficAlarm).where(wanted)):
            found[alarm.line_id, alarm.cycle] = alarm
    return found


async def settle(session: AsyncSession, readings: Sequence[Reading], outcome: str, now: datetime) -> None:
    """Nobody calls about these: the outcome says why."""
    for each in readings:
        where = TrafficAlarm.line_id == each.line_id, TrafficAlarm.cycle == each.cycle
        await session.execute(update(TrafficAlarm).where(*where).values(outcome=outcome, done_at=now))
