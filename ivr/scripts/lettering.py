"""Texts of a page with their values filled in, as people of a language write them. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ivr.language.basics import PLACEHOLDER, Prompt
from values import Money, Scalar

MISSING = "…"
"""What stands where a value is missing, so that the agent sees that something belongs there."""

_DAYS = {"it": "%d/%m/%Y", "ru": "%d.%m.%Y"}
_DAY = "%d %b %Y"
_FLAGS = {"it": ("sì", "no"), "en": ("yes", "no"), "ru": ("да", "нет")}
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "RUB": "₽"}


def chosen(texts: Prompt, *languages: str) -> str:
    """The text in the first of these languages that there is, else in any."""
    return next((texts[language] for language in languages if language in texts), next(iter(texts.values())))


def filled(text: str, values: Mapping[str, Scalar], language: str, zone: ZoneInfo) -> str:
    """A text with its values in it."""

    def value(found: re.Match[str]) -> str:
        return lettered(values.get(found[1]), language, zone, kind=found[2] or "")

    return PLACEHOLDER.sub(value, text)


def lettered(  # noqa: PLR0911  (one a kind of value)
    value: Scalar, language: str, zone: ZoneInfo, *, kind: str = ""
) -> str:
    """A value as text; `kind` as in `{name:kind}`."""
    match value:
        case None | "":
            return MISSING
        case bool():
            yes, no = _FLAGS.get(language, _FLAGS["en"])
            return yes if value else no
        case Money():
            return _amount(value, language)
        case datetime():
            here = value.astimezone(zone)
            day = here.strftime(_DAYS.get(language, _DAY))
            return day if kind == "date" else f"{day} {here:%H:%M}"
        case date():
            return value.strftime(_DAYS.get(language, _DAY))
        case int() | float():
            return " ".join(str(value)) if kind == "digits" else _number(value, language)
    return " ".join(value) if kind == "digits" else value


def day_from(today: date, days: float | None) -> date | None:
    """A bound of a date field as a day."""
    return None if days is None else today + timedelta(days=days)


def _amount(money: Money, language: str) -> str:
    sign = _SIGNS.get(money.currency, money.currency)
    number = f"{money.amount:,.2f}"
    return f"{sign}{number}" if language == "en" and len(sign) == 1 else f"{_local(number, language)} {sign}"


def _number(value: float, language: str) -> str:
    return _local(f"{Decimal(str(value)):f}", language)


def _local(number: str, language: str) -> str:
    """Points and commas as the language has them."""
    if language == "en":
        return number
    thousands = "." if language == "it" else " "
    return number.replace(",", "\0").replace(".", ",").replace("\0", thousands)
