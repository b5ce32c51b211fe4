"""Values as people write and type them."""

import re
from datetime import date, datetime
from decimal import Decimal

from values import Money, Scalar

_MONEY = re.compile(r"^(-?\d+(?:\.\d{1,2})?) ?([A-Z]{3})$")
_WHOLE = re.compile(r"^-?(0|[1-9]\d{0,17})$")
_FRACTION = re.compile(r"^-?(0|[1-9]\d*)\.\d+$")
_MOMENTS = {"date": "%d.%m.%Y", "time": "%H:%M"}
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "none": None, "": None}


def written(value: Scalar, kind: str = "") -> str:
    """A value as text; one that is missing shows as `…`. `kind` as in `{name:kind}`."""
    match value:
        case None:
            return "…"
        case bool():
            return "true" if value else "false"
        case Money():
            return str(value)
        case datetime():
            return value.strftime(_MOMENTS.get(kind, "%d.%m.%Y %H:%M"))
        case date():
            return value.strftime("%d.%m.%Y")
    return " ".join(str(value)) if kind == "digits" else str(value)


def read_value(text: str) -> Scalar:
    """What somebody typed: `72.50 EUR` is money, `2026-12-01` a date, `true` a flag; what is nothing is text.

    Numbers with a leading zero stay text, since they are telephone numbers or codes.
    """
    text = text.strip()
    if text in _WORDS:
        return _WORDS[text]
    if found := _MONEY.match(text):
        return Money(int(Decimal(found[1]) * 100), found[2])
    if _WHOLE.match(text):
        return int(text)
    if _FRACTION.match(text):
        return float(text)
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text) if "-" in text else text
        except ValueError:
            continue
    return text
