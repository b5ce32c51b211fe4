"""Scenario files: those that are shipped, those a person writes, and settings changed on the way."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dialer.simulator.places import line_of
from dialer.simulator.scenario import Campaign, Scenario
from values import BadInputError, from_yaml, what_to_do

FOLDER = Path(__file__).parent / "scenarios"


class ScenarioError(BadInputError):
    """A scenario cannot be used."""

    error_id = "simulator-scenario"


def shipped() -> Sequence[str]:
    """The names of the scenarios that come with a release."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_scenario(name: str, changes: Mapping[str, str] | None = None) -> Scenario:
    """A scenario by its shipped name or its file, with settings changed.

    `changes`: by field; a name without dots is a setting of the campaign if it has one of that name.
    Raises `ScenarioError` naming file, line and field.
    """
    path = FOLDER / f"{name}.yaml" if name in shipped() else Path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        known = ", ".join(shipped())
        raise ScenarioError(f"{name}: cannot be read ({_why(problem)}); shipped are: {known}") from problem
    return read_scenario(text, file=path.name, changes=changes)


def read_scenario(text: str, *, file: str, changes: Mapping[str, str] | None = None) -> Scenario:
    """A scenario from its text. Raises `ScenarioError`."""
    try:
        data = from_yaml(text)
    except BadInputError as problem:
        raise ScenarioError(f"{file}: {problem}") from problem
    if not isinstance(data, dict):
        raise ScenarioError(f"{file}:1: a scenario begins with `scenario:` and what it shows")
    _read(data, text, file)  # its own errors first, with their lines
    for field, written in (changes or {}).items():
        _change(data, field, written)
    if not changes:
        return _read(data, text, file)
    return _read(data, yaml.safe_dump(data), file, changed=True)


def _read(data: Mapping[str, Any], text: str, file: str, *, changed: bool = False) -> Scenario:
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        told = [_told(problem, text, file, changed=changed) for problem in error.errors(include_url=False)]
        raise ScenarioError("\n".join(dict.fromkeys(told))) from None


def _told(problem: Any, text: str, file: str, *, changed: bool) -> str:
    location = problem["loc"]
    line, path = line_of(text, location)
    missing = problem["type"] == "missing"
    named = (*path, location[-1]) if missing and location[-1:] != path[-1:] else path
    field = ".".join(str(part) for part in named)
    words = {
        "extra_forbidden": "there is no such word",
        "missing": "is missing",
    }.get(problem["type"]) or what_to_do(problem)
    where = f"{file} as changed" if changed else f"{file}:{line}"
    return f"{where}: {field}: {words}" if field else f"{where}: {words}"


def _change(data: dict[str, Any], field: str, written: str) -> None:
    try:
        value = from_yaml(written)
    except BadInputError as problem:
        raise ScenarioError(f"{written!r} cannot be read", field=field) from problem
    path = field.split(".")
    if len(path) == 1 and field in Campaign.model_fields:
        path = ["campaign", field]
    elif path[0] not in Scenario.model_fields:
        known = ", ".join(sorted([*Campaign.model_fields, *Scenario.model_fields]))
        raise ScenarioError(f"there is no such setting; there are: {known}", field=field)
    inner = data
    for part in path[:-1]:
        below = inner.setdefault(part, {})
        if not isinstance(below, dict):
            raise ScenarioError(f"{part} has no parts", field=field)
        inner = below
    inner[path[-1]] = value


def _why(problem: Exception) -> str:
    return (problem.strerror or "no such file") if isinstance(problem, OSError) else "it is not UTF-8"
