"""What an answer must be: the validators a question can name, each with the reason spoken when it fails."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag

from ivr.language.basics import ActionName, Literal_, Prompt, VariableName, Word


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as problem:
        raise ValueError(f"{pattern!r} is no regular expression: {problem}") from problem
    return pattern


class CheckBase(Word):
    """What all checks share: the reason told to the caller."""

    else_: Annotated[Prompt | None, Field(alias="else")] = None
    """Why it was refused; the question's `no_match` prompts when left out."""


class Matches(CheckBase):
    """The digits match a regular expression from end to end."""

    matches: Annotated[str, AfterValidator(_compiles)]
    """The expression, as `[1-9][0-9]*`."""


class Between(CheckBase):
    """The number lies in a range, both ends included."""

    between: tuple[int, int]
    """[lowest, highest]."""


class Luhn(CheckBase):
    """The last digit is the Luhn check digit of the others, as on payment cards."""

    luhn: bool
    """`true` to check it."""


class IsDate(CheckBase):
    """The digits are a date in a layout such as `%d%m%Y`; the variable then holds the date."""

    date: str
    """The layout: `%d` day, `%m` month, `%Y` and `%y` year, `%H` hour, `%M` minute."""


class IsNumber(CheckBase):
    """The digits are a telephone number in use in a country; the variable then holds it in E.164."""

    number: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """The country, as `IT`."""


class Accepted(CheckBase):
    """An action says yes: it gets the digits as its field `value`, and must answer `ok: true`."""

    action: ActionName
    """The action, as `care.verify`."""
    with_: Annotated[dict[VariableName, Literal_], Field(alias="with")] = {}
    """Further fields of the action."""


_WORDS = ("matches", "between", "luhn", "date", "number", "action")


def _word(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((word for word in _WORDS if word in value), None)
    return next((word for word in _WORDS if hasattr(value, word)), None)


Check = Annotated[
    Annotated[Matches, Tag("matches")]
    | Annotated[Between, Tag("between")]
    | Annotated[Luhn, Tag("luhn")]
    | Annotated[IsDate, Tag("date")]
    | Annotated[IsNumber, Tag("number")]
    | Annotated[Accepted, Tag("action")],
    Discriminator(
        _word,
        custom_error_type="check_kind",
        custom_error_message=f"a check needs one of: {', '.join(_WORDS)}",
    ),
]
