"""The YAML of a flow as plain data, with the line and column of every part of it.

Made for people who are not programmers: only `true` and `false` are flags, so that `no`, `on` and `off` stay
words; numbers with a leading zero (`0611`) and times (`08:00`) stay text; names before a colon are text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Path = tuple[str | int, ...]
"""The way to a part of a document: `("steps", "main", "menu", "choices", "1")`."""


class Place(NamedTuple):
    """A place in a file, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where it says it."""

    data: Any
    """Texts, numbers, flags, None, lists, and mappings by text."""
    values: dict[Path, Place] = field(default_factory=dict)
    """Where each value begins."""
    names: dict[Path, Place] = field(default_factory=dict)
    """Where the name of each value stands, for those in mappings."""

    def place(self, path: Path, *, name: bool = False) -> Place:
        """Where a part is, or the nearest thing around it. `name` asks for the word before its colon."""
        if name and path in self.names:
            return self.names[path]
        for around in _around(path):
            if around in self.values:
                # a part that is missing from a mapping is told at the mapping's own name
                found = self.values if around == path else self.names
                return found.get(around, self.values[around])
        return Place(1, 1)

    def at(self, path: Path) -> Any:
        """The data at a place, or None."""
        here = self.data
        for part in path:
            inside = isinstance(here, dict) and part in here
            if not inside and not (isinstance(here, list) and isinstance(part, int) and part < len(here)):
                return None
            here = here[part]
        return here


def _around(path: Path) -> Iterator[Path]:
    for length in range(len(path), -1, -1):
        yield path[:length]
