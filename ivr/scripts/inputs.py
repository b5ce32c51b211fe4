"""What is known of a talk, in the kinds of value that a script declares. Pure."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from ivr.language.head import Input
from ivr.scripts.forms import CURRENCY
from values import BadInputError, Money, Scalar


def taken(declared: Input, value: Scalar) -> Scalar:  # noqa: PLR0911  (one a type)
    """A value as the input's type; None where it cannot be one: lists carry what people wrote into them."""
    if value is None or value == "":
        return None
    match declared.type:
        case "text":
            return value if isinstance(value, str) else str(value)
        case "flag":
            return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "1")
        case "number":
            return _number(value)
        case "money":
            return value if isinstance(value, Money) else _money(value)
        case "date":
            return _date(value)
        case "time":
            return value if isinstance(value, datetime) else _time(value)


def _decimal(value: Scalar) -> Decimal | None:
    try:
        number = Decimal(str(value).replace(",", ".").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(value: Scalar) -> Scalar:
    number = _decimal(value) if not isinstance(value, bool) else None
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _money(value: Scalar) -> Money | None:
    number = _decimal(value) if not isinstance(value, bool) else None
    try:
        return None if number is None else Money(int(round(number, 2) * 100), CURRENCY)
    except (BadInputError, InvalidOperation, OverflowError):
        return None


def _date(value: Scalar) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _time(value: Scalar) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
