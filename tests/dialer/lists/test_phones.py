"""Numbers by the million are read exactly as the library reads them one by one."""

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from dialer.gate import zones_key
from dialer.lists.phones import ExcelNumberError, Phones
from values import BadInputError, parse_phone

pytestmark = pytest.mark.unit

COUNTRIES = ["IT", "GB", "US", "FR", "DE", "ES", "CH", "AT", "RU", "AR", "MX", "BR", "VA", "SM", "CA"]
READERS = {country: Phones(country) for country in COUNTRIES}
_FORMATS = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
)


def both(text: str, country: str) -> tuple[str, str]:
    try:
        slow: str = parse_phone(text, country)
    except BadInputError:
        slow = ""
    try:
        quick: str = READERS[country].read(text)
    except BadInputError:
        quick = ""
    return quick, slow


@settings(max_examples=1500, deadline=None)
@given(
    some.sampled_from(COUNTRIES),
    some.from_regex(r"(\+|00|0|1|8|)[0-9]{0,3}[ .\-]?[0-9]{4,11}", fullmatch=True),
)
@example("IT", "+39 06698 12345")
@example("IT", "393290000017")
@example("IT", "0039 329 000 0017")
@example("GB", "+44 (0)20 7946 0000")
@example("US", "1 212 555 0123")
def test_any_digits_are_read_alike(country: str, text: str) -> None:
    quick, slow = both(text, country)
    assert quick == slow
    if slow:
        assert READERS[country].zones(parse_phone(text, country), "") == zones_key(slow, "", ())


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    "kind", [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE]
)
def test_numbers_in_use_are_read_alike_however_they_are_written(country: str, kind: int) -> None:
    sample = phonenumbers.example_number_for_type(country, kind)
    if sample is None:
        pytest.skip("the plan has none")
    for form in _FORMATS:
        text = phonenumbers.format_number(sample, form)
        for written in (
            text,
            text.replace(" ", ""),
            text.replace(" ", "-"),
            text.lstrip("+"),
            f" {text} ".strip(),
        ):
            quick, slow = both(written, country)
            assert quick == slow
            if slow:
                for zone in ("", "Europe/Rome"):
                    assert READERS[country].zones(parse_phone(written, country), zone) == zones_key(
                        slow, zone, ()
                    )


@pytest.mark.parametrize("text", ["3.9E+11", "3,93E+11", "3.9329e+11"])
def test_what_a_spreadsheet_has_rounded_is_refused_with_advice(text: str) -> None:
    with pytest.raises(ExcelNumberError, match="format the column as text"):
        READERS["IT"].read(text)


def test_what_is_no_number_is_refused_without_being_repeated() -> None:
    with pytest.raises(BadInputError, match="this is not a phone number") as told:
        READERS["IT"].read("call Anna")
    assert "Anna" not in str(told.value)
