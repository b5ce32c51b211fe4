"""Reading YAML into a `Document`, politely and within limits."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events

from ivr.language.catalogue import problem
from ivr.language.document import Document, Path, Place
from ivr.language.problems import FlowError, Problem
from ivr.language.yaml_advice import syntax_advice

LARGEST = 256 * 1024
"""Characters of a flow."""
MOST_PARTS = 20_000
"""Values in a flow, counting each repetition by reference; stops a small file from growing without end."""
DEEPEST = 25

Event = Any
"""One of `yaml.events`; their stubs do not say which has what."""

_FLAGS = {"true": True, "false": False}
_NOTHING = frozenset({"", "~", "null"})
_WHOLE = re.compile(r"^-?(0|[1-9][0-9]{0,17})$")
_FRACTION = re.compile(r"^-?(0|[1-9][0-9]{0,17})\.[0-9]{1,12}$")
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Written as an escape in quotes, YAML lets these through; databases, SVG and speech do not."""
_LONG_ESCAPE = re.compile(r"\\U([0-9A-Fa-f]{8})")
_HASH_NAME = re.compile(r"^\s*#:(\s|$)")


@dataclass(slots=True)
class _Node:
    """A value of the file before it becomes data. A mapping has as many `names` as `children`."""

    place: Place
    kind: str = "scalar"
    scalar: object = None
    children: list["_Node"] = field(default_factory=list)
    names: list["_Node"] = field(default_factory=list)
    size: int = 1


def read_yaml(text: str, *, file: str) -> Document:
    """Read a file's text. Raises `FlowError` with everything that is wrong with its form."""
    if len(text) > LARGEST:
        raise FlowError(
            [
                problem(
                    "F003", file, Place(1, 1), f"the file has more than {LARGEST} characters; split the flow"
                )
            ]
        )
    reader = _Reader(file)
    try:
        root = reader.read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        code, advice = syntax_advice(error, text)
        reader.problems.append(problem(code, file, place, advice))
    except yaml.reader.ReaderError as error:
        place = Place(text.count("\n", 0, error.position) + 1, 1)
        reader.problems.append(
            problem("F001", file, place, "there is a character here that no text may hold; remove it")
        )
    except (ArithmeticError, ValueError):
        message = "an escape here stands for no character; write the character itself"
        reader.problems.append(problem("F001", file, _escape(text), message))
    except _StopError:
        pass
    if reader.problems:
        raise FlowError(reader.problems)
    document = Document(None)
    return Document(_data(root, (), document), document.values, document.names)


def _escape(text: str) -> Place:
    """Where the first escape stands that is beyond all characters; PyYAML does not tell."""
    beyond = (found.start() for found in _LONG_ESCAPE.finditer(text) if int(found[1], 16) > sys.maxunicode)
    return Place(text.count("\n", 0, next(beyond, 0)) + 1, 1)


class _StopError(Exception):
    """Reading on makes no sense."""


