"""What stands in a cell, as people of different countries write it; and what a header's words mean."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dialer.lists.cells import read_date, read_decimal, read_moment, read_money, read_number
from dialer.lists.columns import Field, lay_out
from dialer.lists.parsing import masked
from dialer.lists.workbooks import shown
from values import BadInputError, Money

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("1.234,56", "IT", "1234.56"),
        ("1,234.56", "US", "1234.56"),
        ("1.234", "IT", "1234"),
        ("1.234", "US", "1.234"),
        ("1,234", "US", "1234"),
        ("12.5", "IT", "12.5"),
        ("-12,5", "IT", "-12.5"),
        ("1'234.50", "CH", "1234.50"),
        ("1 234 567,8", "FR", "1234567.8"),
        ("1.234.567", "IT", "1234567"),
        ("0.853", "IT", "0.853"),  # nobody writes 853 so
        ("-0.853", "IT", "-0.853"),
        ("0,853", "US", "0.853"),
        ("1234.567", "IT", "1234.567"),
        ("-1.234", "IT", "-1234"),
        ("100.000", "IT", "100000"),
    ],
)
def test_separators_are_read_as_the_country_writes_them(text: str, country: str, expected: str) -> None:
    assert read_decimal(text, country) == Decimal(expected)


@given(some.integers(-(10**9), 10**9))
def test_amounts_come_back_as_they_were_written(cents: int) -> None:
    money = Money(cents)
    for country, mark in (("IT", ","), ("US", ".")):
        grouped = f"{abs(cents) // 100:,}".replace(",", "." if mark == "," else ",")
        text = f"{'-' if cents < 0 else ''}{grouped}{mark}{abs(cents) % 100:02d}"
        assert read_money(text, country, "EUR") == money


@pytest.mark.parametrize(
    ("cell", "read"),
    [(1.234, 1.234), (0.853, 0.853), (-12.5, -12.5), (1234.0, 1234), (7, 7), (2.5e-7, 2.5e-7)],
)
def test_a_workbooks_number_is_that_number_in_every_country(cell: float, read: float) -> None:
    for country in ("IT", "US"):
        assert read_number(shown(cell), country) == read
    assert read_number(shown("1.234"), "IT") == 1234  # a text that somebody typed there
    assert shown(1.234) == "1.234"  # in a column of text


def test_amounts_name_their_currency_or_take_the_files() -> None:
    assert read_money("€ 12,50", "IT", "USD") == Money(1250, "EUR")
    assert read_money("12.50 CHF", "CH", "EUR") == Money(1250, "CHF")
    assert read_money("12", "IT", "EUR") == Money(1200, "EUR")
    for wrong in ("12,505", "twelve", "", "--1"):
        with pytest.raises(BadInputError):
            read_money(wrong, "IT", "EUR") if wrong != "12,505" else read_money("1,5051", "IT", "EUR")


def test_days_and_moments() -> None:
    assert read_date("24/12/2026", "IT") == read_date("12/24/2026", "US") == date(2026, 12, 24)
    assert read_date("2026-12-24", "IT") == read_date("24.12.26", "DE") == date(2026, 12, 24)
    assert read_moment("24/12/2026", "IT", "Europe/Rome") == datetime(2026, 12, 23, 23, tzinfo=UTC)
    assert read_moment("24/12/2026", "IT", "Europe/Rome", end=True) == datetime(2026, 12, 24, 23, tzinfo=UTC)
    assert read_moment("2026-12-24T18:30", "IT", "Europe/Rome") == datetime(2026, 12, 24, 17, 30, tzinfo=UTC)
    assert read_moment("2026-12-24T18:30", "IT", "") == datetime(2026, 12, 24, 17, 30, tzinfo=UTC)  # in Rome
    assert read_moment("2026-12-24T18:30-05:00", "IT", "") == datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    assert read_number("42", "IT") == 42
    for wrong in ("31/02/2026", "tomorrow", "1/2"):
        with pytest.raises(BadInputError):
            read_date(wrong, "IT")


def test_a_header_is_understood_in_the_languages_people_write() -> None:
    found = lay_out(
        ["Codice Cliente", "Cellulare", "Telefono 2", "Priorità", "Nome", "money:Importo dovuto"], {}
    )
    assert (found.numbers, found.single) == ((1, 2), {"customer_id": 0, "priority": 3})
    assert found.fields == (Field(4, "nome", "text"), Field(5, "importo_dovuto", "money"))


def test_what_the_plan_says_wins_over_the_header() -> None:
    said = {"number": "Casa", "number2": "3", "customer_id": "Id", "date:due": "Data", "-": "Note"}
    found = lay_out(["Id", "Casa", "Ufficio", "Telefono", "Data", "Note"], said)
    assert (found.numbers, found.single["customer_id"]) == ((1, 2), 0)
    assert found.fields == (Field(4, "due", "date"), Field(3, "telefono", "text"))


def test_a_header_in_another_alphabet_is_told_apart_and_named_as_flows_write() -> None:
    header = ["Имя", "Телефон", "Код клиента", "Ёлка и сад", "氏名", "Сумма долга", "money:К оплате"]
    found = lay_out(header, {"number:due": "сумма долга"})
    assert (found.numbers, found.single) == ((1,), {"customer_id": 2})
    assert [(each.column, each.name, each.kind) for each in found.fields] == [
        (5, "due", "number"), (0, "imya", "text"), (3, "elka_i_sad", "text"), (4, "column_5", "text"),
        (6, "k_oplate", "money"),
    ]  # fmt: skip


def test_each_column_in_another_alphabet_is_found_by_its_own_name() -> None:
    header = ["Имя", "Город", "Рабочий", "Домашний"]
    found = lay_out(header, {"number": "Домашний", "number2": "рабочий", "text:town": "город"})
    assert found.numbers == (3, 2)
    assert found.fields == (Field(1, "town", "text"), Field(0, "imya", "text"))
    with pytest.raises(BadInputError, match="there is no column 'Почта'"):
        lay_out(header, {"number": "Почта"})


def test_a_column_is_taken_by_its_very_name_before_one_that_is_like_it() -> None:
    found = lay_out(["tel", "Tel", "TEL."], {"number": "Tel", "-": "tel", "-2": "TEL."})
    assert found.numbers == (1,)


def test_no_column_that_nobody_has_asked_for_makes_a_file_useless() -> None:
    found = lay_out(["number", "Imya", "Имя", "%", "note: what"], {})
    assert [each.name for each in found.fields] == ["imya", "column_3", "column_4", "note_what"]


@pytest.mark.parametrize(
    ("header", "mapping", "words"),
    [
        (["Nome", "Id"], {}, "no column is known to hold a telephone number"),
        (["Telefono"], {"number": "Tel"}, "there is no column 'Tel'; there are: Telefono"),
        (["Telefono", "A"], {"colour:a": "A"}, "one of the kinds"),
        (["Telefono", "A b", "a-B"], {}, "two columns are called 'a_b'"),
    ],
)
def test_a_header_that_does_not_fit_is_refused_in_words(
    header: list[str], mapping: dict[str, str], words: str
) -> None:
    with pytest.raises(BadInputError) as told:
        lay_out(header, mapping)
    assert words in str(told.value)
    assert told.value.field == "map"


def test_a_report_shows_no_number_whole() -> None:
    assert masked("329 000 0017") == "•••••••••017"
    assert masked("Anna, 3290000017 / 12") == "Anna, •••••••017 / 12"
