"""What a text says, and how many messages the network makes of it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from messages.sms import Alphabet, TextBook, size_of
from values import BadInputError

pytestmark = pytest.mark.unit
BOOK = """
moved:
  it: "Gentile {name}, il nuovo giorno è il {day}, dalle {at:clock}."
  en: "Dear {name}, the new day is {day}, from {at:clock}."
  ru: "{name}, новый день: {day}, с {at:clock}."
due:
  it: "Entro {at}."
  en: "By {at}."
  ru: "До {at}."
"""


@pytest.fixture
def book(tmp_path: Path) -> TextBook:
    (tmp_path / "texts.yaml").write_text(BOOK, encoding="utf-8")
    return TextBook.load(tmp_path / "texts.yaml")


def test_days_and_times_are_written_as_people_write_them_where_they_live(book: TextBook) -> None:
    told = {"name": "Anna\nRossi", "day": date(2026, 3, 9), "at": datetime(2026, 3, 9, 8, 30, tzinfo=UTC)}

    def said(language: str) -> str:
        return book.words("moved", language, told, zone="Europe/Rome")

    assert said("it") == "Gentile Anna Rossi, il nuovo giorno è il 9 marzo, dalle 09:30."
    assert said("en") == "Dear Anna Rossi, the new day is 9 March, from 09:30."
    assert said("ru") == "Anna Rossi, новый день: 9 марта, с 09:30."
    assert book.words("due", "it", told, zone="Europe/Rome") == "Entro 9 marzo alle 09:30."
    assert said("de") == said("it")


def test_a_book_that_would_fail_at_night_is_refused_by_day(book: TextBook) -> None:
    with pytest.raises(BadInputError, match="ru"):
        TextBook({"a": {"it": "x", "en": "x"}})
    with pytest.raises(BadInputError, match="other fields"):
        TextBook({"a": {"it": "{x}", "en": "{y}", "ru": "{x}"}})
    with pytest.raises(BadInputError, match="needs the field day"):
        book.words("moved", "it", {"name": "A"})
    with pytest.raises(BadInputError, match="no text"):
        book.words("gone", "it", {})


@pytest.mark.parametrize(
    ("words", "alphabet", "segments"),
    [
        ("a" * 160, Alphabet.GSM, 1),
        ("a" * 161, Alphabet.GSM, 2),
        ("è" * 306, Alphabet.GSM, 2),
        ("è" * 307, Alphabet.GSM, 3),
        ("€" * 80, Alphabet.GSM, 1),
        ("a" * 152 + "€" + "a" * 153, Alphabet.GSM, 3),  # the euro sign is not cut in two
        ("я" * 70, Alphabet.UCS2, 1),
        ("я" * 71, Alphabet.UCS2, 2),
        ("😀" * 35, Alphabet.UCS2, 1),
        ("a" * 160 + "’", Alphabet.UCS2, 3),  # one sign outside makes all of it dear
    ],
)
def test_segments_are_counted_as_the_network_counts_them(
    words: str, alphabet: Alphabet, segments: int
) -> None:
    size = size_of(words)
    assert (size.alphabet, size.segments) == (alphabet, segments)
