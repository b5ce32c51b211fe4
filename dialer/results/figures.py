"""A campaign's figures, live. What each means is said in its docstring and in `docs/reference/results.md`.

Definitions: `rules.md` §6 of this project (COPC, PureConnect and Genesys usage), the law's from the
jurisdiction. Whatever has nothing to be divided by is None, shown as n/a: never 0 and never 100 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Jurisdiction
from dialer.gate.days import midnight_before
from dialer.models import Campaign
from dialer.results.abandonment import Abandonment, abandonment
from dialer.results.ended import Counted
from dialer.results.headcount import Headcount, headcount, hours_left, pace
from dialer.results.law import Law, law_of
from dialer.results.spans import counted_since
from dialer.results.worktime import WorkTime, agents_with, work_time
from values import HOUSE_ZONE

EVER = timedelta(days=3653)
"""Agents' events are kept for less."""
_NONE: Counted = (0, 0.0)


class Period(StrEnum):
    """Over which time."""

    TODAY = "today"
    """Since midnight in the house's zone."""
    WINDOW = "window"
    """The law's window of abandonment."""
    ALL = "all"
    """Since its first attempt."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One campaign over one period. Attempts belong to the hour in which they were committed."""

    campaign: str
    period: Period
    begins: datetime | None
    """None: from its first attempt on."""
    until: datetime
    counts: Mapping[str, Counted]
    """How many and how many seconds, by the words of `dialer.results.ended.counts_of`."""
    abandonment: Abandonment
    """Always over the law's window, whatever the period."""
    work: WorkTime
    people: Headcount
    """As of now, whatever the period."""
    pace: float | None
    """Attempts an hour now."""

    def number(self, what: str) -> int:
        """How many of something."""
        return self.counts.get(what, _NONE)[0]

    def mean(self, what: str) -> float | None:
        """Mean seconds of something; None when it never happened."""
        number, seconds = self.counts.get(what, _NONE)
        return seconds / number if number else None

    def share(self, part: str, of: str = "attempts") -> float | None:
        """Part of a whole; None of nothing."""
        whole = self.number(of)
        return self.number(part) / whole if whole else None

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Attempts by outcome, the most frequent first."""
        found = {
            what.removeprefix("outcome:"): number
            for what, (number, _) in self.counts.items()
            if what.startswith("outcome:") and number
        }
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    @property
    def connect_rate(self) -> float | None:
        """Persons reached / attempts."""
        return self.share("person")

    @property
    def right_party_rate(self) -> float | None:
        """Right parties / attempts."""
        return self.share("right_party")

    @property
    def right_party_of_connects(self) -> float | None:
        """Right parties / persons reached."""
        return self.share("right_party", "person")

    @property
    def goal_rate(self) -> float | None:
        """Goals reached / attempts."""
        return self.share("goal")

    @property
    def hit_rate(self) -> float | None:
        """Goals reached / persons reached."""
        return self.share("goal", "person")

    @property
    def machine_rate(self) -> float | None:
        """Machines / answered calls."""
        return self.share("machine", "answered")

    @property
    def utilisation(self) -> float | None:
        """Talk and wrap-up / time signed in and not paused, of all agents who may talk for the campaign.

        For whomever they talk: agents who serve two campaigns are as well used in both. It is what §6 calls
        occupancy; breaks are out.
        """
        return self.work.busy / self.work.staffed if self.work.staffed > 0 else None

    @property
    def utilisation_of_signed_in(self) -> float | None:
        """Talk and wrap-up / time signed in, pauses included."""
        return self.work.busy / self.work.signed_in if self.work.signed_in > 0 else None

    @property
    def agent_hours(self) -> float | None:
        """Of its agents' time, signed in and not paused, the share that it has of their talk and wrap-up."""
        share = self.work.campaign_share
        return None if share is None else self.work.staffed * share / 3600

    @property
    def talk_minutes_per_agent_hour(self) -> float | None:
        """Minutes of talk with the campaign's customers for each hour of its agents."""
        hours = self.agent_hours
        return self.work.talk / 60 / hours if hours else None

    @property
    def handling_seconds(self) -> float | None:
        """AHT: talk and wrap-up / talks."""
        return (self.work.talk + self.work.wrap_up) / talks if (talks := self.number("talk")) else None

    @property
    def join_milliseconds(self) -> float | None:
        """Mean from the answer to the agent, of those who got one."""
        mean = self.mean("joined")
        return None if mean is None else mean * 1000

    @property
    def hours_left(self) -> float | None:
        """Hours of calling until the list ends, at the present pace and with as many retries as until now."""
        return hours_left(self.people, self.pace)


def begin_of(period: Period, law: Law, now: datetime) -> datetime | None:
    """When a period began; None for all that there is."""
    if period is Period.WINDOW:
        return law.begin(now)
    return midnight_before(now, law.zone) if period is Period.TODAY else None


async def figures(
    session: AsyncSession,
    campaign: Campaign,
    profile: Jurisdiction,
    now: datetime,
    *,
    period: Period = Period.TODAY,
    people: Headcount | None = None,
    zone: str = HOUSE_ZONE,
) -> Figures:
    """A campaign's figures as of now; days begin in `zone` (`law_of`).

    `people` saves counting its contacts again, which takes longest.
    """
    law = law_of(profile, campaign, zone=zone)
    begins = begin_of(period, law, now)
    pool = await agents_with(session, campaign.skill)
    return Figures(
        campaign=campaign.name,
        period=period,
        begins=begins,
        until=now,
        counts=await counted_since(session, campaign.name, law.reading, begins),
        abandonment=await abandonment(session, campaign, profile, now, zone=zone),
        work=await work_time(session, campaign.name, pool, begins or now - EVER, now),
        people=people or await headcount(session, campaign.name),
        pace=await pace(session, campaign.name, now),
    )
