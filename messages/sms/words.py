"""The words of texts as data: a YAML file of templates by name and language, with fields in braces.

    moved:
      it: "Gentile {customer_name}, il collegamento è stato spostato al {planned}."

A date comes as `3 marzo`, a time with its hour too, `{at:clock}` with its hour alone; all else as it is.
Italian says `il primo marzo`, and before a vowel `l'8 marzo`, `dall'11 marzo`: the template has `il`, `dal`.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from messages.sms.queue import LONGEST
from values import BadInputError, Scalar, from_yaml

LANGUAGES: Final = ("it", "en", "ru")
_FIELD: Final = re.compile(r"(?P<before>\b[^\W\d]+ )?\{(?P<name>[a-z_]+)(?P<clock>:clock)?\}")
_ELIDED: Final[Mapping[str, str]] = {"il ": "l'", "al ": "all'", "dal ": "dall'", "del ": "dell'"}
"""What Italian writes before a day whose number begins with a vowel."""
_VOWELS: Final = frozenset({8, 11})
_MONTHS: Final[Mapping[str, str]] = {
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_AT: Final[Mapping[str, str]] = {"it": "{day} alle {hour}", "en": "{day} at {hour}", "ru": "{day} в {hour}"}


class TextBook:
    """A room's texts, checked as they are read."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        """Raises `BadInputError` naming a text that a language lacks, or whose fields differ."""
        self._texts = texts
        for name, by_language in texts.items():
            lacking = [each for each in LANGUAGES if not by_language.get(each, "").strip()]
            if lacking:
                raise BadInputError(f"{name} has no words in {', '.join(lacking)}", field=name)
            if len({frozenset(_names(words)) for words in by_language.values()}) > 1:
                raise BadInputError(f"{name} names other fields in another language", field=name)

    @staticmethod
    def load(path: Path) -> "TextBook":
        """Read a file. Raises `BadInputError` naming it."""
        return TextBook(from_yaml(path.read_bytes(), field=path.name))

    @property
    def names(self) -> frozenset[str]:
        """What it holds."""
        return frozenset(self._texts)

    def fields(self, name: str) -> frozenset[str]:
        """What a text has to be told. Raises `BadInputError` for a text that is not there."""
        return frozenset(_names(self._template(name, LANGUAGES[0])))

    def words(self, name: str, language: str, fields: Mapping[str, Scalar], *, zone: str = "UTC") -> str:
        """A text in a language (another than ours: the first), with its fields; times as `zone` has them.

        Raises `BadInputError` for a text that is not there and for a field that is missing.
        """
        language = language if language in LANGUAGES else LANGUAGES[0]
        place = ZoneInfo(zone or "UTC")

        def said(match: re.Match[str]) -> str:
            value, before = fields.get(match["name"]), match["before"] or ""
            if value is None:
                raise BadInputError(f"{name} needs the field {match['name']}", field=match["name"])
            if match["clock"] and isinstance(value, datetime):
                return f"{before}{_local(value, place):%H:%M}"
            if language == "it" and isinstance(value, date):
                before = _article(before, _date(value, place))
            return before + _said(value, language, place)

        return _FIELD.sub(said, self._template(name, language))[:LONGEST]

    def _template(self, name: str, language: str) -> str:
        if name not in self._texts:
            raise BadInputError(f"there is no text {name!r}", field="text")
        return self._texts[name][language]


def _names(words: str) -> list[str]:
    return [found["name"] for found in _FIELD.finditer(words)]


def _said(value: Scalar, language: str, place: tzinfo) -> str:
    if isinstance(value, datetime):
        hour = f"{_local(value, place):%H:%M}"
        return _AT[language].format(day=_day(_date(value, place), language), hour=hour)
    if isinstance(value, date):
        return _day(value, language)
    return " ".join(str(value).split())


def _article(before: str, day: date) -> str:
    """The word before a date in Italian, elided where the day asks for it."""
    elided = _ELIDED.get(before.lower()) if day.day in _VOWELS else None
    if elided is None:
        return before
    return elided.capitalize() if before[0].isupper() else elided


def _date(value: date, place: tzinfo) -> date:
    return _local(value, place).date() if isinstance(value, datetime) else value


def _local(value: datetime, place: tzinfo) -> datetime:
    """As clocks there show it; a time without a zone is one already."""
    return value.astimezone(place) if value.tzinfo else value


def _day(day: date, language: str) -> str:
    # "1º" is not of the GSM alphabet and would make the text twice as dear
    number = "primo" if language == "it" and day.day == 1 else day.day
    return f"{number} {_MONTHS[language].split()[day.month - 1]}"
