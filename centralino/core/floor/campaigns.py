"""Each campaign's line of the floor: its settings, what it has in the air, how it stands with the law."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from agents import AgentState, Seat
from centralino.core.floor.rolling import Pace, Share
from dialer.gate import Reason
from dialer.models import Campaign, Mode
from dialer.pulse import Pulse
from dialer.results import Abandonment

BUSY: Final = frozenset({AgentState.TALKING, AgentState.WRAP_UP})
STAFFED: Final = BUSY | {AgentState.READY, AgentState.RESERVED}
PACED: Final = frozenset({Mode.PROGRESSIVE, Mode.RATIO, Mode.PREDICTIVE})


class CampaignLines:
    """Makes the lines, once a second, and remembers what a rate needs."""

    def __init__(self) -> None:
        self._used: dict[str, Share] = {}
        self._paces: dict[str, Pace] = {}

    def lines(
        self,
        campaigns: Sequence[Campaign],
        pulses: Mapping[str, Pulse],
        seats: Sequence[Seat],
        law: Mapping[str, Abandonment],
        left: Mapping[str, int],
        *,
        now: datetime,
        seconds: float,
    ) -> dict[str, dict[str, Any]]:
        """By campaign; shares are from 0 to 1, None where there is nothing to divide by."""
        self._sample(campaigns, seats)
        at_work = _by_campaign(seats)
        shown = {}
        for each in campaigns:
            pulse = pulses.get(each.name, Pulse(each.name))
            pace = self._paces.setdefault(each.name, Pace())
            pace.add(seconds, pulse.placed)
            shown[each.name] = {
                "title": each.title,
                "mode": each.mode.value,
                "skill": each.skill,
                "priority": each.priority,
                **standing(each, pulse, now),
                "target": target_of(each),
                "lines_most": each.lines,
                "lines": pulse.lines,
                "ringing": pulse.ringing,
                "analysing": pulse.analysing,
                "waiting": pulse.waiting,
                **at_work.get(each.name, {"talking": 0, "wrap_up": 0}),
                "pace": round(pace.value, 1),
                "utilisation": _round(self._utilisation(each)),
                "left": left.get(each.name),
                **_law(law.get(each.name)),
                **_believed(pulse),
            }
        return shown

    def _sample(self, campaigns: Sequence[Campaign], seats: Sequence[Seat]) -> None:
        """Once for each skill: campaigns with the same one have the same agents."""
        skills = {each.skill for each in campaigns if each.mode is not Mode.AGENTLESS}
        self._used = {skill: self._used.get(skill, Share()) for skill in skills}
        for skill, share in self._used.items():
            pool = [seat.state for seat in seats if not skill or skill in seat.skills]
            share.add(sum(state in BUSY for state in pool), sum(state in STAFFED for state in pool))

    def _utilisation(self, campaign: Campaign) -> float | None:
        share = self._used.get(campaign.skill) if campaign.mode is not Mode.AGENTLESS else None
        return share.value if share else None


def standing(campaign: Campaign, pulse: Pulse, now: datetime) -> dict[str, Any]:
    """In a word how it stands, and why it does not call."""
    if campaign.ends is not None and campaign.ends <= now:
        return {"state": "over", "why": ""}
    if campaign.paused:
        return {"state": "paused", "why": ""}
    if campaign.starts is not None and campaign.starts > now:
        return {"state": "to_come", "why": campaign.starts.isoformat()}
    if pulse.refused is Reason.ABANDONMENT:
        return {"state": "careful", "why": pulse.refused.value}
    if pulse.refused is not None:
        return {"state": "held", "why": pulse.refused.value}
    return {"state": "calling" if pulse.open else "closed", "why": ""}


def target_of(campaign: Campaign) -> float | None:
    """What its pacing aims at: lines for each free agent, or the share of abandoned calls it may have."""
    if campaign.mode is Mode.RATIO:
        return campaign.ratio
    return campaign.max_abandon if campaign.mode in PACED else None


def _by_campaign(seats: Sequence[Seat]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for seat in seats:
        if seat.campaign and seat.state in BUSY:
            counts = found.setdefault(seat.campaign, {"talking": 0, "wrap_up": 0})
            counts[seat.state.value] += 1
    return found


def _law(found: Abandonment | None) -> dict[str, Any]:
    if found is None:
        return {"abandonment": None, "limit": None, "abandoned": 0, "budget": None}
    return {
        "abandonment": _round(found.rate, 4),
        "limit": _round(found.limit, 4),
        "abandoned": found.abandoned,
        "budget": round(found.left, 1),
    }


def _believed(pulse: Pulse) -> dict[str, Any]:
    if pulse.believes is None:
        return {"answers": None, "handling": None, "lines_per_agent": None, "risk": None}
    return {
        "answers": _round(pulse.believes.answer_probability, 2),
        "handling": round(pulse.believes.handling_mean),
        "lines_per_agent": _round(pulse.believes.lines_per_agent, 2),
        "risk": _round(pulse.believes.risk, 3),
    }


def _round(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)
