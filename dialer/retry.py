"""What happens after an attempt: try again, when, or leave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from values import BadInputError, what_to_do

REFUSED_BY_NETWORK = "refused"
"""The outcome of an attempt that never rang: the only one that counts as no attempt."""
INTERRUPTED = "interrupted"
"""The outcome of an attempt whose end nobody saw."""
EXPIRED = "expired"

Minutes = Annotated[float, Field(gt=0, le=60 * 24 * 30)]


class RetryRule(BaseModel, frozen=True, extra="forbid"):
    """How one outcome is tried again."""

    after: Annotated[list[Minutes], Field(min_length=1)]
    """Minutes to wait after the first, the second, …; the last one repeats."""
    most: Annotated[int, Field(ge=0)] = 3
    """How many attempts may end so before the contact is left alone."""
    next_number: bool = False
    """The next attempt goes to the customer's next number; after the last comes the first."""
    skip_number: bool = False
    """The number is wrong: it is not called again, but the next one; without another the contact is done."""


@dataclass(frozen=True, slots=True)
class Again:
    """Another attempt: when, and on which number."""

    at: datetime
    next_number: bool = False
    skip_number: bool = False


DEFAULT_RULES: Mapping[str, RetryRule] = {
    "no_answer": RetryRule(after=[60, 240, 1440], most=3),
    "busy": RetryRule(after=[10, 30, 120], most=4),
    REFUSED_BY_NETWORK: RetryRule(after=[30, 240], most=3),
    INTERRUPTED: RetryRule(after=[60], most=2),
    "machine": RetryRule(after=[240, 1440], most=3),
    "silence": RetryRule(after=[240], most=2),
    "not_noted": RetryRule(after=[60, 240], most=2),  # they answered, but nothing could be written down
    "hangup": RetryRule(after=[1440], most=2),
    "rejected": RetryRule(after=[1440], most=2),  # somebody declined, on the telephone itself
    "unallocated": RetryRule(after=[10], skip_number=True),
    "number_changed": RetryRule(after=[10], skip_number=True),
    "invalid_number": RetryRule(after=[10], skip_number=True),
    "abandoned": RetryRule(after=[1440], most=2),  # and never before the gate's own gap
    "screening": RetryRule(after=[240, 1440], most=2),  # a handset asked who calls, and nobody came
}


class RetryRules(BaseModel, frozen=True, extra="forbid"):
    """A campaign's rules: by outcome, and over all. An outcome without a rule is final."""

    max_attempts: Annotated[int, Field(ge=1, le=100)] = 5
    outcomes: Mapping[str, RetryRule] = DEFAULT_RULES

    def next_try(
        self, outcome: str, *, goal: bool, tally: Mapping[str, int], now: datetime, expires: datetime | None
    ) -> datetime | None:
        """When to call again; None when the contact is done. `again` says on which number, too."""
        again = self.again(outcome, goal=goal, tally=tally, now=now, expires=expires)
        return again.at if again else None

    def again(
        self, outcome: str, *, goal: bool, tally: Mapping[str, int], now: datetime, expires: datetime | None
    ) -> Again | None:
        """The next attempt; None when the contact is done.

        `tally` counts this attempt already. A reached goal is always final; so is what would come too late.
        """
        rule = self.outcomes.get(outcome)
        if goal or rule is None:
            return None
        counting = sum(times for name, times in tally.items() if name != REFUSED_BY_NETWORK)
        times = tally.get(outcome, 1)
        if times >= rule.most or counting >= self.max_attempts:
            return None
        at = now + timedelta(minutes=rule.after[min(times, len(rule.after)) - 1])
        if expires and at >= expires:
            return None
        return Again(at, next_number=rule.next_number, skip_number=rule.skip_number)


NO_RETRY = RetryRules(max_attempts=1, outcomes={})


def read_rules(data: Mapping[str, Any]) -> RetryRules:
    """Read a campaign's rules; `{}` gives the house's. Raises `BadInputError` naming the field."""
    try:
        return RetryRules.model_validate(dict(data))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInputError(
            f"{where}: {what_to_do(first, RetryRules.model_fields)}", field="retry"
        ) from problem
