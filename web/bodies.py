"""What a request carries: its JSON body, the values in it, and who is asking."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import orjson
from aiohttp import web

from values import BadInputError
from web.access import who

DEEPEST: Final = 100
"""Things inside each other; nothing that is asked of us is nearly that deep."""


def operator(request: web.Request) -> str:
    """Who is asking, for the history: the user; with our own token whom `X-Operator` names, or `api`."""
    return who(request).name


async def body_of(request: web.Request, known: Collection[str] | None = None) -> dict[str, Any]:
    """The body: a JSON object; no body is an empty one. With `known`, a name not among them is refused.

    Raises `BadInputError` naming the field, `body` for the whole.
    """
    data = await request.read()
    if not data.strip():
        return {}
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as problem:
        raise BadInputError(f"is no JSON: {problem}", field="body") from problem
    if not isinstance(body, dict):
        raise BadInputError("write a JSON object, as in {}", field="body")
    _check(body)
    if known is not None:
        check_fields(body, known)
    return body


def check_fields(body: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse a name that nobody knows: a mistyped field must not pass for one left out."""
    if unknown := sorted(set(body) - set(known)):
        raise BadInputError(
            f"there is no such field; there are: {', '.join(sorted(known))}", field=unknown[0]
        )


def _check(value: Any, field: str = "body", depth: int = 0) -> None:
    """Not too deep; and no name and no text holds a NUL, of which PostgreSQL takes none."""
    if depth > DEEPEST:
        raise BadInputError(f"has more than {DEEPEST} things inside each other", field="body")
    if isinstance(value, str) and "\0" in value:
        raise BadInputError("holds a character that no text has", field=field)
    if isinstance(value, Mapping):
        for name, each in value.items():
            _check(name, field)
            _check(each, name, depth + 1)
    if isinstance(value, list):
        for each in value:
            _check(each, field, depth + 1)
