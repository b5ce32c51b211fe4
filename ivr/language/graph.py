"""A flow as a graph: which step leads where, and why. The checker and the drawing both read it."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivr.language.checks import Accepted
from ivr.language.document import Path
from ivr.language.model import (
    AskStep,
    ChooseStep,
    DoStep,
    EndStep,
    Flow,
    HoursStep,
    Listening,
    MenuStep,
    PageStep,
    RateStep,
    Step,
    TransferStep,
)


class EdgeKind(StrEnum):
    """Why a caller goes from one step to another."""

    NEXT = "next"
    KEY = "key"
    ANSWER = "answer"
    """What the customer said, chosen by an agent."""
    OBJECTION = "objection"
    CASE = "case"
    OTHERWISE = "otherwise"
    OPEN = "open"
    CLOSED = "closed"
    NO_INPUT = "no_input"
    NO_MATCH = "no_match"
    ERROR = "on_error"
    TIMEOUT = "on_timeout"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    OPERATOR = "operator"
    """The operator key, which works in every menu and question."""
    BREAK_OFF = "give_up"
    """The talk ends early, from whatever page."""


FAILURES = frozenset(
    {
        EdgeKind.NO_INPUT,
        EdgeKind.NO_MATCH,
        EdgeKind.ERROR,
        EdgeKind.TIMEOUT,
        EdgeKind.BUSY,
        EdgeKind.NO_ANSWER,
        EdgeKind.FAILED,
    }
)
"""Ways taken when something did not go as hoped."""

HEARING = ("menu", "ask", "rate", "record", "page")
"""Kinds of steps that wait for the caller, or for the agent."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a step to another."""

    source: str
    target: str
    """A step's name; the step may be missing in a flow that was not checked yet."""
    kind: EdgeKind
    label: str
    """The key or the condition; '' for the other kinds."""
    path: Path
    """The place in the flow that says so."""
    implied: bool = False
    """Not written at the step: it follows from the flow's `give_up` and `operator`, or the step's `next`."""


def edges(flow: Flow) -> list[Edge]:
    """All ways, step by step in the order of the file; in a step the usual ways first."""
    return [edge for name, step in flow.steps.items() for edge in _ways(flow, name, step)]


def _ways(flow: Flow, name: str, step: Step) -> Iterator[Edge]:
    at: Path = ("steps", name)

    def way(kind: EdgeKind, target: str, *path: str | int, label: str = "") -> Edge:
        return Edge(name, target, kind, label, (*at, *path))

    if isinstance(step, MenuStep):
        for key, choice in step.menu.choices.items():
            # a choice written in short is its own target
            yield way(EdgeKind.KEY, choice.to, "menu", "choices", key, "to", label=key)
        yield from _listening(flow, name, step.menu, "menu")
    elif isinstance(step, PageStep):
        yield from _page(flow, name, step)
    elif isinstance(step, ChooseStep):
        for index, case in enumerate(step.choose):
            yield way(EdgeKind.CASE, case.to, "choose", index, "to", label=case.when)
        yield way(EdgeKind.OTHERWISE, step.otherwise, "otherwise")
    elif isinstance(step, HoursStep):
        yield way(EdgeKind.OPEN, step.open, "open")
        yield way(EdgeKind.CLOSED, step.closed, "closed")
    elif not isinstance(step, EndStep):
        yield way(EdgeKind.NEXT, step.next, "next")
        yield from _misfortunes(flow, name, step)


def _page(flow: Flow, name: str, step: PageStep) -> Iterator[Edge]:
    for kind, word, ways in (
        (EdgeKind.ANSWER, "answers", step.page.answers),
        (EdgeKind.OBJECTION, "objections", step.page.objections),
    ):
        for key, answer in ways.items():
            yield Edge(name, answer.to, kind, key, ("steps", name, "page", word, key, "to"))
    if step.next:
        yield Edge(name, step.next, EdgeKind.NEXT, "", ("steps", name, "next"))
    yield Edge(name, flow.give_up, EdgeKind.BREAK_OFF, "", ("give_up",), implied=True)


