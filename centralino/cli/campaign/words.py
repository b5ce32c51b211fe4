"""Settings as people type them: `lines=30`, `caller_ids=+39…,+39…`, a YAML file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from values import BadInputError, from_yaml

_LISTS = frozenset({"trunks", "caller_ids"})
_TIMES = frozenset({"starts", "ends"})
_NOTHING = frozenset({"", "none", "null"})
_DATA = frozenset(
    {
        "hours", "retry", "dispositions", "lines", "calls_per_second", "priority", "ring_seconds", "weight",
        "ratio", "max_abandon", "max_occupancy", "wrap_seconds", "record", "spend_limit",
    }
)  # fmt: skip
"""What is written as in YAML: numbers, yes and no, tables. Everything else is a text as it stands."""


def spoken(pairs: Sequence[str], now: datetime) -> dict[str, Any]:
    """Settings out of `FIELD=VALUE` words. Raises `BadInputError` naming the one that cannot be read."""
    settings: dict[str, Any] = {}
    for each in pairs:
        name, equals, text = each.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name:
            raise BadInputError(f"{each[:80]!r}: write FIELD=VALUE, as in lines=30", field="--set")
        settings[name] = _value(name, text.strip(), now)
    return settings


def _value(name: str, text: str, now: datetime) -> Any:
    if name in _LISTS:
        return [part.strip() for part in text.strip("[]").split(",") if part.strip()]
    if name in _TIMES:
        return None if text.lower() in _NOTHING else now if text.lower() == "now" else text
    if name in _DATA:
        if text.lower() in _NOTHING:
            return None
        try:
            return from_yaml(text)
        except BadInputError as problem:
            raise BadInputError(f"{text[:80]!r} {problem}", field=name) from problem
    return text


def from_file(path: Path) -> dict[str, Any]:
    """Settings out of a YAML file. Raises `BadInputError` naming the file and what is wrong."""
    try:
        data = from_yaml(path.read_bytes())
    except OSError as problem:
        raise BadInputError(f"{path}: {problem.strerror}", field="--file") from problem
    except BadInputError as problem:
        raise BadInputError(f"{path}: {problem}", field="--file") from problem
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise BadInputError(f"{path}: write a line for each setting, as in lines: 30", field="--file")
    for name in ("caller_id", "caller_ids"):
        numbers = data.get(name)
        for each in numbers if isinstance(numbers, list) else [numbers]:
            if isinstance(each, int):
                raise BadInputError("put the number in quotes: YAML drops its plus otherwise", field=name)
    return data
