"""How two values of a flow compare. Nothing here ever raises: a call must not fail over a comparison.

Values that cannot be compared are neither equal nor in any order. `none` equals only `none` and has no order.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from values import Money, Scalar

Order = Callable[[int], bool]
Comparable = Decimal | datetime | date | str | bool
Sides = tuple[Comparable, Comparable]

ORDERS: dict[str, Order] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def compare(left: Scalar, word: str, right: Scalar) -> bool:
    """Whether `left word right` holds; the word is one of == != < <= > >=.

    Digits in a text compare with a number as a number (`"0018" == 18`); an amount of money compares with a
    number as an amount in its own currency (`owed > 50` is fifty euros); a date compares with an ISO date in
    a text (`due < "2026-12-01"`), and with a time by its day. Texts compare by their letters, capitals first.
    """
    if word == "==":
        return equal(left, right)
    if word == "!=":
        return not equal(left, right)
    sides = _alike(left, right)
    if sides is None or isinstance(sides[0], bool):
        return False
    return ORDERS[word](_sign(sides))


def equal(left: Scalar, right: Scalar) -> bool:
    """Whether two values are the same, by the rules of `compare`."""
    if left is None or right is None:
        return left is right
    sides = _alike(left, right)
    return sides is not None and sides[0] == sides[1]


def truth(value: Scalar) -> bool:
    """Whether a value alone counts as yes: none, false, zero, no money and the empty text do not."""
    return bool(value.minor) if isinstance(value, Money) else bool(value)


def _sign(sides: Sides) -> int:
    left, right = sides
    return (left > right) - (left < right)  # type: ignore[operator]  # _alike gives two of one kind


def _alike(left: Scalar, right: Scalar) -> Sides | None:
    """Both sides as one kind of value, or None where there is no such kind."""
    if isinstance(left, bool) or isinstance(right, bool):
        return (left, right) if isinstance(left, bool) and isinstance(right, bool) else None
    if isinstance(left, Money) and isinstance(right, Money):
        return (Decimal(left.minor), Decimal(right.minor)) if left.currency == right.currency else None
    if isinstance(left, datetime) or isinstance(right, datetime):
        return (
            _both(_instant(left), _instant(right)) if _timed(left) and _timed(right) else _days(left, right)
        )
    if isinstance(left, date) or isinstance(right, date):
        return _days(left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    return _both(_number(left), _number(right))


def _both(left: Comparable | None, right: Comparable | None) -> Sides | None:
    return None if left is None or right is None else (left, right)


def _number(value: Scalar) -> Decimal | None:
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, int | float | str):
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    return None


def _timed(value: Scalar) -> bool:
    return isinstance(value, datetime) or (isinstance(value, str) and "T" in value)


def _instant(value: Scalar) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None


def _days(left: Scalar, right: Scalar) -> Sides | None:
    return _both(_day(left), _day(right))


def _day(value: Scalar) -> datetime | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        value = value.date()
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None
