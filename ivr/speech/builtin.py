"""Asterisk's own sounds, for the day when no engine speaks: figures, days and months. Pure."""

from datetime import date, datetime

from values import Money, Scalar

SIGNAL = "beep"
"""Heard in place of fixed words that cannot be said: the caller is not left with silence."""

_FIGURES = {
    **{digit: f"digits/{digit}" for digit in "0123456789"},
    "*": "digits/star",
    "#": "digits/pound",
    "-": "digits/minus",
}


def builtin(value: Scalar) -> list[str]:
    """The names of Asterisk's sounds that say a value by its figures, a date by its words; [] for text."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        # Asterisk counts days from Sunday and months from January, both from zero
        return [
            f"digits/day-{value.isoweekday() % 7}",
            *_figures(str(value.day)),
            f"digits/mon-{value.month - 1}",
        ]
    if isinstance(value, Money):
        major, minor = divmod(abs(value.minor), 100)
        return [*_figures(str(major)), *(_figures(f"{minor:02}") if minor else [])]
    if value is None or isinstance(value, bool):
        return []
    return _figures(str(value))


def _figures(text: str) -> list[str]:
    return [_FIGURES[character] for character in text if character in _FIGURES]
