"""What a language must know to speak the values of a call. Pure: values in, words out."""

from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from num2words import num2words

from values import Money

_SPOKEN_DECIMALS = Decimal("0.001")


class Grammar(Protocol):
    """One language. Every method gives plain words without punctuation, except commas that are pauses."""

    def number(self, value: Decimal) -> str:
        """A quantity: 21 → `ventuno`, 2.5 → `due virgola cinque`."""
        ...

    def money(self, value: Money) -> str:
        """An amount in full: 72.50 EUR → `settantadue euro e cinquanta`."""
        ...

    def day(self, value: date, *, year: bool, before: str) -> str:
        """A date, with its year on request. `before` are the words just before it, in lower case."""
        ...

    def hour(self, value: time, *, before: str) -> str:
        """A time of day, to the minute. `before` as for a day."""
        ...

    def character(self, character: str) -> str:
        """A digit, letter or sign when spelled out."""
        ...

    def flag(self, value: bool) -> str:
        """Yes or no."""
        ...


@dataclass(frozen=True, slots=True)
class Plural:
    """The forms of a counted thing: one, few (only where a language has them), many."""

    one: str
    many: str
    few: str = ""


def cardinal(value: Decimal, language: str) -> str:
    """A number by num2words, which is right for whole numbers and plain decimals in our languages.

    Decimals are rounded to three places and lose their trailing zeros, so that 2.50 is not read as fifty.
    """
    rounded = value.quantize(_SPOKEN_DECIMALS, rounding=ROUND_HALF_UP).normalize() if value % 1 else value
    whole = rounded == rounded.to_integral_value()
    # a Decimal loses its fraction in the Italian of num2words; a float of three places keeps it
    return str(num2words(int(rounded) if whole else float(rounded), lang=language))


def split_money(value: Money) -> tuple[bool, int, int]:
    """Whether it is negative, and its whole major and remaining minor units."""
    major, minor = divmod(abs(value.minor), 100)
    return value.minor < 0, major, minor
