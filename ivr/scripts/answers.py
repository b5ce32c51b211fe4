"""A value as the answers' table keeps it, for people to read and for reports to reckon with. Pure."""

from datetime import date, datetime

from ivr.scripts.view import as_typed
from values import Money, Scalar


def answer_columns(value: Scalar) -> dict[str, object]:
    """The kind, the letters and the number of a value."""
    return {"kind": kind_of(value), "text": as_typed(value), "number": number_of(value)}


def kind_of(value: Scalar) -> str:  # noqa: PLR0911  (one a kind)
    """What kind of value it is; `none` for no value."""
    match value:
        case None:
            return "none"
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case Money():
            return "money"
        case datetime():
            return "time"
        case date():
            return "date"
    return "text"


def number_of(value: Scalar) -> float | None:
    """The value as a number, where it is one."""
    match value:
        case bool() | int() | float():
            return float(value)
        case Money():
            return float(value.amount)
    return None
