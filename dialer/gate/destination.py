"""Where a number leads: its country, kind and time zones, and whether it may be dialled at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers import timezone as phone_zones

from dialer.gate.verdict import Reason, Verdict, refused
from values import mask_number

SHORTEST = 6
"""Digits after the country code; anything shorter is a service code somewhere."""

REMEMBERED = 8192
"""Numbers whose look-up is kept in memory, the latest: few, since an erasure does not reach them there."""

_UNKNOWN_ZONE = "Etc/Unknown"


class NumberKind(StrEnum):
    """What sort of subscriber a number belongs to, by its plan."""

    FIXED = "fixed"
    MOBILE = "mobile"
    """Also where the plan cannot tell it from a fixed one: the dearer guess."""
    FREE = "free"
    """The called party pays: a business's."""
    VOIP = "voip"
    PERSONAL = "personal"
    PAGER = "pager"
    COMPANY = "company"
    """One number for a whole company."""
    VOICEMAIL = "voicemail"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    UNKNOWN = "unknown"


NEVER_DIALLED = frozenset({NumberKind.PREMIUM, NumberKind.SHARED_COST, NumberKind.UNKNOWN})
"""Kinds that no profile allows: they cost extra, or nobody knows what they cost."""

_KINDS: Mapping[int, NumberKind] = {
    PhoneNumberType.FIXED_LINE: NumberKind.FIXED,
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.MOBILE,
    PhoneNumberType.TOLL_FREE: NumberKind.FREE,
    PhoneNumberType.VOIP: NumberKind.VOIP,
    PhoneNumberType.PERSONAL_NUMBER: NumberKind.PERSONAL,
    PhoneNumberType.PAGER: NumberKind.PAGER,
    PhoneNumberType.UAN: NumberKind.COMPANY,
    PhoneNumberType.VOICEMAIL: NumberKind.VOICEMAIL,
    PhoneNumberType.PREMIUM_RATE: NumberKind.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberKind.SHARED_COST,
}


@dataclass(frozen=True, slots=True)
class Destination:
    """What the numbering plan says about a number."""

    region: str
    """ISO 3166, as `IT`; '' when the plan knows no such number."""
    kind: NumberKind
    zones: tuple[str, ...]
    """The zones it may be in; empty when unknown."""
    emergency: bool
    short: bool


def destination(number: str) -> Destination:
    """What the numbering plan says about a number. Anything that is no E.164 number has region ''."""
    return _remembered(number)


def remember(numbers: int) -> None:
    """Look up so many numbers once only in this process: for benches, whose customers are nobody's."""
    global _remembered  # noqa: PLW0603  (a cache's size is the process's)
    _remembered = lru_cache(maxsize=numbers)(_looked_up)


def _looked_up(number: str) -> Destination:
    digits = number.lstrip("+")
    if not (digits.isascii() and digits.isdigit()):
        return Destination("", NumberKind.UNKNOWN, (), emergency=False, short=False)
    try:
        parsed = phonenumbers.parse(number)  # refuses what has no +
    except phonenumbers.NumberParseException:
        short = len(digits) < SHORTEST
        return Destination("", NumberKind.UNKNOWN, (), emergency=_emergency(digits), short=short)
    national = phonenumbers.national_significant_number(parsed)
    valid = phonenumbers.is_valid_number(parsed)
    zones = tuple(zone for zone in phone_zones.time_zones_for_number(parsed) if zone != _UNKNOWN_ZONE)
    return Destination(
        region=(phonenumbers.region_code_for_number(parsed) or "") if valid else "",
        kind=_KINDS.get(phonenumbers.number_type(parsed), NumberKind.UNKNOWN),
        zones=zones,
        emergency=_emergency(national) or _emergency(digits),
        short=len(national) < SHORTEST or phonenumbers.is_valid_short_number(parsed),
    )


_remembered = lru_cache(maxsize=REMEMBERED)(_looked_up)


def destination_problem(
    number: str, countries: Collection[str], refuse: Collection[NumberKind] = frozenset()
) -> Verdict | None:
    """Why a number must not be dialled, whoever asks; None when it may. Final: no time makes it better.

    For calls of campaigns, and just so for numbers that a caller keys in and for transfers out of the house.
    """
    found = destination(number)
    return _undialled(number, found) or _unwanted(number, found, countries, refuse)


def _undialled(number: str, found: Destination) -> Verdict | None:
    """Why nobody's call goes there."""
    shown = mask_number(number)
    if found.emergency:
        return refused(Reason.EMERGENCY, f"{shown} is an emergency number; automation never dials one")
    if found.short:
        return refused(Reason.SHORT_CODE, f"{shown} is a short code, not a subscriber")
    if not found.region:
        return refused(Reason.NOT_A_NUMBER, f"{shown} is not a number in use; E.164 is +, country, number")
    if found.kind in NEVER_DIALLED:
        return refused(Reason.PREMIUM, f"{shown} costs extra, or is of a kind nobody knows")
    return None


def _unwanted(
    number: str, found: Destination, countries: Collection[str], refuse: Collection[NumberKind]
) -> Verdict | None:
    """Why this installation's calls do not."""
    shown = mask_number(number)
    if found.region not in countries:
        known = ", ".join(sorted(countries)) or "none"
        return refused(Reason.COUNTRY, f"{shown} is in {found.region}; calls may go to: {known}")
    if found.kind in refuse:
        return refused(Reason.KIND, f"{shown} is a number of the kind {found.kind}, which is not called here")
    return None


@lru_cache(maxsize=1024)
def _emergency(digits: str) -> bool:
    """Whether these digits call for help in any country: ours may not be the one that hears them."""
    if len(digits) > SHORTEST:
        return False
    return any(
        phonenumbers.is_emergency_number(digits, region)
        for region in phonenumbers.shortnumberinfo.SUPPORTED_SHORT_REGIONS
    )