class _Reader:
    """Builds nodes from YAML's events, collecting problems."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._anchors: dict[str, _Node] = {}
        self.problems: list[Problem] = []

    def read(self, text: str) -> _Node:
        stream: Iterator[Event] = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        written: set[int] = set()  # lines inside of texts, where a # is no remark
        root: _Node | None = None
        for event in stream:
            if isinstance(event, events.NodeEvent):
                if root is not None:
                    self._stop(
                        "F001",
                        _place(event),
                        "a file holds one flow; put what follows --- into a file of its own",
                    )
                root = self._node(event, stream, written, 0)
        for number, line in enumerate(text.splitlines(), 1):
            if _HASH_NAME.match(line) and number not in written:
                place = Place(number, line.index("#") + 1)
                self._add("F004", place, 'YAML takes this line for a remark; the key # needs quotes: "#"')
        return root or _Node(Place(1, 1))

    def _add(self, code: str, place: Place, message: str) -> None:
        self.problems.append(problem(code, self._file, place, message))

    def _stop(self, code: str, place: Place, message: str) -> None:
        self._add(code, place, message)
        raise _StopError

    def _node(self, event: Event, stream: Iterator[Event], written: set[int], depth: int) -> _Node:
        place = _place(event)
        if depth > DEEPEST:
            self._stop(
                "F003", place, f"more than {DEEPEST} things inside each other; a flow is never that deep"
            )
        if isinstance(event, events.AliasEvent):
            return self._repeated(event, place)
        if getattr(event, "tag", None) not in (None, "!"):
            self._add(
                "F001",
                place,
                f"{event.tag} is no part of the language; a text that begins with ! needs quotes",
            )
        if isinstance(event, events.ScalarEvent):
            node = _Node(place, scalar=_scalar(event))
            if _UNSPEAKABLE.search(event.value):
                self._add(
                    "F001", place, "this text holds a control character that no text may hold; remove it"
                )
            written.update(_further_lines(event))
        elif isinstance(event, events.SequenceStartEvent):
            node = _Node(place, "list")
            for inner in _until(stream, events.SequenceEndEvent):
                node.children.append(self._node(inner, stream, written, depth + 1))
        else:
            node = self._mapping(event, stream, written, depth)
        node.size = 1 + sum(child.size for child in node.children)
        if node.size > MOST_PARTS:
            self._stop(
                "F003",
                place,
                f"more than {MOST_PARTS} values, counting what is repeated by *; split the flow",
            )
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _repeated(self, event: Event, place: Place) -> _Node:
        known = self._anchors.get(event.anchor)
        if known is None:
            self._add(
                "F004",
                place,
                f'to YAML *{event.anchor} repeats a part named &{event.anchor}; the key * needs quotes: "*"',
            )
            return _Node(place)
        return _Node(place, known.kind, known.scalar, known.children, known.names, known.size)

    def _mapping(self, event: Event, stream: Iterator[Event], written: set[int], depth: int) -> _Node:
        node = _Node(_place(event), "mapping")
        seen: dict[str, Place] = {}
        empty = False
        for inner in _until(stream, events.MappingEndEvent):
            name = self._name(inner, stream, written, depth)
            following = next(stream)
            child = self._node(following, stream, written, depth + 1)
            empty = isinstance(following, events.ScalarEvent) and _is_empty(following)
            text = str(name.scalar)
            if text in seen:
                self._add(
                    "F002",
                    name.place,
                    f"{text!r} is here a second time, first in line {seen[text].line}; keep one",
                )
                continue
            seen[text] = name.place
            node.names.append(name)
            node.children.append(child)
        if event.flow_style and len(seen) == 1 and empty:  # {balance} without quotes is meant as a variable
            return _Node(node.place, scalar=f"{{{node.names[0].scalar}}}")
        return node

    def _name(self, event: Event, stream: Iterator[Event], written: set[int], depth: int) -> _Node:
        if isinstance(event, events.ScalarEvent):
            return _Node(_place(event), scalar=event.value)
        self._node(event, stream, written, depth + 1)
        self._add(
            "F001",
            _place(event),
            "before a colon stands a plain name; a text that begins with {, [ or * needs quotes",
        )
        return _Node(_place(event), scalar="")


def _until(stream: Iterator[Event], end: type[Event]) -> Iterator[Event]:
    for event in stream:
        if isinstance(event, end):
            return
        yield event


def _place(event: Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _further_lines(event: Event) -> range:
    """The lines a value goes on for after its first."""
    return range(event.start_mark.line + 2, event.end_mark.line + 2)


def _is_empty(event: Event) -> bool:
    return bool(event.start_mark.index == event.end_mark.index)


def _scalar(event: Event) -> object:
    text: str = event.value
    if not event.implicit[0]:
        return text  # in quotes
    if text in _FLAGS:
        return _FLAGS[text]
    if text in _NOTHING:
        return None
    if _WHOLE.match(text):
        return int(text)
    return float(text) if _FRACTION.match(text) else text


def _data(node: _Node, path: Path, document: Document) -> object:
    document.values[path] = node.place
    if node.kind == "list":
        return [_data(child, (*path, index), document) for index, child in enumerate(node.children)]
    if node.kind == "mapping":
        found = {}
        for name, child in zip(node.names, node.children, strict=True):
            document.names[*path, str(name.scalar)] = name.place
            found[str(name.scalar)] = _data(child, (*path, str(name.scalar)), document)
        return found
    return node.scalar
