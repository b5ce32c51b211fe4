"""Plausible values for a flow that is tried without a telco around it."""

from collections.abc import Iterable
from datetime import date, datetime

from ivr.language.checks import Accepted, Between, IsDate, IsNumber, Luhn
from ivr.language.model import Ask, AskStep, DoStep, Flow, Input
from ivr.runner.checks import luhn
from values import Money, Scalar

_DAY = date(2026, 3, 2)
_NUMBERS = {"IT": "3290000017", "GB": "7911123456", "DE": "15112345678", "US": "2125550123"}


def sample_variables(flow: Flow) -> dict[str, Scalar]:
    """The samples of a flow's inputs, as values of their types."""
    return {name: sample_value(given) for name, given in flow.inputs.items()}


def sample_value(given: Input) -> Scalar:
    """An input's sample, or None; money is written in major units, dates and times in ISO form."""
    sample = given.sample
    match given.type:
        case "money" if isinstance(sample, int | float | str):
            return Money(round(float(sample) * 100))
        case "date" if isinstance(sample, str):
            return date.fromisoformat(sample)
        case "time" if isinstance(sample, str):
            return datetime.fromisoformat(sample)
    return sample


def sample_digits(ask: Ask) -> str:
    """Digits that a question will probably take; a pattern or an action may still refuse them."""
    low, high = ask.digits
    digits = "1234567890" * (1 + low // 10)
    for check in ask.must:
        match check:
            case IsNumber():
                return _NUMBERS.get(check.number, digits[:high])
            case IsDate():
                return _DAY.strftime(check.date)
            case Between():
                return str(check.between[0]).zfill(low)
            case Luhn():
                return next(found for last in "0123456789" if luhn(found := digits[: max(low, 2) - 1] + last))
    return digits[:low]


def actions_used(flows: Iterable[Flow]) -> dict[str, set[str]]:
    """Every action that flows call, with the fields they hand over."""
    found: dict[str, set[str]] = {}
    for flow in flows:
        if flow.hung_up:
            found.setdefault(flow.hung_up.do, set()).update(flow.hung_up.with_)
        for step in flow.steps.values():
            if isinstance(step, DoStep):
                found.setdefault(step.do, set()).update(step.with_)
            elif isinstance(step, AskStep):
                for check in step.ask.must:
                    if isinstance(check, Accepted):
                        found.setdefault(check.action, set()).update(check.with_, ("value",))
    return found
