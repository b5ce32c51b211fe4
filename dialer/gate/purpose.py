"""What a call is for, and which wishes not to be called it has to honour."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Purpose(StrEnum):
    """Why we call. Law and decency differ by it."""

    MANDATORY_NOTICE = "mandatory_notice"
    """What must be told, wanted or not: a suspension to come, a danger."""
    SERVICE = "service"
    """About something the customer has under way: a fault, an appointment, a connection."""
    COLLECTIONS = "collections"
    SURVEY = "survey"
    MARKETING = "marketing"


class Suppression(StrEnum):
    """What an entry of the do-not-call list withdraws."""

    MARKETING = "marketing"
    """The customer wants no offers."""
    REGISTER = "register"
    """The number stands in a public opt-out register."""
    SURVEY = "survey"
    SERVICE = "service"
    COLLECTIONS = "collections"
    """Debts go through somebody else: a lawyer, an insolvency."""
    ALL = "all"
    """The customer wants no calls."""
    NOT_THEIRS = "not_theirs"
    """Somebody else answers there: nothing of the customer's may be said, not even a notice."""


EVERY_PURPOSE = frozenset(Purpose)

BLOCKS: Mapping[Suppression, frozenset[Purpose]] = {
    Suppression.MARKETING: frozenset({Purpose.MARKETING}),
    Suppression.REGISTER: frozenset({Purpose.MARKETING}),
    Suppression.SURVEY: frozenset({Purpose.SURVEY}),
    Suppression.SERVICE: frozenset({Purpose.SERVICE}),
    Suppression.COLLECTIONS: frozenset({Purpose.COLLECTIONS}),
    Suppression.ALL: EVERY_PURPOSE - {Purpose.MANDATORY_NOTICE},
    Suppression.NOT_THEIRS: EVERY_PURPOSE,
}
"""The matrix: which purposes an entry stops. An opt-out from offers never stops a mandatory notice."""


def blocked_by(purpose: Purpose, entries: Iterable[Suppression]) -> Suppression | None:
    """The first entry that stops a call for this purpose; None when none does.

    A wish comes before `NOT_THEIRS`: that says nothing of the customer, whose other numbers may be called.
    """
    stopping = [entry for entry in entries if purpose in BLOCKS[entry]]
    return min(stopping, key=lambda entry: entry is Suppression.NOT_THEIRS, default=None)
