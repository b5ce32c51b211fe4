"""What a field must not go beyond, in the words of the page. Pure."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from ivr.scripts.lettering import lettered

_ANYWHERE = ZoneInfo("UTC")
"""A bound is a day or a number; neither depends on a zone."""

Bound = float | date | None


def bounds_in(language: str) -> Callable[[Bound], str]:
    """For a template: a bound as its language writes it."""

    def told(bound: Bound) -> str:
        if bound is None:
            return ""
        value = int(bound) if isinstance(bound, float) and bound.is_integer() else bound
        return lettered(value, language, _ANYWHERE)

    return told
