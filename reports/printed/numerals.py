"""Numbers as people of a language write them. Pure."""

from collections.abc import Sequence
from typing import Final

from reports.definitions import Language
from reports.printed.booklet import Estimate, Said, Shape, Words

_POINT: Final = {Language.EN: ".", Language.IT: ",", Language.RU: ","}
_GROUP: Final = {Language.EN: ",", Language.IT: ".", Language.RU: "\u202f"}
_DIGITS: Final = {Shape.COUNT: 0, Shape.NUMBER: 1, Shape.FINE: 2, Shape.SHARE: 1, Shape.SCORE: 1}
MINUS: Final = "−"


def say(value: float | None, shape: Shape, language: Language, *, none: str = "–") -> str:
    """A number; `none` where there is no value."""
    if value is None:
        return none
    scaled = value * 100 if shape is Shape.SHARE else value
    digits = _DIGITS.get(shape, 0)
    if isinstance(value, float) and shape is Shape.COUNT and value != round(value):
        digits = 1
    text = f"{abs(scaled):,.{digits}f}".translate({ord(","): _GROUP[language], ord("."): _POINT[language]})
    nought = not any(letter in "123456789" for letter in text)
    sign = MINUS if scaled < 0 and not nought else "+" if shape is Shape.SCORE and not nought else ""
    return f"{sign}{text}" + ("\u00a0%" if shape is Shape.SHARE else "")


def marked(marks: Sequence[float], shape: Shape, language: Language) -> Sequence[str]:
    """The numbers at an axis, with no more digits than their steps need."""
    scale = 100 if shape is Shape.SHARE else 1
    whole = all(abs(each * scale - round(each * scale)) < 1e-6 for each in marks)  # noqa: PLR2004
    said = [say(round(each, 9), shape, language) for each in marks]
    nought = f"{_POINT[language]}{'0' * _DIGITS.get(shape, 0)}"
    return [each.replace(nought, "") for each in said] if whole and _DIGITS.get(shape) else said


def span(value: Estimate, shape: Shape, language: Language) -> str:
    """The interval of a figure, as `27.1 – 35.0`; '' where there is none."""
    if value.value is None or value.low is None or value.high is None:
        return ""
    low, high = (say(each, shape, language) for each in (value.low, value.high))
    return f"{low.removesuffix(PERCENT)}\u00a0–\u00a0{high}"


PERCENT: Final = "\u00a0%"


def cell(value: Said, shape: Shape, language: Language, words: Words) -> str:
    """Whatever stands in a cell, as a text."""
    if value is None:
        return words.none
    if isinstance(value, str):
        return value
    if isinstance(value, Estimate):
        if value.value is None:
            return value.why or words.few
        between = span(value, shape, language)
        return say(value.value, shape, language) + (f"  ({between})" if between else "")
    return say(value, shape, language)
