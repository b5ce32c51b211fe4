"""What the floor's snapshot takes from the database: settings, the law's counts, contacts left.

Looked at in turn, so that no second has much to read: settings every two seconds, a campaign's abandonment
every five, its contacts rarely, the more rarely the longer counting them takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from dialer.alarms import Threshold, alarm_rules, alarm_told, open_alarms, threshold_of
from dialer.campaigns import campaigns
from dialer.gate import Gate
from dialer.models import Campaign
from dialer.results import Abandonment, abandonment, headcount
from store import Database, StoreUnavailableError
from values import BadInputError, Clock

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
SETTINGS_SECONDS: Final = 2.0
LAW_SECONDS: Final = 5.0
LEFT_SECONDS: Final = 30.0
DEAR: Final = 200.0
"""Counting contacts may take one part in so many of the time."""


@dataclass(slots=True)
class Facts:
    """As last read."""

    campaigns: Sequence[Campaign] = ()
    law: dict[str, Abandonment] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    rules: Sequence[Threshold] = ()
    alarms: Sequence[Mapping[str, object]] = ()
    away: bool = False
    """Whether the database did not answer the last time."""


class FactReader:
    """Keeps `facts` fresh; a database that is away leaves them as they were."""

    def __init__(self, db: Database, gate: Gate, clock: Clock) -> None:
        self._db = db
        self._gate = gate
        self._clock = clock
        self._due: dict[tuple[str, str], float] = {}
        self.facts = Facts()

    async def run(self) -> None:
        """Read until cancelled."""
        complaint = ""
        while True:
            try:
                await self.look()
                self.facts.away = False
            except StoreUnavailableError:
                self.facts.away = True
            except Exception as problem:
                if complaint != repr(problem):  # once, not each second
                    log.exception("floor.facts_failed")
                complaint = repr(problem)
            await self._clock.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Read what is due. Raises `StoreUnavailableError`."""
        if self._is_due("settings", "", SETTINGS_SECONDS):
            await self._settings()
        for each in self.facts.campaigns:
            if self._is_due("law", each.name, LAW_SECONDS):
                await self._law(each)
            if self._is_due("left", each.name, LEFT_SECONDS):
                await self._left(each.name)

    async def alarms(self) -> None:
        """Read the alarms anew: some began or ended."""
        async with self._db.read() as session:
            self.facts.alarms = [alarm_told(each) for each in await open_alarms(session)]

    async def _settings(self) -> None:
        facts = self.facts
        async with self._db.read() as session:
            facts.campaigns = await campaigns(session)
            facts.rules = [threshold_of(each) for each in await alarm_rules(session)]
            facts.alarms = [alarm_told(each) for each in await open_alarms(session)]
        names = {each.name for each in facts.campaigns}
        facts.law = {name: value for name, value in facts.law.items() if name in names}
        facts.left = {name: value for name, value in facts.left.items() if name in names}
        self._due = {key: due for key, due in self._due.items() if key[1] in names or not key[1]}

    async def _law(self, campaign: Campaign) -> None:
        try:
            profile = self._gate.profile(campaign.profile)
        except BadInputError:  # its jurisdiction is gone: the dial loop says so
            return
        async with self._db.read() as session:
            now, zone = self._clock.now(), self._gate.house.zone
            self.facts.law[campaign.name] = await abandonment(session, campaign, profile, now, zone=zone)

    async def _left(self, name: str) -> None:
        began = self._clock.monotonic()
        async with self._db.read() as session:
            self.facts.left[name] = (await headcount(session, name)).left
        took = self._clock.monotonic() - began
        self._due["left", name] = self._clock.monotonic() + max(LEFT_SECONDS, DEAR * took)

    def _is_due(self, what: str, name: str, seconds: float) -> bool:
        now = self._clock.monotonic()
        if self._due.get((what, name), now) > now:
            return False
        self._due[what, name] = now + seconds
        return True
