"""How campaigns stand with law and budget as wholes: looked at now and then, before anybody is claimed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.candidates import candidate_of
from dialer.facts import gather, no_consents
from dialer.gate import Begins, Gate, Reason, Verdict, WindowKind
from dialer.models import Campaign
from dialer.results import abandon_counts, law_of
from dialer.rhythm import PACED, Rhythm
from store import Database
from values import Clock

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0
COUNT_SECONDS = 60.0
"""How often pacers are told what the law counts: its window moves on."""


@dataclass(slots=True)
class Standing:
    """Which campaigns may call nobody now, and which only people for whom an agent is kept free."""

    barred: frozenset[str] = frozenset()
    certain: frozenset[str] = frozenset()
    """Too many of theirs were abandoned: no more of them are called than agents are free."""
    _refused: dict[str, Reason] = field(default_factory=dict)

    @property
    def refused(self) -> Mapping[str, Reason]:
        """Why the gate lets each of them call nobody, or only such people."""
        return self._refused

    def note(self, verdicts: Mapping[str, Verdict]) -> None:
        """Take over what the gate says of each; a change is told in the log."""
        no = {name: verdict for name, verdict in verdicts.items() if not verdict.allowed}
        self.certain = frozenset(name for name, verdict in no.items() if verdict.reason is Reason.ABANDONMENT)
        self.barred = frozenset(no) - self.certain
        for name, verdict in no.items():
            if self._refused.get(name) is not verdict.reason:
                log.warning(
                    "dialer.campaign_held", campaign=name, reason=verdict.reason.value, why=verdict.words
                )
        for name in set(self._refused) - set(no):
            log.info("dialer.campaign_goes_on", campaign=name)
        self._refused = {name: verdict.reason for name, verdict in no.items()}


class Overseer:
    """Asks the gate how campaigns stand, and tells their pacers what the law has counted."""

    def __init__(self, db: Database, gate: Gate, rhythm: Rhythm, clock: Clock) -> None:
        self._db = db
        self._gate = gate
        self._rhythm = rhythm
        self._clock = clock
        self._looked = self._counted = float("-inf")
        self._seen: frozenset[str] = frozenset()
        self._begun: dict[str, datetime | None] = {}
        """When the day began that campaigns' pacers count."""
        self.standing = Standing()

    async def look(self, campaigns: Sequence[Campaign]) -> Standing:
        """How these stand; as of the last look when that was a moment ago."""
        now = self._clock.monotonic()
        names = frozenset(each.name for each in campaigns)
        new = not names <= self._seen or any(name in self._rhythm.uncounted for name in names)
        if new or now - self._looked >= LOOK_SECONDS:
            self._looked, self._seen = now, names
            again = now - self._counted >= COUNT_SECONDS
            self._counted = now if again else self._counted
            async with self._db.read() as session:
                await self._look(session, campaigns, again=again)
        return self.standing

    async def _look(self, session: AsyncSession, campaigns: Sequence[Campaign], *, again: bool) -> None:
        candidates = {each.name: candidate_of(each) for each in campaigns}
        now = self._clock.now()
        facts = await gather(session, list(candidates.values()), no_consents, now, self._gate)
        self.standing.note(
            {name: self._gate.standing(candidate, facts, now) for name, candidate in candidates.items()}
        )
        for each in campaigns:
            if each.mode in PACED and (again or each.name in self._rhythm.uncounted):
                await self._tell(session, each, now)

    async def _tell(self, session: AsyncSession, campaign: Campaign, now: datetime) -> None:
        """Tell a pacer what was abandoned in the law's window, or in the house's where no law counts.

        Once, and again when a new window begins; its own count knows of calls that are up, the law's does not
        yet.
        """
        name, profile = campaign.name, self._gate.profile(campaign.profile)
        law = law_of(profile, campaign, zone=self._gate.house.zone)
        counts = await abandon_counts(session, name, law, now)
        begins = law.begin(now)
        rolls = law.rule.window is WindowKind.HOURS or (
            law.rule.window is WindowKind.CAMPAIGN and (campaign.starts is None or campaign.starts > now)
        )
        begun = None if rolls else begins
        if name in self._rhythm.uncounted or self._begun.get(name) != begun:
            self._begun[name] = begun
            self._rhythm.counted(name, counts, window=(now - begins).total_seconds() if rolls else None)
        self._rhythm.mistaken(name, counts.false_positives)
        self._rhythm.bears(name, law.rule.seconds, from_answer=law.rule.begins is Begins.ANSWER)
