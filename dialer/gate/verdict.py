"""The question to the gate and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dialer.gate.counts import AbandonCounts
from dialer.gate.purpose import Purpose, Suppression


class Reason(StrEnum):
    """Why the gate said so. Stable words for programs and reports."""

    ALLOWED = "allowed"
    NOT_A_NUMBER = "not_a_number"
    EMERGENCY = "emergency_number"
    SHORT_CODE = "short_code"
    PREMIUM = "premium_number"
    COUNTRY = "country"
    KIND = "number_kind"
    NOT_THEIRS = "not_theirs"
    CALLER_ID = "caller_id"
    RING = "ring"
    DO_NOT_CALL = "do_not_call"
    REGISTER_STALE = "register_stale"
    EXCLUDED = "excluded"
    HOLD = "hold"
    NO_CONSENT = "no_consent"
    IN_FLIGHT = "in_flight"
    GAP = "gap"
    AGENT_NEEDED = "agent_needed"
    AFTER_REFUSAL = "after_refusal"
    CAP = "cap"
    SPEND = "spend"
    ABANDONMENT = "abandonment"
    HOURS = "hours"
    HOLIDAY = "holiday"
    NEVER_OPEN = "never_open"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call somebody would like to place."""

    number: str
    purpose: Purpose
    profile: str
    """The jurisdiction whose limits hold: `it`, `none`."""
    caller_id: str = ""
    customer_id: str = ""
    zone: str = ""
    """The time zone of the customer's address, '' when unknown."""
    hours: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The campaign's own hours, as in a profile; they narrow the profile's and never widen them."""
    campaign: str = ""
    """Its campaign: for exclusions, its budget, and its abandoned calls. '' for a call of none."""
    started: datetime | None = None
    """When the campaign began, for laws that count over its life."""
    ring_seconds: float | None = None
    """How long it is let ring; None when nobody knows."""
    automated: bool = True
    """Whether no agent talks."""
    guaranteed_agent: bool = True
    """Whether somebody is certain to talk as soon as it is answered: a flow, or an agent kept free for it."""
    spend_limit: int | None = None
    """What the campaign may cost in a day, in minor units; None: no limit of its own."""


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call to a number that counts against its caps: one that rang, or may have."""

    at: datetime
    purpose: Purpose
    conversation: bool = False
    """Whether somebody answered and was talked to."""
    in_flight: bool = False
    attempt: str = ""
    """Its id: a call known by number and by customer counts once."""
    abandoned: bool = False
    machine: bool = False
    """Whether a machine was detected."""
    declined: bool = False
    """Whether the customer said no to what was asked."""


@dataclass(frozen=True, slots=True)
class Held:
    """A customer is not to be called for something for a while."""

    what: Suppression
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known about the numbers asked for. A number without an entry has nothing against it."""

    suppressions: Mapping[str, Sequence[Suppression]] = field(default_factory=dict)
    history: Mapping[str, Sequence[PastCall]] = field(default_factory=dict)
    """Calls by number, of all campaigns, as far back as any limit reaches."""
    consents: frozenset[tuple[str, Purpose]] = frozenset()
    """Which customer has consented to what."""
    by_customer: Mapping[str, Sequence[PastCall]] = field(default_factory=dict)
    """The same by customer, to whichever of their numbers."""
    excluded: frozenset[tuple[str, str]] = frozenset()
    """Campaign and number."""
    holds: Mapping[str, Sequence[Held]] = field(default_factory=dict)
    """By customer."""
    registered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The public registers in which a number stands."""
    registers: Mapping[str, datetime] = field(default_factory=dict)
    """When each register's file was made by its authority."""
    spent: Mapping[str, int] = field(default_factory=dict)
    """What each campaign has cost today, calls under way included, in minor units."""
    house_spent: int = 0
    """What all calls have cost today."""
    abandoned: Mapping[str, AbandonCounts] = field(default_factory=dict)
    """Each campaign's counts in its law's window."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer: whether, why, in words for a person, and when to ask again (None: never)."""

    allowed: bool
    reason: Reason
    words: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One rule asked, and what it said."""

    rule: str
    """`destination`, `hours`, `cap`, …"""
    verdict: Verdict
    source: str = ""
    """Where the rule was read; '' for the house's own."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The gate's answer with all rules that were asked."""

    verdict: Verdict
    checks: Sequence[Check]


def allowed(words: str = "nothing stands against it") -> Verdict:
    """Go ahead."""
    return Verdict(True, Reason.ALLOWED, words)  # noqa: FBT003  (a yes)


def refused(reason: Reason, words: str, retry_at: datetime | None = None) -> Verdict:
    """Not now, or (without `retry_at`) not ever."""
    return Verdict(False, reason, words, retry_at)  # noqa: FBT003  (a no)
