"""A file beside the database: what the journal could not write waits here, one record a line, in order."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from calls import records
from calls.statements import Record
from values import CallId, from_json, to_json

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        records.CallStart,
        records.CallEnd,
        records.LineQuality,
        records.Segment,
        records.TraceStep,
        records.RecordingMade,
    )
}
_ENUMS = {
    ("CallStart", "direction"): records.Direction,
    ("CallEnd", "state"): records.CallState,
    ("Segment", "kind"): records.SegmentKind,
}


def to_line(record: Record) -> bytes:
    """A record as one line of JSON, newline included."""
    body: dict[str, Any] = {"record": type(record).__name__}
    for each in fields(record):
        value = getattr(record, each.name)
        if each.name == "values":
            value = {name: to_json(inner) for name, inner in value.items()}
        elif isinstance(value, datetime):
            value = to_json(value)
        elif type(value) is str:
            value = value.encode(errors="replace").decode()
        body[each.name] = value
    return orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)


def from_line(line: bytes) -> Record:
    """Read a line back. Raises `ValueError` or `KeyError` for a line cut short by a crash or not ours."""
    body = orjson.loads(line)
    name = body.pop("record")
    for field, value in body.items():
        if field == "values":
            body[field] = {key: from_json(inner) for key, inner in value.items()}
        elif isinstance(value, dict):
            body[field] = from_json(value)
        elif kind := _ENUMS.get((name, field)):
            body[field] = kind(value)
    body["call_id"] = CallId(body["call_id"])
    record: Record = _KINDS[name](**body)
    return record


class Spill:
    """The file. Written at its end, read from its beginning, removed when all of it has reached the database.

    A crash while it is being read back repeats the reading: writing records twice is harmless.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def waiting(self) -> bool:
        """Whether anything is in it."""
        try:
            return self.path.stat().st_size > 0
        except OSError:
            return False

    def append(self, waiting: Sequence[Record]) -> None:
        """Add records and see them on the disk. Raises `OSError` when the disk is full or gone."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        place = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(place, "ab") as file:  # noqa: PTH123  (of a descriptor, for its mode)
            if not self._whole():
                file.write(b"\n")  # a crash cut the last line short; keep ours apart from it
            file.write(b"".join(map(to_line, waiting)))
            file.flush()
            os.fsync(file.fileno())

    def _whole(self) -> bool:
        with self.path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def groups(self, size: int) -> Iterator[tuple[list[Record], int]]:
        """The records in order, in groups, each with the number of lines that could not be read."""
        group: list[Record] = []
        unreadable = 0
        with self.path.open("rb") as file:
            for line in file:
                try:
                    group.append(from_line(line))
                except (ValueError, KeyError, TypeError):
                    unreadable += 1
                if len(group) >= size:
                    yield group, unreadable
                    group, unreadable = [], 0
        if group or unreadable:
            yield group, unreadable

    def clear(self) -> None:
        """All of it is in the database."""
        self.path.unlink(missing_ok=True)
