"""Thresholds and alarms in the database. Every function takes the caller's session."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.alarms.rules import HOUSE_RULES, RULE_SETTINGS, Threshold, read_rule
from dialer.alarms.watching import Turns
from dialer.changes import HOUSE
from dialer.models.alarms import Alarm, AlarmRule
from store import Event, emit, insert_missing
from values import BadInputError, new_id

RAISED: Final = "dialer.alarm_raised"
"""The event that tells of one; its key is the alarm's id."""


class UnknownAlarmError(BadInputError):
    """There is no such alarm or threshold."""

    error_id = "unknown-alarm"


async def seed_rules(session: AsyncSession, now: datetime) -> None:
    """Write the house's own thresholds down where they are missing; changed ones stay as they are."""
    rows = [
        {**{name: getattr(each, name) for name in ("id", *RULE_SETTINGS)}, "by": HOUSE, "at": now}
        for each in HOUSE_RULES
    ]
    await insert_missing(session, AlarmRule, rows)


async def alarm_rules(session: AsyncSession) -> list[AlarmRule]:
    """All thresholds, by figure."""
    order = AlarmRule.figure, AlarmRule.severity, AlarmRule.id
    return list(await session.scalars(select(AlarmRule).order_by(*order)))


def threshold_of(row: AlarmRule) -> Threshold:
    """A rule as it is watched."""
    return Threshold(**{name: getattr(row, name) for name in ("id", *RULE_SETTINGS)})


async def put_rule(
    session: AsyncSession, settings: Mapping[str, Any], *, by: str, at: datetime, rule: str = ""
) -> AlarmRule:
    """Make a threshold, or change one; what is not named stays.

    Raises `UnknownAlarmError`, and `BadInputError` naming the field.
    """
    if not rule:
        row = AlarmRule(id=new_id("r"), by=by, at=at, **read_rule(settings))
        session.add(row)
        await session.flush()
        return row
    found = await _rule(session, rule)
    present = {name: getattr(found, name) for name in RULE_SETTINGS}
    for name, value in read_rule(settings, present).items():
        setattr(found, name, value)
    found.by, found.at = by, at
    await session.flush()
    return found


async def drop_rule(session: AsyncSession, rule: str) -> None:
    """Remove a threshold; one of the house's own is only switched off, or it would come again."""
    found = await _rule(session, rule)
    if any(each.id == rule for each in HOUSE_RULES):
        found.enabled = False
    else:
        await session.execute(delete(AlarmRule).where(AlarmRule.id == rule))
    await session.flush()


async def open_alarms(session: AsyncSession) -> list[Alarm]:
    """Alarms that are on, the latest first."""
    query = select(Alarm).where(Alarm.cleared.is_(None)).order_by(Alarm.raised.desc(), Alarm.id)
    return list(await session.scalars(query))


async def latest_alarms(session: AsyncSession, *, most: int = 50) -> list[Alarm]:
    """Alarms, the latest first, those that are over too."""
    return list(await session.scalars(select(Alarm).order_by(Alarm.raised.desc(), Alarm.id).limit(most)))


async def note_turns(session: AsyncSession, turns: Turns, now: datetime) -> None:
    """Write down what began and what ended; who subscribes hears of what began."""
    rows = [
        Alarm(
            id=new_id("m"),
            rule=each.rule.id,
            figure=each.rule.figure,
            subject=each.subject,
            side=each.rule.side,
            threshold=each.rule.threshold,
            value=each.value,
            severity=each.rule.severity,
            raised=now,
            cleared=None,
            acknowledged=None,
            by="",
        )
        for each in turns.raised
    ]
    session.add_all(rows)
    await _clear(session, turns.cleared, now)
    await session.flush()
    await emit(session, [Event(kind=RAISED, at=now, key=row.id, payload=alarm_told(row)) for row in rows])


async def _clear(session: AsyncSession, keys: Iterable[tuple[str, str]], now: datetime) -> None:
    for rule, subject in keys:
        over = update(Alarm).where(Alarm.rule == rule, Alarm.subject == subject, Alarm.cleared.is_(None))
        await session.execute(over.values(cleared=now))


async def acknowledge(session: AsyncSession, alarm: str, *, by: str, at: datetime) -> Alarm:
    """Somebody has seen an alarm; the first one's name is kept. Raises `UnknownAlarmError`."""
    row = await session.get(Alarm, alarm, with_for_update=True)
    if row is None:
        raise UnknownAlarmError(f"there is no alarm {alarm[:40]!r}", field="alarm")
    if row.acknowledged is None:
        row.acknowledged, row.by = at, by
        await session.flush()
    return row


def alarm_told(row: Alarm) -> dict[str, Any]:
    """An alarm as JSON has it."""
    return {
        "id": row.id,
        "rule": row.rule,
        "figure": row.figure,
        "subject": row.subject,
        "side": row.side.value,
        "threshold": row.threshold,
        "value": row.value,
        "severity": row.severity.value,
        "raised": row.raised.isoformat(),
        "cleared": row.cleared.isoformat() if row.cleared else None,
        "acknowledged": row.acknowledged.isoformat() if row.acknowledged else None,
        "by": row.by,
    }


def rule_told(row: AlarmRule) -> dict[str, Any]:
    """A threshold as JSON has it."""
    settings = {name: getattr(row, name) for name in RULE_SETTINGS}
    return {"id": row.id, **settings, "by": row.by, "at": row.at}


async def _rule(session: AsyncSession, rule: str) -> AlarmRule:
    row = await session.get(AlarmRule, rule, with_for_update=True)
    if row is None:
        raise UnknownAlarmError(f"there is no threshold {rule[:40]!r}", field="rule")
    return row
