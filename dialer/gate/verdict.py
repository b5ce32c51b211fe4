"""The question to the gate and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dialer.gate.purpose import Purpose, Suppression


class Reason(StrEnum):
    """Why the gate said so. Stable words for programs and reports."""

    ALLOWED = "allowed"
    NOT_A_NUMBER = "not_a_number"
    EMERGENCY = "emergency_number"
    SHORT_CODE = "short_code"
    PREMIUM = "premium_number"
    COUNTRY = "country"
    CALLER_ID = "caller_id"
    DO_NOT_CALL = "do_not_call"
    NO_CONSENT = "no_consent"
    IN_FLIGHT = "in_flight"
    CAP = "cap"
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


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call to a number that counts against its caps: one that rang, or may have."""

    at: datetime
    purpose: Purpose
    conversation: bool = False
    """Whether somebody answered."""
    in_flight: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What has to be known about the numbers asked for. A number without an entry has nothing against it."""

    suppressions: Mapping[str, Sequence[Suppression]] = field(default_factory=dict)
    history: Mapping[str, Sequence[PastCall]] = field(default_factory=dict)
    """Calls of the last 30 days by number, of all campaigns."""
    consents: frozenset[tuple[str, Purpose]] = frozenset()
    """Which customer has consented to what."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The gate's answer: whether, why, in words for a person, and when to ask again (None: never)."""

    allowed: bool
    reason: Reason
    words: str
    retry_at: datetime | None = None


def allowed() -> Verdict:
    """Go ahead."""
    return Verdict(True, Reason.ALLOWED, "nothing stands against it")  # noqa: FBT003  (a yes)


def refused(reason: Reason, words: str, retry_at: datetime | None = None) -> Verdict:
    """Not now, or (without `retry_at`) not ever."""
    return Verdict(False, reason, words, retry_at)  # noqa: FBT003  (a no)
