"""Reading scenario files, with the line of every part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ivr.language.document import Document, Path
from ivr.language.problems import FlowError
from ivr.language.yaml_reader import read_yaml
from ivr.scenarios.model import Scenario, ScenarioFile
from values import BadInputError


class ScenarioFileError(BadInputError):
    """A scenario file cannot be read."""

    error_id = "scenario-file"


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A scenario with its places."""

    scenario: Scenario
    file: str
    document: Document
    path: Path = ()
    """Where it lies in the document."""

    def where(self, *path: str | int) -> str:
        """`file:line` of a part: `where("steps", 3)`."""
        return f"{self.file}:{self.document.place((*self.path, *path), name=path[-1:] != ()).line}"


def load_scenarios(text: str, *, file: str) -> list[LoadedScenario]:
    """All scenarios of a file: one, or a list under `scenarios`. Raises `ScenarioFileError`, line by line."""
    try:
        document = read_yaml(text, file=file)
    except FlowError as error:
        raise ScenarioFileError(str(error)) from None
    data = document.data
    if not isinstance(data, dict):
        raise ScenarioFileError(f"{file}:1: a scenario begins with `scenario:` and what it shows")
    try:
        if "scenarios" in data:
            several = ScenarioFile.model_validate(data).scenarios
            return [
                LoadedScenario(one, file, document, ("scenarios", place)) for place, one in enumerate(several)
            ]
        return [LoadedScenario(Scenario.model_validate(data), file, document)]
    except ValidationError as error:
        told = [_told(problem, document, file) for problem in error.errors(include_url=False)]
        raise ScenarioFileError("\n".join(dict.fromkeys(told))) from None


def _told(problem: Any, document: Document, file: str) -> str:
    path = _real_path(problem["loc"], document)
    line = document.place(path).line
    name = ".".join(str(part) for part in path)
    unknown = problem["type"] == "extra_forbidden"
    return f"{file}:{line}: {name}: {'there is no such word' if unknown else problem['msg']}"


def _real_path(location: Sequence[str | int], document: Document) -> Path:
    """Pydantic's location without the names of its own alternatives."""
    path: Path = ()
    for part in location:
        longer = (*path, part)
        if longer in document.values or longer in document.names:
            path = longer
    return path
