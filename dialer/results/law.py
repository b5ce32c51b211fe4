"""The law on abandoned calls as a campaign's figures need it. Pure; the formulas are the gate's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from dialer.dispositions import DEFAULT, Disposition, read_dispositions
from dialer.gate import (
    AbandonCounts,
    Abandonment,
    Begins,
    Formula,
    Jurisdiction,
    WindowKind,
    abandoned_share,
    load_profiles,
    window_start,
)
from dialer.gate.profiles import HOUSE_LIMIT
from dialer.models import Campaign, Machines, Mode
from dialer.results.ended import Reading
from values import HOUSE_ZONE, BadInputError

HOUSE = Abandonment(
    limit=HOUSE_LIMIT, formula=Formula.LIVE, window=WindowKind.DAY, seconds=2.0, begins=Begins.ANSWER
)
"""What the house keeps to where no law says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What holds for one campaign."""

    rule: Abandonment = HOUSE
    limit: float = HOUSE_LIMIT
    """The law's, or the campaign's own where that is lower."""
    zone: str = HOUSE_ZONE
    """Where its midnight is."""
    started: datetime | None = None
    """When the campaign began."""
    agents: bool = True
    """Whether the campaign's answered calls are for agents."""
    detection: bool = False
    """Whether it looks for machines."""
    right_parties: frozenset[str] = frozenset()
    """Words for the right person's having been spoken to."""
    machines: frozenset[str] = frozenset()
    """Agents' words for a machine."""

    def begin(self, now: datetime) -> datetime:
        """When the present window began."""
        return window_start(self.rule, now, self.zone, self.started)

    @property
    def reading(self) -> Reading:
        """How attempts are read under it."""
        return Reading(
            agents=self.agents,
            answer_within=self.rule.seconds,
            from_detection=self.rule.begins is Begins.GREETING_END,
            ring_under=self.rule.ring_under,
            right_parties=self.right_parties,
            machines=self.machines,
        )

    def rate(self, counts: AbandonCounts) -> float | None:
        """The share of calls abandoned; None when there is nothing to divide by."""
        return abandoned_share(self.rule.formula, counts)

    def left(self, counts: AbandonCounts) -> float:
        """How many more may be abandoned now without breaking the limit; below zero when it is broken.

        Below the rule's `least` calls as many may be as of that number.
        """
        part, scale = counts.abandoned, 1.0
        if self.rule.formula is Formula.COMPLETED:
            whole = counts.connected if counts.completed is None else counts.completed
            return self.limit * max(whole, self.rule.least) - part
        if self.rule.formula is Formula.UK and counts.detection:
            part += counts.false_positives
        elif self.rule.formula is Formula.UK and (handled := counts.connected + counts.machines):
            scale = counts.connected / handled
            part *= scale
        grown = (self.limit * counts.connected / (1 - self.limit) if self.limit < 1 else float("inf")) - part
        return max(self.limit * self.rule.least - part, grown) / (scale or 1.0)


def law_of(profile: Jurisdiction, campaign: Campaign, *, zone: str = HOUSE_ZONE) -> Law:
    """What a jurisdiction and a campaign's own settings come to together.

    `zone` is where its day begins: the house's own (`dialer.gate.Gate.house`).
    """
    limit = profile.abandon_limit
    words = _words(campaign)
    return Law(
        rule=profile.abandonment or HOUSE,
        limit=limit if campaign.max_abandon is None else min(limit, campaign.max_abandon),
        zone=zone,
        started=campaign.starts,
        agents=campaign.mode is not Mode.AGENTLESS,
        detection=campaign.machines is not Machines.IGNORE,
        right_parties=frozenset(each.name for each in words if each.right_party),
        machines=frozenset(each.name for each in words if each.machine),
    )


def usual_reading(campaign: Campaign) -> Reading:
    """How a campaign's attempts are read under the shipped jurisdiction that it names."""
    profile = _shipped().get(campaign.profile)
    return law_of(profile, campaign).reading if profile else Law().reading


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Jurisdiction]:
    return load_profiles()


def _words(campaign: Campaign) -> Sequence[Disposition]:
    """A campaign's dispositions; figures do not fail for what cannot be read, the house's then do."""
    try:
        return read_dispositions(campaign.dispositions)
    except BadInputError:
        return DEFAULT
