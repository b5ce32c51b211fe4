"""What is wrong with an event, in words for whoever sends it. Never repeats a number or a name."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.language.problems import did_you_mean, listing
from proactive.events.kinds import KINDS

_WORDS: Final[Mapping[str, str]] = {
    "missing": "is needed",
    "timezone_aware": "the time has no zone; write Z or an offset behind it, as in 2026-11-25T10:00:00+01:00",
    "datetime_type": "write a time as in 2026-11-25T10:00:00+01:00",
    "datetime_parsing": "write a time as in 2026-11-25T10:00:00+01:00",
    "datetime_from_date_parsing": "write a time as in 2026-11-25T10:00:00+01:00",
    "date_type": "write a day as in 2026-11-30",
    "date_parsing": "write a day as in 2026-11-30",
    "date_from_datetime_parsing": "write a day as in 2026-11-30",
    "date_from_datetime_inexact": "write a day as in 2026-11-30",
    "string_type": "write a text",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "list_type": "write a list",
    "model_type": "write an object",
    "string_unicode": "holds characters that no text has",
}
_PATTERNS: Final[Mapping[str, str]] = {
    "number": "write the number in E.164, as in +393290000017",
    "cycle": "write a month as in 2026-11",
    "currency": "write three capitals, as in EUR",
}
_OF_THE_WHOLE: Final = {"who": "customer"}


def what_is_wrong(error: ValidationError, given: Mapping[str, Any]) -> tuple[str, str]:
    """The field, and what to do about it; of several mistakes the first."""
    found = error.errors(include_url=False, include_input=False)[0]
    kind = found["type"]
    if kind == "union_tag_not_found":
        return "type", f"is needed; it is one of {listing(KINDS, at_most=20)}"
    if kind == "union_tag_invalid":
        told = given.get("type")
        like = did_you_mean(told, KINDS) if isinstance(told, str) else ""
        return "type", f"there is no such type of event{like}; there are {listing(KINDS, at_most=20)}"
    field = ".".join(str(part) for part in found["loc"][1:])
    if kind == "order":
        field, _, words = found["msg"].partition(": ")
        return field, words
    if kind in _OF_THE_WHOLE:
        return _OF_THE_WHOLE[kind], found["msg"]
    return field or "body", _words(found, field, given)


def _words(found: ErrorDetails, field: str, given: Mapping[str, Any]) -> str:
    kind = found["type"]
    if kind == "extra_forbidden":
        known = KINDS[str(given["type"])].model_fields
        words = f"{given['type']} has no such field{did_you_mean(field, known)}"
        return f"{words}; it has {listing(known, at_most=20)}"
    last = field.rpartition(".")[2]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(last, "holds blanks or characters that do not belong there")
    return _WORDS.get(kind, found["msg"][:1].lower() + found["msg"][1:])
