"""What is to be drawn: steps and ways into the flow as nodes, ways between them as links."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ivr.language import Edge, EdgeKind, Flow, edges
from ivr.language.graph import FAILURES
from ivr.language.model import FlowKind

START, GIVE_UP, OPERATOR = "·start", "·give-up", "·operator"
"""Nodes for the ways into the flow; no step can have such a name."""

WORDS = {
    EdgeKind.NEXT: "",
    EdgeKind.OTHERWISE: "otherwise",
    EdgeKind.OPEN: "open",
    EdgeKind.CLOSED: "closed",
    EdgeKind.NO_INPUT: "silence",
    EdgeKind.NO_MATCH: "wrong keys",
    EdgeKind.ERROR: "error",
    EdgeKind.TIMEOUT: "too late",
    EdgeKind.BUSY: "busy",
    EdgeKind.NO_ANSWER: "no answer",
    EdgeKind.FAILED: "failed",
}
_ENTRIES = {
    FlowKind.CALL: ("a call comes", "anything goes wrong"),
    FlowKind.SCRIPT: ("the talk begins", "the talk is broken off"),
}
_KEYED = (EdgeKind.KEY, EdgeKind.ANSWER, EdgeKind.OBJECTION)
_LONGEST_LABEL = 26


class LinkKind(StrEnum):
    """How a link looks."""

    USUAL = "usual"
    FAILURE = "failure"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a link."""

    keys: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """All ways from one node to another, drawn as one."""

    source: str
    target: str
    kind: LinkKind
    label: Label


@dataclass(frozen=True, slots=True)
class Entry:
    """A way into the flow that belongs to no step."""

    name: str
    words: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to place."""

    nodes: tuple[str, ...]
    """Entries and steps, in the order in which a reader meets them."""
    entries: dict[str, Entry]
    links: tuple[Link, ...]


def plan(flow: Flow) -> Plan:
    """Work out what to draw. Ways that hold everywhere are told once, at their target, not at each step."""
    ways = [edge for edge in edges(flow) if edge.target in flow.steps]
    begins, breaks = _ENTRIES[flow.kind]
    entries = {START: Entry(START, begins)}
    links = [Link(START, flow.start, LinkKind.ENTRY, Label())] if flow.start in flow.steps else []
    unwritten = {edge.kind for edge in ways if edge.implied and edge.target == flow.give_up}
    if unwritten and flow.give_up in flow.steps:
        entries[GIVE_UP] = Entry(GIVE_UP, breaks)
        links.append(Link(GIVE_UP, flow.give_up, LinkKind.ENTRY, Label()))
    if any(edge.kind is EdgeKind.OPERATOR for edge in ways) and flow.operator:
        entries[OPERATOR] = Entry(OPERATOR, "in any menu", flow.keys.operator or "")
        links.append(Link(OPERATOR, flow.operator, LinkKind.ENTRY, Label()))
    links += _merged(edge for edge in ways if not edge.implied)
    return Plan((*_reading_order(flow, links, entries),), entries, tuple(links))


def _merged(ways: Iterable[Edge]) -> list[Link]:
    together: dict[tuple[str, str], list[Edge]] = {}
    for edge in ways:
        together.setdefault((edge.source, edge.target), []).append(edge)
    return [_link(source, target, found) for (source, target), found in together.items()]


def _link(source: str, target: str, ways: list[Edge]) -> Link:
    failing = all(edge.kind in FAILURES for edge in ways)
    keys = tuple(edge.label for edge in ways if edge.kind in _KEYED)
    told = [edge.label if edge.kind is EdgeKind.CASE else WORDS.get(edge.kind, "") for edge in ways]
    plain = any(edge.kind is EdgeKind.NEXT for edge in ways)
    words = "" if plain else " · ".join(dict.fromkeys(one for one in told if one))
    if len(words) > _LONGEST_LABEL:
        words = words[: _LONGEST_LABEL - 1].rstrip() + "…"
    return Link(source, target, LinkKind.FAILURE if failing else LinkKind.USUAL, Label(keys, words))


def _reading_order(flow: Flow, links: list[Link], entries: dict[str, Entry]) -> list[str]:
    """Depth first from the entries, so that what belongs together starts out together."""
    onward: dict[str, list[str]] = {}
    for link in sorted(links, key=lambda one: one.kind is LinkKind.FAILURE):
        onward.setdefault(link.source, []).append(link.target)
    order: dict[str, None] = {}
    for root in (*entries, *flow.steps):
        trail = [root]
        while trail:
            node = trail.pop()
            if node not in order:
                order[node] = None
                trail.extend(reversed(onward.get(node, [])))
    return list(order)
