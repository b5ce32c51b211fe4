"""What is wrong with an event, in words for whoever sends it. Never repeats a number or a name."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ivr.language.problems import did_you_mean, listing
from proactive.events.kinds import KINDS
from values import what_to_do

_WORDS: Final[Mapping[str, str]] = {"list_type": "write a list", "model_type": "write an object"}
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
    return _WORDS.get(kind) or what_to_do(found)
