"""The OpenAPI 3.1 document, from the routes of the application."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel

from users import Right
from web.access import API, access_of
from web.openapi.describe import Described, Shape, as_schema, described_as

VERSION: Final = "1"
PROBLEM: Final = "#/components/schemas/Problem"
_WRITES: Final = frozenset({"post", "put", "patch"})
_PIECE: Final = re.compile(r"\{(\w+)(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}")
_REFUSALS: Final = {
    "400": "What was asked makes no sense; `field` names what is wrong.",
    "401": "No token, or none that holds.",
    "403": "The token's rights are not enough.",
    "404": "There is nothing here.",
    "409": "It does not go with how things stand.",
    "422": "The idempotency key was used for another body.",
    "429": "Too many requests; `Retry-After` says when to go on.",
    "503": "The database or the voice core is away; try again.",
}


def document(app: web.Application, *, company: str) -> dict[str, Any]:
    """All that is below `/api`, but for the document itself and its page."""
    paths: dict[str, dict[str, Any]] = {}
    for route in api_routes(app):
        path = _PIECE.sub(r"{\1}", _canonical(route))
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{company} REST API",
            "version": VERSION,
            "description": _ABOUT,
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": tag} for tag in sorted({_tag(path) for path in paths})],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
        },
    }


def api_routes(app: web.Application) -> Iterator[web.AbstractRoute]:
    """The routes of the API, each once."""
    for route in app.router.routes():
        if route.method != "HEAD" and _canonical(route).startswith(f"{API}v1/"):
            yield route


def _operation(route: web.AbstractRoute, path: str) -> dict[str, Any]:
    told = described_as(route.handler) or Described()
    summary, more = _words(route)
    access = access_of(route.handler)
    rights = sorted(access.rights) if access else []
    method = route.method.lower()
    operation: dict[str, Any] = {
        "operationId": _operation_id(method, path),
        "tags": [_tag(path)],
        "summary": summary,
        "description": "\n\n".join(part for part in (more, told.words, _whom(rights)) if part),
        "parameters": [*_in_path(path), *_in_query(told), *_key(method)],
        "responses": _responses(told, method),
    }
    if method in _WRITES and (body := _body(told)):
        operation["requestBody"] = body
    if not operation["parameters"]:
        del operation["parameters"]
    return operation


def _responses(told: Described, method: str) -> dict[str, Any]:
    shape = _schema(told.answer) or {}
    answers: dict[str, Any] = {
        str(told.status): {
            "description": "Done.",
            **({"content": {told.gives: {"schema": shape}}} if told.status != 204 else {}),  # noqa: PLR2004
        }
    }
    answers |= {str(status): {"description": words} for status, words in told.also.items()}
    refusals = {code: words for code, words in _REFUSALS.items() if code != "422" or method == "post"}
    for code, words in refusals.items():
        answers.setdefault(
            code,
            {"description": words, "content": {"application/problem+json": {"schema": {"$ref": PROBLEM}}}},
        )
    return answers


def _body(told: Described) -> dict[str, Any] | None:
    if told.takes != "application/json":
        return {"required": told.needed, "content": {told.takes: {"schema": _schema(told.body) or {}}}}
    shape = _schema(told.body) or {"type": "object"}
    return {"required": told.needed, "content": {"application/json": {"schema": shape}}}


def _schema(shape: Shape) -> dict[str, Any] | None:
    if shape is None:
        return None
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return shape.model_json_schema()
    assert isinstance(shape, Mapping)  # noqa: S101  (for the type checker)
    return dict(shape)


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _in_query(told: Described) -> list[dict[str, Any]]:
    found = []
    for name, said in told.query.items():
        schema = dict(as_schema(said))
        words = schema.pop("description", "")
        needed = bool(schema.pop("needed", False))
        found.append(
            {"name": name, "in": "query", "required": needed, "description": words, "schema": schema}
        )
    return found


def _key(method: str) -> list[dict[str, Any]]:
    if method != "post":
        return []
    return [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same key within 24 hours is answered as the first time, and done once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        }
    ]


def _words(route: web.AbstractRoute) -> tuple[str, str]:
    text = inspect.getdoc(route.handler) or ""
    first, _, more = text.partition("\n\n")
    return " ".join(first.split()), more.strip()


def _whom(rights: list[Right]) -> str:
    if not rights:
        return ""
    names = [f"`{right}`" for right in rights]
    return f"Right: {' or '.join(names)}."


def _operation_id(method: str, path: str) -> str:
    words = [word for word in re.split(r"[^A-Za-z0-9]+", path.removeprefix(f"{API}v1/")) if word]
    return "_".join([method, *words])


def _tag(path: str) -> str:
    return path.removeprefix(f"{API}v1/").partition("/")[0]


def _canonical(route: web.AbstractRoute) -> str:
    return route.resource.canonical if route.resource else ""


_ABOUT: Final = """Everything that the pages show and do, for programs.

Send a token as `Authorization: Bearer …`. Tokens are made on one's account page or with
`centralino users token`; each has some of its owner's rights, which are its scopes.

Errors are problem details (RFC 9457) with a stable `error_id`. What comes a page at a time takes `limit` and
`cursor`. A POST with an `Idempotency-Key` is done once. Times are ISO 8601 with a zone, numbers E.164, money
in minor units with its currency."""

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "error_id", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "`urn:centralino:problem:` and the error's id"},
        "error_id": {"type": "string", "description": "a stable name for programs"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong, in words for a person"},
        "field": {"type": "string", "description": "the field, parameter or option that it is about"},
    },
}
