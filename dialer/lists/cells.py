"""What stands in a cell, read as the people of a country write it."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from values import HOUSE_ZONE, BadInputError, Money

POINT_COUNTRIES = frozenset(
    {"US", "GB", "IE", "CA", "AU", "NZ", "IN", "MX", "CH", "MT", "IL", "JP", "CN", "KR", "ZA", "SG"}
)
"""Where decimals come after a point; elsewhere after a comma."""
MONTH_FIRST = frozenset({"US"})

_AMOUNT = re.compile(r"[+-]?[0-9][0-9.,' ]*")
_BEFORE_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}")
"""What may stand before a mark that parts thousands: in 0.853 and 1234.567 it is the decimal sign."""
_PARTS = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{2,4})")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[€$£])\s*|\s*(?:[A-Z]{3}|[€$£])$")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CENTS = 2
_LONGEST = 40
"""Characters of a number; a longer one is none."""
_MOST = 10**18
"""No figure of a list is as large: JSON and databases would not hold it."""
_YEARS = range(1900, 9000)
"""Others are how programs write "never" or "unknown", and no clock of ours reaches them."""
_CENTURY = 100


class Figure(str):
    """What a workbook holds as a number, in Python's words, whoever's people wrote the rest."""

    __slots__ = ()


def read_decimal(text: str, country: str) -> Decimal:
    """A number with its separators: 1.234,56 in Italy, 1,234.56 in the US; 12.5 is the same in both."""
    found = Decimal(text) if isinstance(text, Figure) else _written(text, country)
    if not found.is_finite() or abs(found) >= _MOST:
        raise BadInputError("this number is too large; take the column as text")
    return found


def _written(text: str, country: str) -> Decimal:
    if len(text) > _LONGEST or not _AMOUNT.fullmatch(text):
        raise BadInputError("this is not a number")
    plain = text.replace(" ", "").replace("'", "")
    point, comma = plain.rfind("."), plain.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
    elif point >= 0 or comma >= 0:
        mark = "." if point >= 0 else ","
        ours = "." if country in POINT_COUNTRIES else ","
        whole, _, digits = plain.partition(mark)
        lone = mark != ours and len(digits) == 3 and _BEFORE_THOUSANDS.fullmatch(whole)  # noqa: PLR2004
        grouped = plain.count(mark) > 1 or lone
        decimal = "" if grouped else mark
    else:
        decimal = ""
    for mark in ".,":
        plain = plain.replace(mark, "." if mark == decimal else "")
    if plain.count(".") > 1:
        raise BadInputError("this is not a number")
    return Decimal(plain)


def read_number(text: str, country: str) -> int | float:
    """A whole number, or one with decimals."""
    found = read_decimal(text, country)
    return int(found) if found == found.to_integral_value() else float(found)


def read_money(text: str, country: str, currency: str) -> Money:
    """An amount, in the currency it names or in the file's."""
    named = _CURRENCY.search(text)
    if named:
        word = named[0].strip()
        currency = _SIGNS.get(word, word)
        text = (text[: named.start()] + text[named.end() :]).strip()
    found = read_decimal(text, country) * 10**_CENTS
    if abs(found) >= _MOST:
        raise BadInputError("this amount is too large")
    if found != found.to_integral_value():
        raise BadInputError("this amount has more than two decimals")
    return Money(int(found), currency)


def read_date(text: str, country: str) -> date:
    """A day: 2026-12-24, or 24/12/2026 (12/24/2026 in the US)."""
    try:
        return date.fromisoformat(text[:10]) if text[4:5] == "-" else _local(text, country)
    except ValueError as problem:
        raise BadInputError("this is no date; write 2026-12-24") from problem


def _local(text: str, country: str) -> date:
    parts = _PARTS.fullmatch(text.partition(" ")[0])
    if not parts:
        raise ValueError(text)
    first, second, third = (int(part) for part in parts.groups())
    if len(parts[1]) == 4:  # noqa: PLR2004  (a year)
        return date(first, second, third)
    year = third if third >= _CENTURY else 2000 + third
    return date(year, first, second) if country in MONTH_FIRST else date(year, second, first)


def read_moment(text: str, country: str, zone: str, *, end: bool = False) -> datetime:
    """A moment by that zone's clock, by the house's where nobody says a zone.

    A mere day means its beginning there, with `end` its end.
    """
    found = _moment(text, country, zone, end=end)
    if found.year not in _YEARS:
        raise BadInputError("nobody is called in that year; leave it empty, or write one as 2026-12-24")
    return found


def _moment(text: str, country: str, zone: str, *, end: bool) -> datetime:
    there = ZoneInfo(zone or HOUSE_ZONE)
    if "T" in text or ":" in text:
        try:
            found = datetime.fromisoformat(text)
        except ValueError as problem:
            raise BadInputError("this is no time; write 2026-12-24T18:30") from problem
        return found if found.tzinfo else found.replace(tzinfo=there)
    day = read_date(text, country)
    if end and day < date.max:
        day += timedelta(days=1)
    return datetime.combine(day, time(), there)
