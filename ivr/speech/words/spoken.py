"""A value of a call becomes words."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from ivr.speech.words.english import English
from ivr.speech.words.grammar import Grammar
from ivr.speech.words.italian import Italian
from ivr.speech.words.plain import Plain
from ivr.speech.words.russian import Russian
from values import Money, Scalar

_LONGEST = 600
_TOO_LARGE = Decimal(10) ** 15
_GROUP = 3


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where and when a value is spoken."""

    today: date
    """Dates of another year than this one are said with their year."""
    zone: ZoneInfo
    """Instants are said as clocks show them there."""
    country: str
    """ISO 3166; its own telephone numbers are said without the country's prefix."""


@lru_cache(maxsize=32)
def grammar_of(language: str) -> Grammar:
    """The grammar of a language, by its ISO 639 code; a plain one for those we have none of."""
    own: dict[str, type[Grammar]] = {"it": Italian, "en": English, "ru": Russian}
    return own[language]() if language in own else Plain(language)


def spoken(value: Scalar, kind: str, language: str, occasion: Occasion, *, before: str = "") -> list[str]:
    """The words of a value, in the pieces that are said with a breath between them; none for nothing.

    `kind` is one of text, digits, number, money, date, time, or '' to tell it by the value's own type.
    A whole number as money counts minor units (cents), a text or a decimal one major units. What does not
    fit its kind is said as text. `before` is what was said just before, which decides case and article.
    """
    if value is None or value == "":
        return []
    grammar = grammar_of(language)
    kind = kind or _kind_of(value)
    try:
        if kind == "digits":
            return [_spelled(group, grammar) for group in groups(_text(str(value)), occasion.country)]
        return [_one(value, kind, grammar, occasion, f" {before.strip().casefold()}")]
    except (ValueError, InvalidOperation, OverflowError):
        return [_text(str(value))]


def groups(text: str, country: str) -> list[str]:
    """Cut digits as people say them: the country's prefix, then threes, never a lonely last one.

    A number of the own country loses its prefix: `+393290000017` in Italy is 329 000 0017.
    """
    compact = "".join(text.split())[:60]
    prefix = ""
    if compact.startswith("+"):
        try:
            number = phonenumbers.parse(compact)
        except phonenumbers.NumberParseException:
            pass
        else:
            home = phonenumbers.country_code_for_region(country) == number.country_code
            prefix = "" if home else f"+{number.country_code}"
            compact = phonenumbers.national_significant_number(number)
    cut = [compact[start : start + _GROUP] for start in range(0, len(compact), _GROUP)]
    if len(cut) > 1 and len(cut[-1]) == 1:
        cut[-2:] = [cut[-2] + cut[-1]]
    return ([prefix] if prefix else []) + cut


def _kind_of(value: Scalar) -> str:
    if isinstance(value, bool):
        return "text"
    if isinstance(value, Money):
        return "money"
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, date):
        return "date"
    return "number" if isinstance(value, int | float) else "text"


def _one(value: Scalar, kind: str, grammar: Grammar, occasion: Occasion, before: str) -> str:
    if kind == "number":
        words = grammar.number(_number(value))
    elif kind == "money":
        words = grammar.money(_money(value))
    elif kind in ("date", "moment"):
        day = _day(value, occasion.zone)
        words = grammar.day(day, year=day.year != occasion.today.year, before=before)
        if kind == "moment":
            words += f", {grammar.hour(_hour(value, occasion.zone), before='')}"
    elif kind == "time":
        words = grammar.hour(_hour(value, occasion.zone), before=before)
    else:
        words = grammar.flag(value) if isinstance(value, bool) else _text(str(value))
    return words


def _number(value: Scalar) -> Decimal:
    number = value.amount if isinstance(value, Money) else Decimal(str(value).strip().replace(",", "."))
    if not number.is_finite() or abs(number) >= _TOO_LARGE:
        raise ValueError("not a number that anybody says")
    return number


def _money(value: Scalar) -> Money:
    if isinstance(value, Money):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Money(value)
    return Money(int((_number(value) * 100).to_integral_value()))


def _day(value: Scalar, zone: ZoneInfo) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    raise ValueError("not a date")


def _hour(value: Scalar, zone: ZoneInfo) -> time:
    if isinstance(value, str):
        value = datetime.fromisoformat(value if "-" in value else f"2000-01-01T{value}")
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).time()
    raise ValueError("not a time of day")


def _spelled(group: str, grammar: Grammar) -> str:
    return " ".join(grammar.character(character) for character in group)


def _text(text: str) -> str:
    """Text from outside, safe to hand to an engine: one line, no control characters, not endless."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]
