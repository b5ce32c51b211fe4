"""Where a number leads: its country, kind and time zones, and whether automation may dial it at all."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType
from phonenumbers import timezone as phone_zones

from dialer.gate.verdict import Reason, Verdict, refused
from values import mask_number

SHORTEST = 6
"""Digits after the country code; anything shorter is a service code somewhere."""

_ALWAYS_REFUSED = frozenset(
    {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UNKNOWN}
)
_UNKNOWN_ZONE = "Etc/Unknown"


@dataclass(frozen=True, slots=True)
class Destination:
    """What the numbering plan says about a number."""

    region: str
    """ISO 3166, as `IT`; '' when the plan knows no such number."""
    kind: int
    """`phonenumbers.PhoneNumberType`."""
    zones: tuple[str, ...]
    """The zones it may be in; empty when unknown."""
    emergency: bool
    short: bool


@lru_cache(maxsize=8192)
def destination(number: str) -> Destination:
    """Look a number up in the numbering plan. Anything that is no E.164 number has region ''."""
    digits = number.lstrip("+")
    if not (digits.isascii() and digits.isdigit()):
        return Destination("", PhoneNumberType.UNKNOWN, (), emergency=False, short=False)
    try:
        parsed = phonenumbers.parse(number)  # refuses what has no +
    except phonenumbers.NumberParseException:
        short = len(digits) < SHORTEST
        return Destination("", PhoneNumberType.UNKNOWN, (), emergency=_emergency(digits), short=short)
    national = phonenumbers.national_significant_number(parsed)
    valid = phonenumbers.is_valid_number(parsed)
    zones = tuple(zone for zone in phone_zones.time_zones_for_number(parsed) if zone != _UNKNOWN_ZONE)
    return Destination(
        region=(phonenumbers.region_code_for_number(parsed) or "") if valid else "",
        kind=phonenumbers.number_type(parsed),
        zones=zones,
        emergency=_emergency(national) or _emergency(digits),
        short=len(national) < SHORTEST or phonenumbers.is_valid_short_number(parsed),
    )


def destination_problem(number: str, countries: Collection[str]) -> Verdict | None:
    """Why a number must not be dialled, whoever asks; None when it may. Final: no time makes it better."""
    found = destination(number)
    shown = mask_number(number)
    if found.emergency:
        return refused(Reason.EMERGENCY, f"{shown} is an emergency number; automation never dials one")
    if found.short:
        return refused(Reason.SHORT_CODE, f"{shown} is a short code, not a subscriber")
    if not found.region:
        return refused(Reason.NOT_A_NUMBER, f"{shown} is not a number in use; E.164 is +, country, number")
    if found.kind in _ALWAYS_REFUSED:
        return refused(Reason.PREMIUM, f"{shown} costs extra, or is of a kind nobody knows")
    if found.region not in countries:
        known = ", ".join(sorted(countries)) or "none"
        return refused(Reason.COUNTRY, f"{shown} is in {found.region}; calls may go to: {known}")
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
