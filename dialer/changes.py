"""Who changed what, and when: of campaigns and trunks, kept as long as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import CampaignChange
from store import Event, emit

HOUSE = "centralino"
"""Whose changes are the house's own and nobody's."""
TRUNK = "trunk:"
"""Stands before a trunk's name among the changes; no campaign's name holds a colon."""
CAMPAIGN_CHANGED = "dialer.campaign_changed"
"""The event: a campaign was started, paused, or set otherwise."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One field's value before and after."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One field's change, as it was written down; the values are as JSON has them."""

    seq: int
    at: datetime
    by: str
    field: str
    before: Any
    after: Any
    why: str = ""


async def note_changes(
    session: AsyncSession, subject: str, turns: Mapping[str, Turn], *, by: str, at: datetime, why: str = ""
) -> list[Change]:
    """Write down what was changed together; the values are as JSON has them.

    What was changed together bears one time, and what was changed later a later one, also when the clock
    stands still or goes back.
    """
    last = await session.scalar(_of(subject).limit(1))
    if last is not None and at <= last.at:
        at = last.at + timedelta(microseconds=1)
    rows = [
        # in a list of one each: SQLite would make a number of a bare JSON number, which is no JSON text
        CampaignChange(
            campaign=subject, at=at, by=by, field=name, before=[turn.before], after=[turn.after], why=why
        )
        for name, turn in turns.items()
    ]
    session.add_all(rows)
    await session.flush()
    if not subject.startswith(TRUNK):
        await emit(session, [_event(row) for row in rows])
    return [_change(row) for row in rows]


async def changes_of(
    session: AsyncSession, subject: str, *, most: int = 50, before: int | None = None
) -> list[Change]:
    """What was changed, the latest first; `before` is the `seq` to go on behind."""
    query = _of(subject).limit(most)
    if before is not None:
        query = query.where(CampaignChange.seq < before)
    return [_change(row) for row in await session.scalars(query)]


async def last_change(session: AsyncSession, subject: str, *, leaving_out: Sequence[str]) -> list[Change]:
    """What was changed together the last time, other than these fields; empty when nothing ever was."""
    query = _of(subject).where(CampaignChange.field.not_in(leaving_out))
    latest = await session.scalar(query.limit(1))
    if latest is None:
        return []
    return [_change(row) for row in await session.scalars(query.where(CampaignChange.at == latest.at))]


async def changed_fields(session: AsyncSession, subject: str) -> frozenset[str]:
    """The fields that people have changed: the house leaves those as they are."""
    query = select(CampaignChange.field).where(CampaignChange.campaign == subject, CampaignChange.by != HOUSE)
    return frozenset(await session.scalars(query.distinct()))


def _event(row: CampaignChange) -> Event:
    (before,), (after,) = row.before, row.after
    told = {"campaign": row.campaign, "field": row.field, "before": before, "after": after, "by": row.by}
    return Event(kind=CAMPAIGN_CHANGED, at=row.at, key=row.campaign, payload=told)


def _of(subject: str) -> Any:
    return (
        select(CampaignChange).where(CampaignChange.campaign == subject).order_by(CampaignChange.seq.desc())
    )


def _change(row: CampaignChange) -> Change:
    (before,), (after,) = row.before, row.after
    return Change(row.seq, row.at, row.by, row.field, before, after, row.why)
