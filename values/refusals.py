"""What is wrong with data that has a form, in the house's words: the field, and what to do about it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from values.errors import BadInputError
from values.nearest import nearest

_LISTED: Final = 20
_TIME: Final = "write a time as in 2026-11-25T10:00:00+01:00"
_DAY: Final = "write a day as in 2026-11-30"
_WORDS: Final[Mapping[str, str]] = {
    "missing": "is needed",
    "timezone_aware": f"the time has no zone; {_TIME}",
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "string_type": "write a text",
    "string_unicode": "holds characters that no text has",
    "string_pattern_mismatch": "holds blanks or characters that do not belong there",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "finite_number": "write a number",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "list_type": "write a list, as in [a, b]",
    "tuple_type": "write a list, as in [a, b]",
    "dict_type": "write names with values, as in {a: 1}",
    "model_type": "write names with values, as in {a: 1}",
    "model_attributes_type": "write names with values, as in {a: 1}",
}
_BOUNDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "greater_than": lambda ctx: f"write a number above {ctx['gt']:g}",
    "greater_than_equal": lambda ctx: f"write {ctx['ge']:g} or more",
    "less_than": lambda ctx: f"write a number below {ctx['lt']:g}",
    "less_than_equal": lambda ctx: f"write {ctx['le']:g} or less",
    "string_too_long": lambda ctx: f"write at most {ctx['max_length']} characters",
    "string_too_short": lambda ctx: _at_least(ctx["min_length"], " characters"),
    "too_long": lambda ctx: f"write at most {ctx['max_length']}",
    "too_short": lambda ctx: _at_least(ctx["min_length"], ""),
    "literal_error": lambda ctx: f"write {ctx['expected']}",
    "enum": lambda ctx: f"write {ctx['expected']}",
}


def refused(problem: ValidationError, *, at: str = "", known: Iterable[str] = ()) -> BadInputError:
    """The first mistake, a misspelt field before all others: of these it may be the cause.

    `at` stands before its field; `known`: the fields there are.
    """
    mistakes = problem.errors(include_url=False, include_input=False)
    found = next((each for each in mistakes if each["type"] == "extra_forbidden"), mistakes[0])
    field = ".".join([*([at] if at else []), *(str(part) for part in found["loc"])])
    return BadInputError(what_to_do(found, known), field=field or None)


def what_to_do(found: ErrorDetails, known: Iterable[str] = ()) -> str:
    """One mistake in words."""
    kind = found["type"]
    if kind == "extra_forbidden":
        return no_such(str(found["loc"][-1]), known, "field")
    if kind in _BOUNDS:
        return _BOUNDS[kind](found.get("ctx", {}))
    words = found["msg"].removeprefix("Value error, ")
    return _WORDS.get(kind) or words[:1].lower() + words[1:]


def no_such(word: str, known: Iterable[str], what: str) -> str:
    """`there is no area 'voise'; did you mean 'voice'? There are adsl, commercial, voice`."""
    there = sorted(str(each) for each in known)
    near = nearest(word, there, most=3)
    like = f"; did you mean {' or '.join(map(repr, near))}?" if near else ";" if there else ""
    more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
    listed = f" {'There' if near else 'there'} are {', '.join(there[:_LISTED])}{more}" if there else ""
    return f"there is no {what} {word[:60]!r}{like}{listed}"


def _at_least(count: int, what: str) -> str:
    return "must not be empty" if count == 1 else f"write at least {count}{what}"
