"""Reading what the fallback script has written: one file a call-back request."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from values import BadInputError

log = structlog.get_logger(__name__)

BROKEN = "broken"
"""The folder inside the spool for files that cannot be read: for a person to look at, and out of the way."""

_LARGEST = 16_384  # bytes; the script writes some 200
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class CallbackLeft:
    """Somebody who found no voice core wants to be called back."""

    call_id: str
    at: datetime
    caller: str
    """The number they rang from, as the network gave it; '' when withheld."""
    number: str
    """The number they want to be called at, as keyed."""
    language: str
    reason: str
    """Why the script had the call: `core-away` or `flow-broken`."""
    confirmed: bool
    """Whether they heard the number read back to its end."""
    file: Path
    """Delete it once the request is safe."""


def read_spool(folder: Path) -> list[CallbackLeft]:
    """All requests in a spool, eldest first. Files stay; those that make no sense are moved to `broken/`.

    A spool that is not there is empty; one that cannot be read raises `OSError`.
    """
    found = []
    for file in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        try:
            with file.open("rb") as reading:
                found.append(parse(reading.read(_LARGEST + 1), file))
        except FileNotFoundError:
            continue  # taken by somebody else in between
        except (BadInputError, OSError) as problem:
            _set_aside(file, str(problem))
    return sorted(found, key=lambda left: left.at)


def parse(content: bytes, file: Path) -> CallbackLeft:
    """Read one file's content. Raises `BadInputError`, naming the field that is wrong."""
    if len(content) > _LARGEST:
        raise BadInputError("too large for a call-back request")
    try:
        note = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise BadInputError(f"no JSON: {problem}") from problem
    if not isinstance(note, dict):
        raise BadInputError("no JSON object")
    caller = _text(note, "caller")
    return CallbackLeft(
        call_id=_matching(note, "call_id", re.compile(r"[\w.:-]{1,80}")),
        at=_instant(_text(note, "at")),
        caller=_matching(note, "caller", _NUMBER) if caller else "",
        number=_matching(note, "number", _NUMBER),
        language=_matching(note, "language", _LANGUAGE),
        reason=str(note.get("reason", ""))[:40],
        confirmed=note.get("confirmed") is True,
        file=file,
    )


def _text(note: Mapping[str, object], field: str) -> str:
    value = note.get(field)
    if not isinstance(value, str):
        raise BadInputError("must be a text", field=field)
    return value


def _matching(note: Mapping[str, object], field: str, pattern: re.Pattern[str]) -> str:
    value = _text(note, field)
    if not pattern.fullmatch(value):
        raise BadInputError("has characters that do not belong there, or too few or many", field=field)
    return value


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as problem:
        raise BadInputError("is no time", field="at") from problem


def _set_aside(file: Path, problem: str) -> None:
    try:
        (file.parent / BROKEN).mkdir(mode=0o700, exist_ok=True)
        file.replace(file.parent / BROKEN / file.name)
    except OSError as obstacle:
        problem = f"{problem}; and it cannot be moved aside: {obstacle}"
    log.warning("care.spool_broken", file=file.name, problem=problem[:200])
