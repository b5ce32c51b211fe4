"""Events as they are sent: an array, lines or plain objects. The good ones are read, the others named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from pydantic import ValidationError

from proactive.events.intake import Refused
from proactive.events.kinds import EVENT, EVENTS, AnyEvent
from proactive.events.wording import what_is_wrong
from values import BadInputError

MOST: Final = 10_000
"""Events that may come at once."""
_LONGEST_ID: Final = 100
_NOT_WRITABLE: Final = "holds characters that no text has, or too many things inside each other"


@dataclass(frozen=True, slots=True)
class Read:
    """Events that can be read, where each stood, and what could not be read."""

    events: Sequence[AnyEvent] = ()
    places: Sequence[int] = ()
    refused: Sequence[Refused] = ()


def read_json(data: bytes) -> Read:
    """One object, or an array of them. Raises `BadInputError` for what is no JSON at all."""
    try:
        events = EVENTS.validate_json(data)
    except ValidationError:
        return read_objects(_loaded(data))
    _not_too_many(len(events))
    return Read(events, range(len(events)))


def read_lines(data: bytes) -> Read:
    """One object a line (NDJSON); empty lines count as places and are passed over."""
    lines = data.split(b"\n")
    full = [(place, line) for place, line in enumerate(lines) if line.strip()]
    _not_too_many(len(full))
    try:
        events = EVENTS.validate_json(b"[" + b",".join(line for _, line in full) + b"]")
        if len(events) == len(full):
            return Read(events, [place for place, _ in full])
    except ValidationError:
        pass
    reader = _OneByOne()
    for place, line in full:
        try:
            reader.take(place, orjson.loads(line))
        except orjson.JSONDecodeError as problem:
            reader.refused.append(Refused(place, "", "body", f"is no JSON: {problem}"))
    return reader.read


def read_objects(objects: Sequence[Any], places: Sequence[int] | None = None) -> Read:
    """Objects as JSON has them."""
    _not_too_many(len(objects))
    reader = _OneByOne()
    for place, each in zip(places or range(len(objects)), objects, strict=True):
        reader.take(place, each)
    return reader.read


@dataclass(slots=True)
class _OneByOne:
    """Reads each by itself, so that every mistake can be named."""

    events: list[AnyEvent] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def read(self) -> Read:
        return Read(self.events, self.places, self.refused)

    def take(self, place: int, given: Any) -> None:
        if not isinstance(given, Mapping):
            self.refused.append(Refused(place, "", "body", "write a JSON object, as in {}"))
            return
        try:
            event = EVENT.validate_json(orjson.dumps(given))
        except orjson.JSONEncodeError:
            self.refused.append(Refused(place, id_of(given), "body", _NOT_WRITABLE))
        except ValidationError as error:
            self.refused.append(Refused(place, id_of(given), *what_is_wrong(error, given)))
        else:
            self.events.append(event)
            self.places.append(place)


def id_of(given: Mapping[str, Any]) -> str:
    """The id of what could not be read, as far as that can be told in an answer."""
    found = given.get("id")
    return found[:_LONGEST_ID].encode(errors="replace").decode() if isinstance(found, str) else ""


def _loaded(data: bytes) -> Sequence[Any]:
    try:
        loaded = orjson.loads(data)
    except orjson.JSONDecodeError as problem:
        raise BadInputError(f"is no JSON: {problem}", field="body") from problem
    return loaded if isinstance(loaded, list) else [loaded]


def _not_too_many(count: int) -> None:
    if count > MOST:
        raise BadInputError(f"{count} events at once; send at most {MOST}", field="body")
