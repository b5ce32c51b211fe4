"""What a running campaign knows of itself: what the forecast of a changed setting begins with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import fmean, pstdev
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Jurisdiction
from dialer.models import Attempt, AttemptState, Campaign
from dialer.results.abandonment import abandonment
from dialer.results.ended import Ended, ended_of
from dialer.results.headcount import Headcount
from dialer.results.law import law_of
from dialer.results.worktime import TALKING, WRAP_UP, handled
from dialer.simulator.forecast import Estimates

LAST: Final = 500
"""How many ended attempts are looked at: enough to know, few enough to be present."""
ENOUGH: Final = 30
LOOK_BACK: Final = timedelta(days=2)
_ENOUGH_TALKS: Final = 5
RING_MEAN: Final = 11.0
"""Seconds to an answer while nobody has answered."""


async def estimates(
    session: AsyncSession,
    campaign: Campaign,
    profile: Jurisdiction,
    now: datetime,
    *,
    people: Headcount | None = None,
    last: int = LAST,
) -> Estimates | None:
    """A campaign's present estimates, from its last ended attempts and talks.

    None while fewer than `ENOUGH` attempts have ended in two days, or hardly anybody was talked to.
    """
    law = law_of(profile, campaign)
    query = (
        select(Attempt)
        .where(
            Attempt.campaign == campaign.name,
            Attempt.committed > now - LOOK_BACK,
            Attempt.state == AttemptState.DONE,
        )
        .order_by(Attempt.committed.desc())
        .limit(last)
    )
    ended = [ended_of(each, law.reading) for each in await session.scalars(query)]
    times = await handled(session, campaign.name, now - LOOK_BACK, last)
    talks = times[TALKING] or [_talk(each) for each in ended if each.joined]
    if len(ended) < ENOUGH or len(talks) < _ENOUGH_TALKS:
        return None
    wrap = fmean(times[WRAP_UP]) if times[WRAP_UP] else campaign.wrap_seconds
    handling = fmean(talks) + wrap
    by_law = await abandonment(session, campaign, profile, now)
    answered = [_rang(each) for each in ended if each.answered]
    unanswered = [_rang(each) for each in ended if not each.answered and each.over]
    return Estimates(
        answered=sum(each.person for each in ended) / len(ended),
        machine=sum(each.machine and each.joined is not None for each in ended) / len(ended),
        handling_mean=_within(1.0, handling, 86_400.0),
        handling_cv=_within(0.05, _spread(talks, times[WRAP_UP]) / max(handling, 1.0), 5.0),
        ring_mean=_within(0.5, fmean(answered), 120.0) if answered else RING_MEAN,
        ring_seconds=_within(5.0, campaign.ring_seconds, 120.0),
        unanswered_mean=_within(0.0, fmean(unanswered), 120.0) if unanswered else campaign.ring_seconds,
        live=by_law.live,
        abandoned=by_law.abandoned,
        attempts_per_contact=_within(0.0, _attempts_each(people), 100.0),
    )


def _within(low: float, value: float, high: float) -> float:
    """A value as the forecast takes it: it refuses what no campaign should be like."""
    return min(max(low, value), high)


def _attempts_each(people: Headcount | None) -> float:
    return people.attempts / people.done if people and people.done and people.attempts > people.done else 1.0


def _spread(talks: Sequence[float], wraps: Sequence[float]) -> float:
    """Talk and wrap-up are told apart; their variances add."""
    return float((pstdev(talks) ** 2 + (pstdev(wraps) ** 2 if wraps else 0.0)) ** 0.5)


def _rang(each: Ended) -> float:
    until = each.answered or each.over
    return max(0.0, (until - (each.placed or each.committed)).total_seconds()) if until else 0.0


def _talk(each: Ended) -> float:
    end = each.released or each.over
    return max(0.0, (end - each.joined).total_seconds()) if end and each.joined else 0.0
