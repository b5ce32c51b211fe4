"""Campaigns: setting them up, pausing them, and which may call now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Gate, Purpose, read_hours
from dialer.models import Campaign, Machines, Mode
from dialer.retry import read_rules
from store import upsert
from values import BadInputError


class UnknownCampaignError(BadInputError):
    """There is no such campaign."""

    error_id = "unknown-campaign"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPlan:
    """A campaign as its owner writes it; see `dialer.models.Campaign` for the words."""

    name: str
    flow: str
    purpose: Purpose
    profile: str
    caller_id: str
    title: str = ""
    trunks: Sequence[str] = ()
    hours: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lines: int = 50
    calls_per_second: float = 5.0
    priority: int = 0
    retry: Mapping[str, Any] = field(default_factory=dict)
    ring_seconds: float = 30.0
    starts: datetime | None = None
    ends: datetime | None = None
    mode: Mode = Mode.AGENTLESS
    weight: float = 1.0
    skill: str = ""
    ratio: float = 1.5
    max_abandon: float | None = None
    max_occupancy: float | None = None
    machines: Machines = Machines.IGNORE
    message: str = ""
    wrap_seconds: float = 30.0
    record: bool = False
    caller_ids: Sequence[str] = ()
    callback_flow: str = ""
    dispositions: Sequence[Mapping[str, Any]] = ()
    spend_limit: int | None = None


async def set_up(session: AsyncSession, gate: Gate, plan: CampaignPlan) -> None:
    """Write a campaign down, or change it; whether it is paused stays as it is, a new one is not.

    Raises `BadInputError` for what makes no sense, before anything is written.
    """
    gate.profile(plan.profile)
    if plan.hours:
        read_hours(plan.hours)
    read_rules(plan.retry)
    if plan.lines < 1 or plan.calls_per_second <= 0 or plan.ring_seconds <= 0:
        raise BadInputError("lines, calls per second and ring seconds must be above zero", field=plan.name)
    if plan.starts and plan.ends and plan.ends <= plan.starts:
        raise BadInputError("must come after its start", field="ends")
    row = {
        "name": plan.name,
        "title": plan.title or plan.name,
        "flow": plan.flow,
        "purpose": plan.purpose,
        "profile": plan.profile,
        "caller_id": plan.caller_id,
        "trunks": list(plan.trunks),
        "hours": {day: list(windows) for day, windows in plan.hours.items()},
        "lines": plan.lines,
        "calls_per_second": plan.calls_per_second,
        "priority": plan.priority,
        "paused": await _paused(session, plan.name),
        "retry": dict(plan.retry),
        "ring_seconds": plan.ring_seconds,
        "starts": plan.starts,
        "ends": plan.ends,
        "mode": plan.mode,
        "weight": plan.weight,
        "skill": plan.skill,
        "ratio": plan.ratio,
        "max_abandon": plan.max_abandon,
        "max_occupancy": plan.max_occupancy,
        "machines": plan.machines,
        "message": plan.message,
        "wrap_seconds": plan.wrap_seconds,
        "record": plan.record,
        "caller_ids": list(plan.caller_ids),
        "callback_flow": plan.callback_flow,
        "dispositions": [dict(each) for each in plan.dispositions],
        "spend_limit": plan.spend_limit,
        "archived": False,
    }
    await upsert(session, Campaign, [row], key=["name"])


async def _paused(session: AsyncSession, name: str) -> bool:
    return bool(await session.scalar(select(Campaign.paused).where(Campaign.name == name)))


async def pause(session: AsyncSession, name: str, *, paused: bool = True) -> None:
    """Stop a campaign's calling, or let it go on; calls that are up are not touched.

    From this commit on no further attempt of it is committed. Raises `UnknownCampaignError`.
    """
    done = await session.execute(
        update(Campaign).where(Campaign.name == name).values(paused=paused).returning(Campaign.name)
    )
    if not done.all():
        raise UnknownCampaignError(f"there is no campaign {name!r}", field="campaign")


async def campaign(session: AsyncSession, name: str) -> Campaign:
    """One campaign. Raises `UnknownCampaignError`."""
    found = await session.get(Campaign, name)
    if found is None:
        raise UnknownCampaignError(f"there is no campaign {name!r}", field="campaign")
    return found


async def campaigns(session: AsyncSession) -> list[Campaign]:
    """All campaigns, in the order in which they call."""
    return list(await session.scalars(select(Campaign).order_by(Campaign.priority.desc(), Campaign.name)))


async def callable_now(session: AsyncSession, now: datetime) -> list[Campaign]:
    """The campaigns that may call now, in the order in which they do."""
    query = (
        select(Campaign)
        .where(
            Campaign.paused.is_(False),
            or_(Campaign.starts.is_(None), Campaign.starts <= now),
            or_(Campaign.ends.is_(None), Campaign.ends > now),
        )
        .order_by(Campaign.priority.desc(), Campaign.name)
    )
    return list(await session.scalars(query))
