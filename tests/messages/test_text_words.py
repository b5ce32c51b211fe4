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


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (1, "Il primo marzo, del primo marzo, dal primo marzo al primo marzo alle 10:00."),
        (2, "Il 2 marzo, del 2 marzo, dal 2 marzo al 2 marzo alle 10:00."),
        (8, "L'8 marzo, dell'8 marzo, dall'8 marzo all'8 marzo alle 10:00."),
        (11, "L'11 marzo, dell'11 marzo, dall'11 marzo all'11 marzo alle 10:00."),
        (18, "Il 18 marzo, del 18 marzo, dal 18 marzo al 18 marzo alle 10:00."),
    ],
)
def test_italian_writes_each_day_of_the_month_with_its_article(day: int, written: str) -> None:
    words = "Il {day}, del {day}, dal {day} al {at}."
    book = TextBook({"days": {"it": words, "en": "{day} {at}", "ru": "il {day} {at}"}})
    fields = {"day": date(2026, 3, day), "at": datetime(2026, 3, day, 9, tzinfo=UTC)}
    said = book.words("days", "it", fields, zone="Europe/Rome")
    assert said == written
    assert size_of(said).alphabet is Alphabet.GSM  # a sign outside it would make the text twice as dear
    assert book.words("days", "ru", fields).startswith(f"il {day} марта ")


def test_only_dates_take_an_article_away() -> None:
    book = TextBook({"due": dict.fromkeys(("it", "en", "ru"), "al {name}, il {at:clock}")})
    fields = {"name": "8", "at": datetime(2026, 3, 8, 8, tzinfo=UTC)}
    assert book.words("due", "it", fields) == "al 8, il 08:00"


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
