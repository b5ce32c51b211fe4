"""From a file's text to a flow: what it says, where it says it, and which version it is."""

import hashlib
import json
from dataclasses import dataclass

from pydantic import ValidationError

from ivr.language.catalogue import problem
from ivr.language.document import Document, Path, Place
from ivr.language.model import Flow
from ivr.language.problems import FlowError, Problem
from ivr.language.shape_advice import shape_problems
from ivr.language.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True)
class LoadedFlow:
    """A flow whose form is right. Whether it is sound is for `check_flow` to prove."""

    flow: Flow
    file: str
    text: str
    version: str
    document: Document

    def problem(self, code: str, path: Path, message: str, *, name: bool = False) -> Problem:
        """A problem at a part of this flow; `name` points at the word before the colon."""
        place = self.document.place(path, name=name)
        return problem(code, self.file, place, message, step=step_of(path), field=field_of(path))


def load_flow(text: str, *, file: str) -> LoadedFlow:
    """Read a flow. Raises `FlowError` with all that is wrong with its form, each with line and column."""
    document = read_yaml(text, file=file)
    if not isinstance(document.data, dict):
        told = (
            "a flow begins with its name: `flow: room.name`, then title, languages, start, give_up and steps"
        )
        raise FlowError([problem("F103", file, Place(1, 1), told)])
    try:
        flow = Flow.model_validate(document.data)
    except ValidationError as error:
        raise FlowError(shape_problems(error, document, file)) from None
    return LoadedFlow(flow, file, text, _version(document), document)


def version_of(text: str) -> str:
    """The version of a flow's text: 64 hexadecimal digits, the SHA-256 of what it says.

    Two texts have the same version when they say the same: remarks, spacing, quotes, the order of names and
    repetition by reference do not count. It is taken from the file alone, not from our model of it, so that
    a later release with more words in the language still gives an old text its old version.
    Raises `FlowError` when the text cannot be read.
    """
    return _version(read_yaml(text, file="flow"))


def _version(document: Document) -> str:
    said = json.dumps(document.data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def step_of(path: Path) -> str:
    """The step that a place lies in; '' outside the steps."""
    return str(path[1]) if len(path) > 1 and path[0] == "steps" else ""


def field_of(path: Path) -> str:
    """The place inside its step, or inside the flow: `menu.choices.1`."""
    inside = path[2:] if step_of(path) else path
    return ".".join(str(part) for part in inside)
