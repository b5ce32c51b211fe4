"""What a handler says of itself: its parameters, its body, its answer. Its docstring is the summary.

    @routes.get("/api/v1/calls")
    @allowed(Right.CALLS)
    @described(query={**PAGE, "flow": "the flow that it ran"}, answer=listing("calls", CALL))
    async def calls(request): ...

A route that says nothing is told all the same, by its path, its docstring and whom it lets in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel

H = TypeVar("H", bound=Callable[..., Any])

Schema = Mapping[str, Any]
"""JSON Schema."""
Shape = Schema | type[BaseModel] | None
Parameters = Mapping[str, str | Schema]
"""By name: its meaning, or its schema with a description."""

_TOLD: Final = "centralino_described"

TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
ANSWERS: Final = "answers"

PAGE: Final[Parameters] = {
    "limit": {
        "type": "integer", "minimum": 1, "maximum": 500, "default": 50, "description": "how many at most",
    },
    "cursor": "go on behind a page: the `cursor` of its answer",
}  # fmt: skip
"""The parameters of what comes a page at a time."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a handler."""

    query: Parameters = field(default_factory=dict)
    body: Shape = None
    needed: bool = False
    """Whether there must be a body."""
    takes: str = "application/json"
    """The body's content type."""
    answer: Shape = None
    status: int = 200
    gives: str = "application/json"
    """The answer's content type."""
    also: Mapping[int, str] = field(default_factory=dict)
    """Further answers, with when they are given."""
    words: str = ""
    """More than the docstring's first line."""


def described(**said: Any) -> Callable[[H], H]:
    """Say what a handler takes and gives: the fields of `Described`."""
    told = Described(**said)

    def describe(handler: H) -> H:
        setattr(handler, _TOLD, told)
        return handler

    return describe


def described_as(handler: object) -> Described | None:
    """What a handler says of itself."""
    found = getattr(handler, _TOLD, None)
    return found if isinstance(found, Described) else None


def record(**fields: str | Schema) -> Schema:
    """An object with these fields: a meaning for a text, else a schema."""
    return {"type": "object", "properties": {name: as_schema(said) for name, said in fields.items()}}


def listing(name: str, each: Schema) -> Schema:
    """A page of things, and the cursor to the next."""
    return {
        "type": "object",
        "required": [name],
        "properties": {
            name: {"type": "array", "items": dict(each)},
            "cursor": {"type": ["string", "null"], "description": "asks for the next page; null on the last"},
        },
    }


def as_schema(said: str | Schema) -> Schema:
    """A schema as it is, or a text with this meaning."""
    return {**TEXT, "description": said} if isinstance(said, str) else said


def one_of(*words: str, says: str = "") -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": list(words), **({"description": says} if says else {})}
