"""One candidate with all that the rules look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialer.gate.hours import Hours
from dialer.gate.limits import Per
from dialer.gate.profiles import Jurisdiction
from dialer.gate.tariff import Tariff
from dialer.gate.verdict import Candidate, Facts, PastCall
from dialer.gate.zones import limiting, zones_key, zones_of_key
from values import HOUSE_ZONE


@dataclass(frozen=True, slots=True)
class House:
    """What holds for all campaigns of an installation."""

    country: str
    """Where calls may go under profiles that name no country."""
    zone: str = HOUSE_ZONE
    """Whose midnights end the day of a budget."""
    tariff: Tariff | None = None
    """None: nothing has a price, and no budget is ever used up but an overdrawn one."""
    day_limit: int | None = None
    """What all calls may cost in a day, in minor units; None: no limit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One candidate with all that the rules look at."""

    candidate: Candidate
    profile: Jurisdiction
    house: House
    facts: Facts
    now: datetime
    zones: Sequence[str]
    hours: Sequence[Hours]
    history: Sequence[PastCall]
    """Of the number."""
    theirs: Sequence[PastCall]
    """Of the customer, and of the number."""

    @staticmethod
    def of(candidate: Candidate, profile: Jurisdiction, house: House, facts: Facts, now: datetime) -> "Asked":
        """Put together; raises `BadInputError` for a campaign's hours nobody can read."""
        history = facts.history.get(candidate.number, ())
        customers = facts.by_customer.get(candidate.customer_id, ()) if candidate.customer_id else ()
        known = {call.attempt for call in history if call.attempt}
        return Asked(
            candidate,
            profile,
            house,
            facts,
            now,
            zones_of_key(zones_key(candidate.number, candidate.zone, profile.zones), profile),
            limiting(profile, candidate.purpose, candidate.hours),
            history,
            [*history, *(call for call in customers if call.attempt not in known)],
        )

    def calls(self, per: Per) -> Sequence[PastCall]:
        """The calls that count per number or per customer; none for a customer nobody knows."""
        if per is Per.NUMBER:
            return self.history
        return self.theirs if self.candidate.customer_id else ()

    @property
    def expected_cost(self) -> int:
        """What this call will cost, as far as one can say before it."""
        return expected_cost(self.house.tariff, self.candidate.number)


EXPECTED_SECONDS = 60.0
"""How long a call is taken to be up before anybody knows."""


def expected_cost(tariff: Tariff | None, number: str) -> int:
    """What a call of a minute costs, in minor units; 0 without a tariff, or without a number."""
    return tariff.cost_of(number, EXPECTED_SECONDS) if tariff and number else 0
