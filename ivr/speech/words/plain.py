"""Values in a language without a grammar of its own: plain, but never silent."""

from datetime import date, time
from decimal import Decimal

from ivr.speech.words.grammar import cardinal
from values import Money


class Plain:
    """Numbers by num2words where it knows the language, everything else as figures for the engine to read."""

    def __init__(self, language: str) -> None:
        self._language = language

    def number(self, value: Decimal) -> str:
        """A quantity."""
        try:
            return cardinal(value, self._language)
        except NotImplementedError:
            return f"{value:f}"

    def money(self, value: Money) -> str:
        """Figures and the currency's code."""
        return str(value)

    def day(self, value: date, *, year: bool, before: str) -> str:  # noqa: ARG002  (a face shared with the others)
        """Day, month and year in figures."""
        return f"{value.day}. {value.month}. {value.year}" if year else f"{value.day}. {value.month}."

    def hour(self, value: time, *, before: str) -> str:  # noqa: ARG002  (its form never changes)
        """Hours and minutes in figures."""
        return f"{value:%H:%M}"

    def character(self, character: str) -> str:
        """A digit in words, anything else as it is."""
        return self.number(Decimal(character)) if character.isdecimal() else character

    def flag(self, value: bool) -> str:
        """One or zero."""
        return self.number(Decimal(int(value)))
