"""What an agent typed into a page, read as values; what does not fit is told field by field. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ivr.language.pages import FormField
from ivr.scripts.lettering import day_from
from values import CentralinoError, Money, Scalar

DECLINED = "·declined"
"""What stands for the choice of a customer who will not say."""
YES, NO = "yes", "no"
LONGEST_TEXT = 2000
LONGEST_PATTERN = 200
"""Letters of a text that must match an expression, so that no expression takes for ever."""
CURRENCY = "EUR"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Mistake(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    NO_NUMBER = "no_number"
    NO_WHOLE_NUMBER = "no_whole_number"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    NO_DATE = "no_date"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_MATCH = "no_match"
    NO_CHOICE = "no_choice"


@dataclass(frozen=True, slots=True)
class FieldMistake:
    """One field that cannot be taken as it is."""

    field: str
    """Its `into`."""
    mistake: Mistake
    bound: float | date | None = None
    """What it must not go beyond, where there is such."""


class _MistakeError(CentralinoError):
    error_id = "script-field"

    def __init__(self, mistake: Mistake, bound: float | date | None = None) -> None:
        super().__init__(mistake.value)
        self.mistake = mistake
        self.bound = bound


def read_form(
    fields: Sequence[FormField], typed: Mapping[str, str], today: date
) -> tuple[dict[str, Scalar], list[FieldMistake]]:
    """The values of the fields that can be read, and what is wrong with the others (which are `None`)."""
    values: dict[str, Scalar] = {}
    mistakes: list[FieldMistake] = []
    for field in fields:
        values[field.into] = None
        try:
            values[field.into] = read_field(field, typed.get(field.into, ""), today)
        except _MistakeError as found:
            mistakes.append(FieldMistake(field.into, found.mistake, found.bound))
    return values, mistakes


def read_field(field: FormField, typed: str, today: date) -> Scalar:
    """One field's value."""
    typed = _CONTROL.sub("", typed.replace("\r\n", "\n")).strip()
    if field.decline and typed == DECLINED:
        return None
    if not typed:
        if field.required:
            raise _MistakeError(Mistake.MISSING)
        return None
    return _read(field, typed, today)


def _read(field: FormField, typed: str, today: date) -> Scalar:
    match field.type:
        case "text":
            return _text(field, typed)
        case "number" | "scale":
            return _number(field, typed)
        case "money":
            amount = _bounded(field, _decimal(typed, decimals=2))
            return Money(int(amount * 100), CURRENCY)
        case "date":
            return _date(field, typed, today)
        case "flag":
            return _among({YES: True, NO: False}, typed)
        case "choice":
            return _among({str(option.value): option.value for option in field.options}, typed)


def _among(values: Mapping[str, Scalar], typed: str) -> Scalar:
    if typed not in values:
        raise _MistakeError(Mistake.NO_CHOICE)
    return values[typed]


def _text(field: FormField, typed: str) -> str:
    most = int(field.most or LONGEST_TEXT)
    if field.matches:
        most = min(most, LONGEST_PATTERN)
    if len(typed) > most:
        raise _MistakeError(Mistake.TOO_LONG, most)
    if field.least and len(typed) < field.least:
        raise _MistakeError(Mistake.TOO_SHORT, field.least)
    if field.matches and not re.fullmatch(field.matches, typed):
        raise _MistakeError(Mistake.NO_MATCH)
    return typed


def _number(field: FormField, typed: str) -> Scalar:
    number = _bounded(field, _decimal(typed, decimals=field.decimals))
    return float(number) if field.decimals else int(number)


def _decimal(typed: str, *, decimals: int) -> Decimal:
    """A number with point or comma."""
    plain = re.sub(r"[\s€$£]", "", typed).replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", plain):
        raise _MistakeError(Mistake.NO_NUMBER)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise _MistakeError(Mistake.NO_NUMBER) from None
    if number != round(number, decimals):
        raise _MistakeError(Mistake.TOO_MANY_DECIMALS if decimals else Mistake.NO_WHOLE_NUMBER, decimals)
    return number


def _bounded(field: FormField, number: Decimal) -> Decimal:
    if field.least is not None and number < Decimal(str(field.least)):
        raise _MistakeError(Mistake.TOO_LOW, field.least)
    if field.most is not None and number > Decimal(str(field.most)):
        raise _MistakeError(Mistake.TOO_HIGH, field.most)
    return number


def _date(field: FormField, typed: str, today: date) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise _MistakeError(Mistake.NO_DATE) from None
    first, last = day_from(today, field.least), day_from(today, field.most)
    if first and day < first:
        raise _MistakeError(Mistake.TOO_EARLY, first)
    if last and day > last:
        raise _MistakeError(Mistake.TOO_LATE, last)
    return day
