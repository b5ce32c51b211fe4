"""For how long somebody is left alone: after an abandoned call, after a machine, after a no."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from dialer.gate.caps import day_over
from dialer.gate.limits import After, Agent, Gap, Peace
from dialer.gate.verdict import Candidate, PastCall, Reason, Verdict, refused

AGENT_AGAIN = timedelta(hours=24)
"""When to ask again about somebody who may be called only when an agent is certain to be there."""


def gap_problem(
    gap: Gap, candidate: Candidate, history: Sequence[PastCall], zones: Collection[str], now: datetime
) -> Verdict | None:
    """Why a call must wait after an abandoned one or a machine; None when it need not.

    A talk that came later makes an abandoned call good.
    """
    if candidate.purpose not in gap.purposes:
        return None
    if gap.agent is Agent.LIFTS and candidate.guaranteed_agent:
        return None
    last = _last(gap, history)
    if last is None:
        return None
    over = day_over(last, zones) if gap.hours is None else last + timedelta(hours=gap.hours)
    what = "a call to this number was abandoned" if gap.after is After.ABANDONED else "a machine answered"
    if now < over:
        lifts = ", and no agent is certain to be there" if gap.agent is Agent.LIFTS else ""
        return refused(Reason.GAP, f"{what} a short time ago{lifts}", over)
    if gap.agent is Agent.THEN and not candidate.guaranteed_agent:
        return refused(Reason.AGENT_NEEDED, f"{what}: an agent must be certain now", now + AGENT_AGAIN)
    return None


def _last(gap: Gap, history: Sequence[PastCall]) -> datetime | None:
    """When the last such call was; None when a talk came after it, or there was none."""
    kind = [call.at for call in history if _is(gap.after, call)]
    if not kind:
        return None
    last = max(kind)
    talked = any(call.conversation and call.at > last for call in history)
    return None if talked and gap.after is After.ABANDONED else last


def _is(after: After, call: PastCall) -> bool:
    return call.abandoned if after is After.ABANDONED else call.machine


def peace_problem(
    peace: Peace, candidate: Candidate, history: Sequence[PastCall], now: datetime
) -> Verdict | None:
    """Why somebody who said no is not asked again yet; None when they may be."""
    if candidate.purpose not in peace.purposes:
        return None
    said = [call.at for call in history if call.declined and call.purpose in peace.purposes]
    over = max(said) + timedelta(days=peace.days) if said else None
    if over is None or over <= now:
        return None
    return refused(Reason.AFTER_REFUSAL, f"they said no within {peace.days} days", over)
