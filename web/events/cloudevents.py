"""CloudEvents 1.0 as our events: structured, batched (arrays), and binary (headers). Pure.

Our `id` is `source#id`, as only both together tell one from another. The type is ours, behind a name turned
round or not: `it.telco.fault.restored`. What `data` lacks of the thing it is about comes from `subject`.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import unquote

import orjson

from proactive.events import KINDS, Refused
from proactive.events.reading import id_of
from values import BadInputError

STRUCTURED: Final = "application/cloudevents+json"
BATCHED: Final = "application/cloudevents-batch+json"
PREFIX: Final = "ce-"
_LONGEST: Final = 100
_NEEDED: Final = ("id", "source", "type", "time")


def from_cloud(given: Any, place: int) -> Mapping[str, Any] | Refused:
    """One of theirs as one of ours, still to be read; or what is wrong with its envelope."""
    if not isinstance(given, Mapping):
        return Refused(place, "", "body", 'write a CloudEvent, as in {"specversion": "1.0", …}')
    its_id = id_of(given)
    if given.get("specversion") != "1.0":
        return Refused(place, its_id, "specversion", 'write "1.0"')
    for name in _NEEDED:
        if not isinstance(given.get(name), str) or not given[name]:
            return Refused(place, its_id, name, "is needed, as a text")
    data = given.get("data", {})
    if not isinstance(data, Mapping):
        return Refused(place, its_id, "data", "write the event's fields as a JSON object")
    if strange := sorted(data.keys() & {"id", "type", "at", "source"}):
        return Refused(place, its_id, f"data.{strange[0]}", "belongs to the envelope, not into data")
    kind = kind_of(given["type"])
    event = {
        **data,
        "id": event_id(given["source"], given["id"]),
        "type": kind,
        "at": given["time"],
        "source": given["source"][:80],
    }
    subject = given.get("subject")
    if kind in KINDS and isinstance(subject, str) and subject:
        event.setdefault(KINDS[kind].ABOUT, subject)
    return event


def from_headers(headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
    """The binary mode as a structured one. Raises `BadInputError`."""
    try:
        data = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError as problem:
        raise BadInputError(f"is no JSON: {problem}", field="body") from problem
    told = {
        name.lower().removeprefix(PREFIX): unquote(value)
        for name, value in headers.items()
        if name.lower().startswith(PREFIX)
    }
    return {**told, "data": data}


def event_id(source: str, given: str) -> str:
    """Our id of an event of theirs: both names, or a digest of them where that is too long or has blanks."""
    both = f"{source}#{given}"
    if len(both) <= _LONGEST and both.isascii() and both.isprintable() and " " not in both:
        return both
    return f"ce-{blake2b(both.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"


def kind_of(told: str) -> str:
    """Our type in theirs, where the end of it is one."""
    words = told.split(".")
    for last in (words[-2:], words[-3:-1]):  # a version may stand behind it
        if ".".join(last) in KINDS:
            return ".".join(last)
    return told


def all_from_cloud(given: Sequence[Any]) -> tuple[list[Mapping[str, Any]], list[int], list[Refused]]:
    """Many: those whose envelope is well, their places, and the others."""
    events: list[Mapping[str, Any]] = []
    places: list[int] = []
    refused: list[Refused] = []
    for place, each in enumerate(given):
        found = from_cloud(each, place)
        if isinstance(found, Refused):
            refused.append(found)
        else:
            events.append(found)
            places.append(place)
    return events, places, refused
