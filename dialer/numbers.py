"""A customer's several numbers: whose turn is next, and which to leave out."""

from dialer.cards import AnyContact
from dialer.gate import Reason, zones_key
from dialer.retry import Again

ABOUT_NUMBER = frozenset(
    {
        *(Reason.NOT_A_NUMBER, Reason.EMERGENCY, Reason.SHORT_CODE, Reason.PREMIUM, Reason.COUNTRY),
        *(Reason.KIND, Reason.NOT_THEIRS),
    }
)
"""Refusals that say nothing against the customer's other numbers.

Whoever is on a do-not-call list with one number is left alone on all of them.
"""


def to_number(contact: AnyContact, number: str) -> None:
    """Call them on this number from now on; a new one comes before their others."""
    if number != contact.number and number not in contact.numbers:
        contact.numbers = [number, *(contact.numbers or [contact.number])]
    contact.number = number
    contact.zones = zones_key(number, contact.zone, ())


def next_number(contact: AnyContact) -> bool:
    """Turn to their next number; after the last comes the first. False when they have only one."""
    numbers = list(contact.numbers)
    if len(numbers) < 2:  # noqa: PLR2004  (one number has no other)
        return False
    here = numbers.index(contact.number) if contact.number in numbers else -1
    to_number(contact, numbers[(here + 1) % len(numbers)])
    return True


def skip_number(contact: AnyContact) -> bool:
    """Leave out the number that was called, for good, for the next. False when it was the only one."""
    wrong = contact.number
    if not next_number(contact):
        return False
    contact.numbers = [each for each in contact.numbers if each != wrong]
    return True


def turn_number(contact: AnyContact, again: Again) -> bool:
    """Turn to the number that a retry rule wants. False when there is none left to call."""
    if again.skip_number:
        return skip_number(contact)
    if again.next_number:
        next_number(contact)
    return True
