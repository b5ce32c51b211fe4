"""Which recordings are wanted, and how one is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from agents import AgentState
from agents.models import AgentEvent
from calls.listening import Found, Gap, RecordingFilter
from calls.models import Recording
from values import mask_number
from web.queries import check_names, time_of

NAMES: Final = frozenset({"call", "number", "customer", "agent", "since", "until", "limit", "cursor"})


def wanted_of(query: Mapping[str, str]) -> RecordingFilter:
    """What a query asks for. Raises `BadInputError` naming the field."""
    check_names(query, NAMES)
    agent = query.get("agent", "").strip()
    talked = select(AgentEvent.call_id).where(
        AgentEvent.agent == agent, AgentEvent.state == AgentState.TALKING.value
    )
    return RecordingFilter(
        call_id=query.get("call", "").strip(),
        number=query.get("number", "").strip(),
        customer_id=query.get("customer", "").strip(),
        since=time_of("since", query.get("since") or None),
        until=time_of("until", query.get("until") or None),
        calls=Recording.call_id.in_(talked) if agent else None,
    )


async def agents_of(session: AsyncSession, found: Sequence[Found]) -> dict[str, list[str]]:
    """Who talked in which call, in order."""
    ids = [each.recording.call_id for each in found]
    if not ids:
        return {}
    began = min(each.recording.at for each in found) - timedelta(hours=1)
    rows = await session.execute(
        select(AgentEvent.call_id, AgentEvent.agent)
        .where(
            AgentEvent.at >= began,
            AgentEvent.call_id.in_(ids),
            AgentEvent.state == AgentState.TALKING.value,
        )
        .order_by(AgentEvent.seq)
    )
    who: dict[str, list[str]] = {}
    for call_id, agent in rows:
        if agent not in who.setdefault(call_id, []):
            who[call_id].append(agent)
    return who


def shown(found: Found, agents: Sequence[str], *, masked: bool = False) -> dict[str, Any]:
    """One recording for a program; `masked` for a page, whose numbers are whole on the call's own page."""
    recording, call = found.recording, found.call
    number = (call.caller if call.direction == "inbound" else call.dialled) if call else ""
    return {
        "call": recording.call_id,
        "at": recording.at,
        "seconds": recording.seconds,
        "direction": call.direction if call else None,
        "number": mask_number(number) if masked else number,
        "customer": (call.customer_id if call else "") or None,
        "agents": list(agents),
        "purpose": recording.purpose,
        "expires": recording.expires,
        "legal_hold": recording.legal_hold,
        "audio": f"/api/v1/recordings/{recording.call_id}/audio?file={Path(recording.path).stem}",
    }


def gap_shown(gap: Gap) -> dict[str, Any]:
    """A gap."""
    return {"from": gap.began, "to": gap.ended, "by": gap.by}


def days_left(recording: Recording, now: datetime) -> int:
    """For how many days it is still kept."""
    return max(0, (recording.expires - now).days)
