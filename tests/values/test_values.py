"""The words the whole house speaks in: money, numbers, masks, values of flows, identifiers."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values import (
    BadInputError,
    CentralinoError,
    Money,
    Scalar,
    from_json,
    mask_digits,
    mask_number,
    new_id,
    parse_phone,
    to_json,
)

pytestmark = pytest.mark.unit


def test_money_adds_only_in_one_currency() -> None:
    assert Money(7000) + Money(250) == Money(7250)
    assert str(Money(7250) - Money(7300)) == "-0.50 EUR"
    with pytest.raises(BadInputError, match="EUR and RUB"):
        Money(1) + Money(1, "RUB")


@pytest.mark.parametrize("currency", ["", "EU", "eur", "EURO", "€€€"])
def test_a_currency_is_three_capitals(currency: str) -> None:
    with pytest.raises(BadInputError, match="currency"):
        Money(1, currency)


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("329 000 0017", "IT", "+393290000017"),
        ("06 7000 0000", "IT", "+390670000000"),
        ("+44 20 7946 0018", "IT", "+442079460018"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str, country: str, number: str) -> None:
    assert parse_phone(written, country) == number


@pytest.mark.parametrize("written", ["", "112", "+39", "hello", "+390000", "1' OR 1=1", "3.9E+11"])
def test_what_is_no_number_in_use_is_refused_by_name(written: str) -> None:
    with pytest.raises(BadInputError) as refused:
        parse_phone(written, "IT")
    assert refused.value.field == "number"


def test_numbers_are_masked_to_their_last_three_digits_and_short_codes_are_nobodys() -> None:
    assert mask_number("+393290000017") == "•••••••••017"
    assert mask_number("0611") == "0611"
    assert mask_number("") == ""
    assert mask_digits("12345") == "•••••"


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(Money, st.integers(-(10**9), 10**9), st.sampled_from(["EUR", "RUB"])),
)


@given(VALUES)
def test_a_flows_value_survives_json(value: Scalar) -> None:
    assert from_json(to_json(value)) == value
    assert type(from_json(to_json(value))) is type(value)


@pytest.mark.parametrize(
    "foreign",
    [
        [1],
        {"a": 1},
        {"$money": 3},
        {"$money": []},
        {"$money": ["many", "EUR"]},
        {"$date": "soon"},
        {"$time": 1},
        {"$date": "1", "x": 2},
    ],
)
def test_other_json_is_no_value_of_a_flow(foreign: object) -> None:
    with pytest.raises(BadInputError):
        from_json(foreign)


def test_dates_and_times_keep_their_kind() -> None:
    assert to_json(date(2026, 3, 2)) == {"$date": "2026-03-02"}
    assert to_json(datetime(2026, 3, 2, 9, tzinfo=UTC)) == {"$time": "2026-03-02T09:00:00+00:00"}


def test_identifiers_are_unique_and_safe_anywhere() -> None:
    made = {new_id("a") for _ in range(10_000)}
    assert len(made) == 10_000
    assert all(each.isalnum() and each.islower() and len(each) == 21 for each in made)


def test_an_error_without_words_says_what_its_class_says() -> None:
    class LostError(CentralinoError):
        """It is lost."""

    assert str(LostError()) == "It is lost."
    assert str(BadInputError("is wrong", field="age")) == "age: is wrong"
