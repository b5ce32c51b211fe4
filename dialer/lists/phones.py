"""Numbers by the million: plain ones by the plan's own patterns, all others by `values.parse_phone`.

A list is mostly made of plain numbers of one country. Those are recognised by the very patterns that the
library `phonenumbers` would try in the end, without its long way there; a test holds one against the other.
"""

import re
from dataclasses import dataclass
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc
from phonenumbers.phonenumberutil import _GEO_MOBILE_COUNTRIES
from phonenumbers.tzdata import TIMEZONE_DATA

from dialer.gate import zones_key
from values import BadInputError, PhoneNumber, parse_phone

_PLAIN = re.compile(r"\+?[0-9][0-9 .\-]*")
_BETWEEN = str.maketrans("", "", " .-")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")


@dataclass(frozen=True, slots=True)
class _Plan:
    """A country's plan, as far as a plain number needs it."""

    code: str
    international: str
    """How a number begins that is dialled abroad: `00`."""
    general: re.Pattern[str]
    fixed: re.Pattern[str]
    mobile: re.Pattern[str]
    prefix: re.Pattern[str] | None
    """What the library might take off a number's front."""
    geographic_mobile: bool


class ExcelNumberError(BadInputError):
    """A spreadsheet has rounded the number."""

    error_id = "excel-number"


class Phones:
    """Reads numbers as people of one country (ISO 3166) write them."""

    def __init__(self, country: str) -> None:
        self._country = country
        self._plan = _plan(country)
        self._zones: dict[tuple[str, str], str] = {}

    def read(self, text: str) -> PhoneNumber:
        """A number in E.164. Raises `BadInputError`, saying what is wrong with it."""
        if _SCIENTIFIC.fullmatch(text):
            raise ExcelNumberError(
                "a spreadsheet has rounded this number, and its last digits are lost: format the column as"
                " text, fill it anew from its source, and save it again"
            )
        national = self._plainly(text) if self._plan else ""
        return PhoneNumber(f"+{self._plan.code}{national}") if self._plan and national else self._slowly(text)

    def zones(self, number: PhoneNumber, zone: str) -> str:
        """The number's zone key with that of an address (`dialer.gate.zones_key`)."""
        plan = self._plan
        if plan is None or not number.startswith(f"+{plan.code}"):
            return zones_key(number, zone, ())
        national = number[1 + len(plan.code) :]
        kind = self._kind(plan, national)
        if not kind:
            return zones_key(number, zone, ())
        key = (kind if kind == _WHOLE_COUNTRY else number[: 1 + _deepest(plan.code)], zone)
        found = self._zones.get(key)
        if found is None:
            found = self._zones[key] = zones_key(number, zone, ())
        return found

    def _plainly(self, text: str) -> str:
        """The national number of one that needs no second look; '' for any other."""
        plan = self._plan
        if plan is None or not _PLAIN.fullmatch(text):
            return ""
        digits = text.translate(_BETWEEN)
        if digits.startswith("+"):
            if not digits.startswith("+" + plan.code):
                return ""
            national = digits[1 + len(plan.code) :]
        elif plan.international and digits.startswith(plan.international):
            abroad = digits[len(plan.international) :]
            if not abroad.startswith(plan.code):
                return ""
            national = abroad[len(plan.code) :]
        elif digits.startswith(plan.code) and not plan.general.fullmatch(digits):
            return ""
        else:
            national = digits
        if plan.prefix is not None and plan.prefix.match(national):
            return ""
        return national if plan.mobile.fullmatch(national) or plan.fixed.fullmatch(national) else ""

    def _kind(self, plan: _Plan, national: str) -> str:
        if plan.mobile.fullmatch(national):
            geographic = plan.geographic_mobile or plan.fixed.fullmatch(national)
            return "geographic" if geographic else _WHOLE_COUNTRY
        return "geographic" if plan.fixed.fullmatch(national) else ""

    def _slowly(self, text: str) -> PhoneNumber:
        try:
            return parse_phone(text, self._country)
        except BadInputError as problem:
            words = str(problem).partition(": ")[2] or str(problem)
            raise BadInputError(words.replace(repr(text[:40]), "this")) from problem


_WHOLE_COUNTRY = "whole country"


@cache
def _plan(country: str) -> _Plan | None:
    """None where a number's way to its pattern is longer: rewritten, or in a country beside the main one."""
    found = PhoneMetadata.metadata_for_region(country, None)
    if found is None or found.national_prefix_transform_rule or found.leading_digits:
        return None
    code = found.country_code or 0
    if COUNTRY_CODE_TO_REGION_CODE.get(code, ("",))[0] != country:
        return None
    international = found.international_prefix or ""
    return _Plan(
        code=str(code),
        international=international if international.isdigit() else "",
        general=_pattern(found.general_desc),
        fixed=_pattern(found.fixed_line),
        mobile=_pattern(found.mobile),
        prefix=re.compile(found.national_prefix_for_parsing) if found.national_prefix_for_parsing else None,
        geographic_mobile=code in _GEO_MOBILE_COUNTRIES,
    )


def _pattern(kind: PhoneNumberDesc | None) -> re.Pattern[str]:
    return re.compile((kind.national_number_pattern if kind else None) or r"(?!)")


@cache
def _deepest(code: str) -> int:
    """How many digits of a number, with its country code, tell its time zone at most."""
    return max((len(prefix) for prefix in TIMEZONE_DATA if prefix.startswith(code)), default=len(code))