def _misfortunes(flow: Flow, name: str, step: Step) -> Iterator[Edge]:
    """The ways of a step with a `next` for when it does not go as hoped."""

    def way(kind: EdgeKind, target: str | None, otherwise: str) -> Edge:
        path: Path = ("steps", name, kind.value)
        return Edge(name, target or otherwise, kind, "", path, implied=target is None)

    if isinstance(step, AskStep):
        yield from _listening(flow, name, step.ask, "ask")
        for index, check in enumerate(step.ask.must):
            if isinstance(check, Accepted):
                path: Path = ("steps", name, "ask", "must", index, "action")
                yield Edge(name, flow.give_up, EdgeKind.ERROR, "", path, implied=True)
    elif isinstance(step, RateStep):
        yield from _listening(flow, name, step.rate, "rate", step.next)
    elif isinstance(step, DoStep):
        yield way(EdgeKind.ERROR, step.on_error, flow.give_up)
        yield way(EdgeKind.TIMEOUT, step.on_timeout, step.on_error or flow.give_up)
    elif isinstance(step, TransferStep):
        yield way(EdgeKind.BUSY, step.busy, step.next)
        yield way(EdgeKind.NO_ANSWER, step.no_answer, step.next)
        yield way(EdgeKind.FAILED, step.failed, step.next)


def _listening(flow: Flow, name: str, part: Listening, word: str, otherwise: str = "") -> Iterator[Edge]:
    for kind, failure in ((EdgeKind.NO_INPUT, part.no_input), (EdgeKind.NO_MATCH, part.no_match)):
        path: Path = ("steps", name, word, kind.value, "to")
        yield Edge(name, failure.to or otherwise or flow.give_up, kind, "", path, implied=failure.to is None)
    if flow.operator and flow.keys.operator and "operator" in live_globals(flow, name):
        key = flow.keys.operator
        yield Edge(name, flow.operator, EdgeKind.OPERATOR, key, ("operator",), implied=True)


def live_globals(flow: Flow, step: str) -> dict[str, str]:
    """The keys of the whole flow that work in a menu or question, by what they do: `{"repeat": "*"}`."""
    taken: Iterable[str] = ()
    found = flow.steps[step]
    if isinstance(found, MenuStep):
        if not found.menu.global_keys:
            return {}
        taken = found.menu.choices
    elif isinstance(found, RateStep):
        taken = [str(mark) for mark in found.rate.marks]
    keys = {what: getattr(flow.keys, what) for what in ("repeat", "back", "top", "operator")}
    return {what: key for what, key in keys.items() if key and key not in taken}


def reachable(
    starts: Iterable[str], onward: Mapping[str, Iterable[str]], *, without: Container[str] = ()
) -> set[str]:
    """Everything that can be got to from the starts, them included, not passing through `without`."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here not in found and here not in without:
            found.add(here)
            waiting.extend(onward.get(here, ()))
    return found


def circles(nodes: Iterable[str], onward: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The groups of nodes that lead round to each other, in the order of `nodes` (Kosaraju's two passes)."""
    order = {node: place for place, node in enumerate(nodes)}
    ahead = {node: [one for one in onward.get(node, ()) if one in order] for node in order}
    behind: dict[str, list[str]] = {node: [] for node in order}
    for node, targets in ahead.items():
        for target in targets:
            behind[target].append(node)
    groups: list[list[str]] = []
    placed: set[str] = set()
    for node in reversed(_finished(order, ahead)):
        if node in placed:
            continue
        group = reachable([node], behind, without=placed)
        placed |= group
        if len(group) > 1 or node in ahead[node]:
            groups.append(sorted(group, key=order.__getitem__))
    return sorted(groups, key=lambda group: order[group[0]])


def _finished(nodes: Iterable[str], ahead: Mapping[str, Sequence[str]]) -> list[str]:
    """The nodes in the order in which a walk, depth first, is done with them."""
    done: list[str] = []
    seen: set[str] = set()
    for root in nodes:
        trail = [(root, iter(ahead[root]))] if root not in seen else []
        seen.add(root)
        while trail:
            node, rest = trail[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                done.append(node)
                trail.pop()
            else:
                seen.add(following)
                trail.append((following, iter(ahead[following])))
    return done
