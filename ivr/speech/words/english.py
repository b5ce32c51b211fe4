"""Values in English words."""

from datetime import date, time
from decimal import Decimal

from num2words import num2words

from ivr.speech.words.grammar import Plural, cardinal, split_money
from values import Money

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SIGNS = {"+": "plus", "-": "dash", "*": "star", "#": "hash", "/": "slash", ".": "dot"}
_CENT = Plural("cent", "cents")
_CURRENCIES = {
    "EUR": (Plural("euro", "euros"), _CENT),
    "USD": (Plural("dollar", "dollars"), _CENT),
    "GBP": (Plural("pound", "pounds"), Plural("penny", "pence")),
    "CHF": (Plural("franc", "francs"), Plural("centime", "centimes")),
    "RUB": (Plural("rouble", "roubles"), Plural("kopeck", "kopecks")),
}
_NOON = 12
_EVENING = 18


class English:
    """English: `the third of March`, `two thirty in the afternoon`."""

    def number(self, value: Decimal) -> str:
        """A quantity."""
        return cardinal(value, "en").replace(",", "")

    def money(self, value: Money) -> str:
        """`seventy-two euros and fifty cents`."""
        negative, major, minor = split_money(value)
        unit, cent = _CURRENCIES.get(value.currency, (Plural(value.currency, value.currency), _CENT))
        parts = []
        if major or not minor:
            parts.append(self._counted(major, unit))
        if minor:
            parts.append(self._counted(minor, cent))
        return ("minus " if negative else "") + " and ".join(parts)

    def _counted(self, count: int, thing: Plural) -> str:
        return f"{self.number(Decimal(count))} {thing.one if count == 1 else thing.many}"

    def day(self, value: date, *, year: bool, before: str) -> str:
        """`Tuesday the third of March`; after `the` it is `third of March`."""
        words = f"{num2words(value.day, lang='en', to='ordinal')} of {_MONTHS[value.month - 1]}"
        if not before.endswith(" the"):
            words = f"{_DAYS[value.weekday()]} the {words}"
        return f"{words} {num2words(value.year, lang='en', to='year')}" if year else words

    def hour(self, value: time, *, before: str) -> str:  # noqa: ARG002  (its form never changes)
        """By the twelve-hour clock: `two oh five in the afternoon`."""
        if not value.minute and value.hour in (0, _NOON):
            return "noon" if value.hour else "midnight"
        words = self.number(Decimal(value.hour % _NOON or _NOON))
        if value.minute:
            minute = self.number(Decimal(value.minute))
            words += f" oh {minute}" if value.minute < 10 else f" {minute}"  # noqa: PLR2004
        if value.hour < _NOON:
            return f"{words} in the morning"
        return f"{words} in the {'afternoon' if value.hour < _EVENING else 'evening'}"

    def character(self, character: str) -> str:
        """A digit, letter or sign when spelled out."""
        return _DIGITS[int(character)] if character.isdecimal() else _SIGNS.get(character, character.upper())

    def flag(self, value: bool) -> str:
        """Yes or no."""
        return "yes" if value else "no"
