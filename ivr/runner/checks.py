"""The checks of an answer at work."""

import re
from dataclasses import dataclass
from datetime import datetime

from ivr.language.checks import Accepted, Between, Check, IsDate, IsNumber, Luhn, Matches
from ivr.runner.literals import Literal, prepare_literal
from ivr.runner.questions import Verdict
from ivr.runner.walk import PreparedPrompt, Walk
from values import BadInputError, Scalar, parse_phone

DEADLINE = 3.0
"""Seconds an action may take over an answer."""

_TWO_DIGITS = 10


@dataclass(frozen=True, slots=True)
class PatternCheck:
    """The digits match a regular expression from end to end."""

    pattern: re.Pattern[str]
    reason: PreparedPrompt | None

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:  # noqa: ARG002
        """Compare."""
        return self.pattern.fullmatch(str(value)) is not None, value


@dataclass(frozen=True, slots=True)
class RangeCheck:
    """The number lies between two, both included."""

    low: int
    high: int
    reason: PreparedPrompt | None

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:  # noqa: ARG002
        """Compare as numbers."""
        text = str(value)
        return text.isdecimal() and self.low <= int(text) <= self.high, value


@dataclass(frozen=True, slots=True)
class LuhnCheck:
    """The last digit is the check digit of the others (ISO/IEC 7812-1)."""

    wanted: bool
    reason: PreparedPrompt | None

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:  # noqa: ARG002
        """Add up, doubling every second digit from the right."""
        return not self.wanted or luhn(str(value)), value


@dataclass(frozen=True, slots=True)
class DateCheck:
    """The digits are a date; it goes on as one."""

    layout: str
    reason: PreparedPrompt | None

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:  # noqa: ARG002
        """Read it; written back it must give the same digits, so that `112026` is no date."""
        try:
            found = datetime.strptime(str(value), self.layout).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            return False, value
        return found.strftime(self.layout) == value, found


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """The digits are a telephone number in use; it goes on in E.164."""

    country: str
    reason: PreparedPrompt | None

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:  # noqa: ARG002
        """Read it by the rules of the country."""
        try:
            return True, parse_phone(str(value), self.country)
        except BadInputError:
            return False, value


@dataclass(frozen=True, slots=True)
class ActionCheck:
    """An action says yes."""

    action: str
    fields: tuple[tuple[str, Literal], ...]
    reason: PreparedPrompt | None

    async def test(self, walk: Walk, value: Scalar) -> tuple[bool, Scalar]:
        """Ask it. Raises what the action raises, and `TimeoutError` when it takes too long."""
        variables = walk.frame.variables
        fields = {name: literal.resolve(variables) for name, literal in self.fields}
        answer = await walk.act(self.action, {**fields, "value": value}, DEADLINE)
        return answer.get("ok") is True, value


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others. False for what is not digits."""
    if not digits.isdecimal():
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled >= _TWO_DIGITS else doubled
    return total % 10 == 0


def prepare_check(check: Check, reason: PreparedPrompt | None) -> Verdict:
    """Read a check once."""
    match check:
        case Matches():
            return PatternCheck(re.compile(check.matches), reason)
        case Between():
            return RangeCheck(*check.between, reason)
        case Luhn():
            return LuhnCheck(check.luhn, reason)
        case IsDate():
            return DateCheck(check.date, reason)
        case IsNumber():
            return NumberCheck(check.number, reason)
        case Accepted():
            fields = tuple((name, prepare_literal(value)) for name, value in check.with_.items())
            return ActionCheck(check.action, fields, reason)
