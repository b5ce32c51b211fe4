"""Parameters of a query as values, and answers as JSON. What makes no sense is refused by its name."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import orjson
from aiohttp import web

from values import BadInputError, check_year

MOST = 500
"""How many of anything one page has at most."""

E = TypeVar("E", bound=StrEnum)


def check_names(query: Mapping[str, str], known: Collection[str]) -> None:
    """Refuse a parameter that nobody knows: a mistyped filter must not pass for none."""
    if unknown := sorted(set(query) - set(known)):
        raise BadInputError(
            f"there is no such parameter; there are: {', '.join(sorted(known))}", field=unknown[0]
        )


def json_answer(body: Any) -> web.Response:
    """An answer; times are ISO 8601."""
    return web.Response(body=orjson.dumps(body), content_type="application/json")


def limit_of(text: str | None, *, usual: int = 50, most: int = MOST) -> int:
    """How many are wanted."""
    if text is None:
        return usual
    if not text.isascii() or not text.isdigit() or len(text) > len(str(most)) or not 1 <= int(text) <= most:
        raise BadInputError(f"write a number from 1 to {most}", field="limit")
    return int(text)


def one_of(kind: type[E], field: str, text: str | None) -> E | None:
    """One of a few words."""
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError:
        raise BadInputError(f"write one of: {', '.join(kind)}", field=field) from None


def time_of(field: str, text: str | None) -> datetime | None:
    """A moment with its zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise BadInputError("write a time as in 2026-03-02T09:00:00+01:00", field=field) from None
    if moment.tzinfo is None:
        raise BadInputError("the time has no zone; write Z or an offset behind it", field=field)
    check_year(field, moment.year)
    return moment
