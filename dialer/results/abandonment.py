"""Abandonment as the law counts it, over the law's own window: cheap enough to be asked each second."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import AbandonCounts, Jurisdiction
from dialer.machines import Evidence, false_positive_estimate
from dialer.models import Attempt, Campaign
from dialer.results.ended import Counted, Ended
from dialer.results.law import Law, law_of
from dialer.results.spans import counted_since
from values import HOUSE_ZONE

WORDS = (
    "abandoned",
    "connected",
    "machine_joined",
    "amd_looked",
    "amd_machine",
    "amd_proved",
    "amd_false",
)


@dataclass(frozen=True, slots=True)
class Abandonment:
    """Where a campaign stands."""

    abandoned: int
    """Persons who answered and had no agent in time."""
    connected: int
    """Persons passed to an agent in time."""
    amd_false: float
    """Persons hung up on as machines, estimated (`dialer.machines`)."""
    rate: float | None
    """By the law's formula; None when nobody answered yet."""
    limit: float
    """The law's, or the campaign's own where that is lower."""
    window_begin: datetime
    left: float
    """How many more may be abandoned now without breaking the limit; below zero when it is broken."""
    formula: str
    """The law's: `live`, `completed` or `uk` (`dialer.gate.limits.Formula`)."""

    @property
    def live(self) -> int:
        """Answered by a person: abandoned and connected together, as a pacer's budget wants them."""
        return self.abandoned + self.connected


async def abandonment(
    session: AsyncSession, campaign: Campaign, profile: Jurisdiction, now: datetime, *, zone: str = HOUSE_ZONE
) -> Abandonment:
    """A campaign's abandonment as of now; its day begins at midnight in `zone` (`law_of`).

    Reads the hours of the window that are tallied, and attempts only where the window does not begin with an
    hour. After a restart its `abandoned` and `connected` are what the pacer goes on from.
    """
    law = law_of(profile, campaign, zone=zone)
    counts = await abandon_counts(session, campaign.name, law, now)
    return judged(law, counts, law.begin(now))


async def abandon_counts(session: AsyncSession, campaign: str, law: Law, now: datetime) -> AbandonCounts:
    """A campaign's counts in the law's window, as the gate wants them (`dialer.gate.Facts.abandoned`).

    Talks that are on count as connected: they are, and an abandoned call counts at once, too. Of `law` it
    needs the rule, the zone, when the campaign `started`, and whether it has `agents` and `detection`.
    """
    begin = law.begin(now)
    counts = counts_of_words(await counted_since(session, campaign, law.reading, begin, what=WORDS), law)
    return replace(counts, connected=counts.connected + await _talking(session, campaign, law, begin))


async def _talking(session: AsyncSession, campaign: str, law: Law, begin: datetime) -> int:
    """How many have been passed to an agent in time and talk still."""
    query = select(Attempt.committed, Attempt.answered, Attempt.detected, Attempt.joined).where(
        text("state <> 'done'"),  # word for word as in the index of open attempts
        Attempt.campaign == campaign,
        Attempt.committed >= begin,
        Attempt.joined.is_not(None),
    )
    rows = (await session.execute(query)).mappings()
    return sum(Ended(campaign=campaign, reading=law.reading, **row).connected for row in rows)


def counts_of_words(counts: Mapping[str, Counted], law: Law) -> AbandonCounts:
    """Tallied words as the gate's counts. Pure."""
    number = {word: counts.get(word, (0, 0.0))[0] for word in WORDS}
    known = Evidence(number["amd_machine"], people=number["amd_false"], machines=number["amd_proved"])
    return AbandonCounts(
        abandoned=number["abandoned"],
        connected=number["connected"],
        false_positives=false_positive_estimate(known).count,
        machines=number["machine_joined"],
        detection=law.detection or number["amd_looked"] > 0,
    )


def judged(law: Law, counts: AbandonCounts, begin: datetime) -> Abandonment:
    """What counts come to under a law. Pure."""
    return Abandonment(
        abandoned=int(counts.abandoned),
        connected=int(counts.connected),
        amd_false=counts.false_positives,
        rate=law.rate(counts),
        limit=law.limit,
        window_begin=begin,
        left=law.left(counts),
        formula=law.rule.formula.value,
    )
