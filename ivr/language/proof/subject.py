"""The flow that is being proved, and what is known around it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ivr.actions import Actions
from ivr.language.document import Path
from ivr.language.graph import Edge, edges, reachable
from ivr.language.loader import LoadedFlow
from ivr.language.model import Flow
from ivr.language.problems import Problem, closest


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a flow may refer to. None: nobody knows, so nothing about it is claimed."""

    actions: Actions | None = None
    flows: Mapping[str, Flow] | None = None
    transfers: Collection[str] | None = None


@dataclass(slots=True)
class Subject:
    """The flow, its graph, and the problems found so far."""

    loaded: LoadedFlow
    around: Surroundings
    problems: list[Problem] = field(default_factory=list)
    all_edges: list[Edge] = field(init=False)
    """Also those to steps that do not exist."""
    edges: list[Edge] = field(init=False)
    onward: dict[str, list[str]] = field(init=False)
    visited: set[str] = field(init=False)
    """Steps that some caller gets to."""

    def __post_init__(self) -> None:
        """Draw the graph."""
        self.all_edges = edges(self.flow)
        self.edges = [edge for edge in self.all_edges if edge.target in self.flow.steps]
        self.onward = onward(self.flow, self.edges)
        probable: dict[str, list[str]] = {name: [] for name in self.flow.steps}
        for edge in self.all_edges:
            probable[edge.source].append(self.meant(edge.target))
        self.visited = reachable([self.meant(self.flow.start)], probable) & set(self.flow.steps)

    @property
    def flow(self) -> Flow:
        """The flow."""
        return self.loaded.flow

    def meant(self, step: str) -> str:
        """The step of this name, or the one that was probably meant: one mistake is to be told once."""
        return step if step in self.flow.steps else closest(step, self.flow.steps)

    def report(self, code: str, path: Path, message: str, *, name: bool = False) -> None:
        """A problem at a place; `name` points at the word before the colon."""
        self.problems.append(self.loaded.problem(code, path, message, name=name))


def onward(flow: Flow, ways: list[Edge]) -> dict[str, list[str]]:
    """The steps each step leads to."""
    found: dict[str, list[str]] = {name: [] for name in flow.steps}
    for edge in ways:
        found[edge.source].append(edge.target)
    return found
