"""Phone numbers in E.164."""

from typing import NewType

import phonenumbers

from values.errors import BadInputError

PhoneNumber = NewType("PhoneNumber", str)
"""A number in E.164: `+393290000017`. Made only by `parse_phone`."""


def parse_phone(text: str, country: str) -> PhoneNumber:
    """Read a number as people write it, by the rules of a country (ISO 3166, as `IT`).

    Raises `BadInputError`, saying what is wrong with it.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as problem:
        raise BadInputError(f"{text[:40]!r} is not a phone number", field="number") from problem
    if not phonenumbers.is_valid_number(number):
        raise BadInputError(f"{text[:40]!r} is not a number in use in {country}", field="number")
    return PhoneNumber(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
