"""Asterisk's own record of its calls, read back after a crash: which attempts began, were answered, ended.

A line is one event, as `asterisk_conf` has CEL write it: type, Unix time, the channel's id (an attempt's, for
the calls we place), among the rest a JSON object with the hang-up's cause, and last the contact it is about.
"""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from dialer.ports import DialEnd

_BEGUN, _ANSWERED, _ENDED = "CHAN_START", "ANSWER", frozenset({"HANGUP", "CHAN_END"})
_TYPES = _ENDED | {_BEGUN, _ANSWERED}
_ID_COLUMN, _CONTACT_COLUMN = 2, 10
_LONGEST_LINE = 16_384

_BUSY = frozenset({17})


@dataclass(slots=True)
class CallRecord:
    """What the switch wrote about one channel."""

    began: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    cause: int = 0
    contact: str = ""
    """Whom we called; '' for calls that were not ours."""

    @property
    def end(self) -> DialEnd | None:
        """How the ringing ended, as far as it can be told; None when the record breaks off before that.

        Never refused: no event says whether it rang before the network gave up, so it counts as if it had.
        """
        if self.answered:
            return DialEnd.ANSWERED
        if not self.ended:
            return None
        return DialEnd.BUSY if self.cause in _BUSY else DialEnd.NO_ANSWER


def read_call_records(path: Path, ids: Collection[str]) -> dict[str, CallRecord]:
    """Look for channels by id, in the file and in the one that was rotated away before it (`.1`).

    Lines cut short by a crash, or not ours, are passed over. A missing file knows nothing.
    """
    return _read(path, lambda row: row[_ID_COLUMN] in ids)


def read_our_calls(path: Path) -> dict[str, CallRecord]:
    """All calls that we placed, as far as the two files reach back."""
    ours: set[str] = set()

    def wanted(row: list[str]) -> bool:
        if row[0] == _BEGUN and len(row) > _CONTACT_COLUMN and row[_CONTACT_COLUMN]:
            ours.add(row[_ID_COLUMN])
        return row[_ID_COLUMN] in ours

    return _read(path, wanted)


def _read(path: Path, wanted: Callable[[list[str]], bool]) -> dict[str, CallRecord]:
    found: dict[str, CallRecord] = {}
    for place in (path.with_name(path.name + ".1"), path):
        try:
            with place.open(encoding="utf-8", errors="replace", newline="") as file:
                for row in _rows(file, wanted):
                    _note(found, row)
        except FileNotFoundError:
            continue
    return found


def _rows(lines: Iterable[str], wanted: Callable[[list[str]], bool]) -> Iterator[list[str]]:
    """The rows that are wanted; each line is read by itself, so that a broken one spoils no other."""
    for line in lines:
        if len(line) > _LONGEST_LINE or not line.endswith("\n"):
            continue
        try:
            row = next(csv.reader([line.rstrip("\r\n")], strict=True), [])
        except csv.Error:
            continue
        if len(row) > _ID_COLUMN and row[0] in _TYPES and wanted(row):
            yield row


def _note(found: dict[str, CallRecord], row: list[str]) -> None:
    try:
        at = datetime.fromtimestamp(float(row[1]), UTC)
    except (ValueError, OverflowError, OSError):
        return
    record = found.setdefault(row[_ID_COLUMN], CallRecord())
    if row[0] == _BEGUN:
        record.began = record.began or at
        record.contact = row[_CONTACT_COLUMN] if len(row) > _CONTACT_COLUMN else ""
    elif row[0] == _ANSWERED:
        record.answered = record.answered or at
    elif row[0] in _ENDED:
        record.ended = record.ended or at
        record.cause = record.cause or _cause(row)


def _cause(row: list[str]) -> int:
    for column in reversed(row):
        if column.startswith("{"):
            try:
                return int(orjson.loads(column).get("hangupcause", 0))
            except (ValueError, TypeError, AttributeError):
                return 0
    return 0
