"""Where callers can go: every step leads somewhere, and everybody gets out."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ivr.language.graph import HEARING, Edge, EdgeKind, circles, reachable
from ivr.language.model import (
    AskStep,
    EndStep,
    Flow,
    MenuStep,
    PageStep,
    RateStep,
    RecordStep,
    RunStep,
    SetStep,
    step_kind,
)
from ivr.language.problems import did_you_mean, listing
from ivr.language.proof.subject import Subject, onward

if TYPE_CHECKING:
    from ivr.language.document import Path

WAITING = ("do", "run", "transfer")
"""Kinds of steps in which something else happens than talking, so that a circle may come to its end."""

_SHOWN = 6


def prove_ways(subject: Subject) -> None:
    """Unknown steps, steps nobody gets to, and circles nobody gets out of."""
    _prove_targets(subject)
    for name in subject.flow.steps if subject.visited else ():
        if name not in subject.visited:
            subject.report(
                "F202", ("steps", name), "no way leads to this step; lead to it or delete it", name=True
            )
    trapped = _prove_ends(subject)
    _prove_listening_circles(subject, trapped)
    _prove_deaf_circles(subject, trapped)


def _prove_targets(subject: Subject) -> None:
    flow = subject.flow
    named: list[tuple[Path, str | None]] = [
        (("start",), flow.start),
        (("give_up",), flow.give_up),
        (("operator",), flow.operator),
    ]
    named += [(edge.path, edge.target) for edge in subject.all_edges if not edge.implied]
    for path, target in named:
        if target is not None and target not in flow.steps:
            guess = did_you_mean(target, flow.steps)
            subject.report(
                "F201", path, f"there is no step {target!r}{guess or '; add it, or lead elsewhere'}"
            )


def _prove_ends(subject: Subject) -> set[str]:
    """Give the steps from which no end can be reached."""
    flow = subject.flow
    behind: dict[str, list[str]] = {name: [] for name in flow.steps}
    for edge in subject.edges:
        if edge.kind is not EdgeKind.BREAK_OFF:  # a talk that can only be broken off has no end
            behind[edge.target].append(edge.source)
    ends = {name for name, step in flow.steps.items() if isinstance(step, EndStep)}
    lost = {
        edge.source
        for edge in subject.all_edges
        if edge.target not in flow.steps and edge.kind is not EdgeKind.BREAK_OFF
    }  # told already
    trapped = subject.visited - reachable(ends | lost, behind)
    if trapped:
        among = [name for name in flow.steps if name in trapped]
        told = "no step with `end` can be reached from here"
        told += f", only {listing(among)}; lead one of them" if len(among) > 1 else "; lead it"
        subject.report("F203", ("steps", among[0]), f"{told} to an end", name=True)
    return trapped


def _prove_listening_circles(subject: Subject, trapped: set[str]) -> None:
    """Callers who key nothing, or only what does not fit, must get out at last."""
    told: list[set[str]] = []
    for kind, code, who, word in (
        (EdgeKind.NO_INPUT, "F205", "a caller who keys nothing", "no_input"),
        (EdgeKind.NO_MATCH, "F206", "a caller who keys only what does not fit", "no_match"),
    ):
        ways = [edge for edge in subject.edges if _left_by(subject.flow, edge, kind)]
        for circle in _closed(subject, ways):
            inside = set(circle)
            listening = [
                name for name in circle if isinstance(subject.flow.steps[name], MenuStep | AskStep | RateStep)
            ]
            if inside <= trapped or inside in told or not listening:
                continue
            told.append(inside)
            first = listening[0]
            path: Path = ("steps", first, str(step_kind(subject.flow.steps[first])), word, "to")
            subject.report(
                code, path, f"{who} goes round for ever: {_chain(circle)}; lead `{word}` to an end at last"
            )


def _left_by(flow: Flow, edge: Edge, kind: EdgeKind) -> bool:
    """Whether a caller who always fails in one way takes this edge while everything else goes well."""
    if isinstance(flow.steps[edge.source], MenuStep | AskStep | RateStep):
        return edge.kind is kind
    return edge.kind not in (EdgeKind.ERROR, EdgeKind.TIMEOUT)


def _closed(subject: Subject, ways: list[Edge]) -> Iterable[list[str]]:
    """Circles that a caller can get into and that no way leads out of."""
    ahead = onward(subject.flow, ways)
    for circle in circles(subject.flow.steps, ahead):
        inside = set(circle)
        if inside <= subject.visited and all(target in inside for name in circle for target in ahead[name]):
            yield circle


def _prove_deaf_circles(subject: Subject, trapped: set[str]) -> None:
    """Circles in which nobody waits for the caller."""
    flow = subject.flow
    deaf = [name for name in flow.steps if name in subject.visited and not _hears(subject, name)]
    for circle in circles(deaf, subject.onward):
        inside = set(circle)
        ways_out = any(target not in inside for name in circle for target in subject.onward[name])
        kinds = {step_kind(flow.steps[name]) for name in circle}
        changing = kinds & set(WAITING) or any(isinstance(flow.steps[name], SetStep) for name in circle)
        if ways_out and changing:
            told = f"{_chain(circle)} goes round without asking the caller anything; let it end after one try"
            subject.report("F207", ("steps", circle[0]), told, name=True)
        elif not inside <= trapped or not changing:
            told = f"{_chain(circle)} goes round for ever without waiting for the caller"
            subject.report(
                "F204", ("steps", circle[0]), f"{told}; put a menu or an end in between", name=True
            )


def _hears(subject: Subject, name: str) -> bool:
    step = subject.flow.steps[name]
    if not isinstance(step, RunStep):
        return step_kind(step) in HEARING
    other = (subject.around.flows or {}).get(step.run)
    return other is None or any(
        isinstance(one, MenuStep | AskStep | RateStep | RecordStep | PageStep) for one in other.steps.values()
    )


def _chain(names: list[str]) -> str:
    if len(names) > _SHOWN:
        return listing(names, at_most=_SHOWN)
    return " → ".join([*names, names[0]]) if len(names) > 1 else f"{names[0]} → {names[0]}"
