"""The gate, pure: candidates and facts in, verdicts out. The last thing asked before a call."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dialer.gate.asked import Asked, House, expected_cost
from dialer.gate.checks import WHEN, WHETHER, hours, hours_verdict
from dialer.gate.days import midnight_before
from dialer.gate.profiles import Jurisdiction, UnknownJurisdictionError
from dialer.gate.standing import OF_A_CAMPAIGN
from dialer.gate.tariff import Tariff
from dialer.gate.verdict import (
    Candidate,
    Check,
    Explanation,
    Facts,
    PastCall,
    Reason,
    Verdict,
    allowed,
    refused,
)
from values import HOUSE_ZONE


class Gate:
    """Compliance for batches of calls.

    `country` is the installation's own, for profiles that name none; `zone` its clock, by which budgets end
    their day. Without a `tariff` nothing has a price.
    """

    def __init__(
        self,
        profiles: Mapping[str, Jurisdiction],
        *,
        country: str,
        zone: str = HOUSE_ZONE,
        tariff: Tariff | None = None,
        day_limit: int | None = None,
    ) -> None:
        """`day_limit` is what all calls of a day may cost, in minor units."""
        self._profiles = profiles
        self.house = House(country, zone, tariff, day_limit)

    @property
    def profiles(self) -> Collection[str]:
        """The names of the jurisdictions that are known."""
        return self._profiles.keys()

    def profile(self, name: str) -> Jurisdiction:
        """A jurisdiction by name. Raises `UnknownJurisdictionError`."""
        try:
            return self._profiles[name]
        except KeyError:
            raise UnknownJurisdictionError(
                f"there is no jurisdiction {name!r}; there are: {', '.join(sorted(self._profiles))}",
                field="profile",
            ) from None

    def check(self, candidates: Sequence[Candidate], facts: Facts, now: datetime) -> list[Verdict]:
        """A verdict for each candidate, in order.

        Those allowed count at once against the later ones: to the same number, of the same customer, on the
        same budget. Raises `UnknownJurisdictionError`, and `BadInputError` for hours nobody can read.
        """
        so_far = _Growing(facts)
        verdicts = []
        for candidate in candidates:
            asked = self._asked(candidate, so_far.facts, now)
            verdict = _verdict(asked, _checks(asked))
            if verdict.allowed:
                so_far.add(candidate, now, expected_cost(self.house.tariff, candidate.number))
            verdicts.append(verdict)
        return verdicts

    def explain(self, candidate: Candidate, facts: Facts, now: datetime) -> Explanation:
        """The verdict on one candidate, with every rule that was asked; raises as `check` does."""
        asked = self._asked(candidate, facts, now)
        checks = list(_checks(asked))
        return Explanation(_verdict(asked, checks), [*checks, *hours(asked)])

    def standing(self, candidate: Candidate, facts: Facts, now: datetime) -> Verdict:
        """Whether a campaign may call anybody at all now: its settings, registers, budget, abandoned calls.

        Ask it before contacts are claimed, so that thousands need not be refused one by one. The candidate's
        number is not looked at. A campaign setting nobody has mended has no `retry_at`.
        """
        asked = self._asked(candidate, facts, now)
        refusals = [
            check.verdict for rule in OF_A_CAMPAIGN for check in rule(asked) if not check.verdict.allowed
        ]
        return _gravest(refusals) or allowed()

    def whether_and_when(self, candidate: Candidate, facts: Facts, now: datetime) -> Verdict:
        """Whether somebody may be turned to at all for a purpose, and at this hour: for what is no call.

        Asked are the destination, wishes, holds, consent and hours. Raises `UnknownJurisdictionError`.
        """
        asked = self._asked(candidate, facts, now)
        return _verdict(asked, (check for rule in WHETHER for check in rule(asked)))

    def price(self, number: str) -> int:
        """What a call to a number will cost, as far as one can say before it, in minor units."""
        return expected_cost(self.house.tariff, number)

    def cost(self, number: str, seconds: float) -> int:
        """What a call cost that was up for so many seconds, in minor units; 0 without a tariff."""
        return self.house.tariff.cost_of(number, seconds) if self.house.tariff else 0

    def budget_day(self, now: datetime) -> datetime:
        """When the present day of all budgets began."""
        return midnight_before(now, self.house.zone)

    def _asked(self, candidate: Candidate, facts: Facts, now: datetime) -> Asked:
        return Asked.of(candidate, self.profile(candidate.profile), self.house, facts, now)


def _checks(asked: Asked) -> Iterator[Check]:
    """All rules but the hours, those first that no waiting cures."""
    for rule in (*WHETHER, *OF_A_CAMPAIGN, *WHEN):
        yield from rule(asked)


def _verdict(asked: Asked, checks: Iterator[Check] | Sequence[Check]) -> Verdict:
    """The one answer to all rules: a final no if there is one, else the longest wait, in open hours."""
    waits: list[Verdict] = []
    for check in checks:
        if check.verdict.allowed:
            continue
        if check.verdict.retry_at is None:
            return check.verdict
        waits.append(check.verdict)
    longest = _gravest(waits)
    if longest is None or longest.retry_at is None:
        return _open(hours_verdict(asked, asked.now))
    then = hours_verdict(asked, longest.retry_at)
    if then.reason is Reason.NEVER_OPEN:
        return then
    return refused(longest.reason, longest.words, then.retry_at or longest.retry_at)


def _open(verdict: Verdict) -> Verdict:
    return allowed() if verdict.allowed else verdict


def _gravest(refusals: Sequence[Verdict]) -> Verdict | None:
    """The refusal that lasts longest; the first of equals."""
    final = next((each for each in refusals if each.retry_at is None), None)
    return final or max(
        refusals, key=lambda each: each.retry_at.timestamp() if each.retry_at else 0.0, default=None
    )


class _Growing:
    """Facts that grow with each call that was allowed."""

    def __init__(self, facts: Facts) -> None:
        self._history = {number: list(calls) for number, calls in facts.history.items()}
        self._customers = {customer: list(calls) for customer, calls in facts.by_customer.items()}
        self._spent = dict(facts.spent)
        self._house = facts.house_spent
        self.facts = replace(facts, history=self._history, by_customer=self._customers, spent=self._spent)
        self._placed = 0

    def add(self, candidate: Candidate, now: datetime, cost: int) -> None:
        """Another call to this number is under way."""
        self._placed += 1
        call = PastCall(now, candidate.purpose, in_flight=True, attempt=f"placed {self._placed}")
        self._history.setdefault(candidate.number, []).append(call)
        if candidate.customer_id:
            self._customers.setdefault(candidate.customer_id, []).append(call)
        if cost:
            self._spent[candidate.campaign] = self._spent.get(candidate.campaign, 0) + cost
            self._house += cost
            self.facts = replace(self.facts, house_spent=self._house)
