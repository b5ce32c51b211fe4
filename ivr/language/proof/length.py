"""How long a call takes that goes the longest way through its flow, everything well: an estimate."""

from collections.abc import Mapping
from typing import NamedTuple

from ivr.language.graph import FAILURES, EdgeKind, edges
from ivr.language.model import AskStep, EndStep, Flow, MenuStep, RateStep, RecordStep, RunStep, Step
from ivr.language.proof.speech import spoken_seconds
from ivr.language.proof.subject import Subject
from ivr.language.texts import said_by

KEYING = 2.5
"""Seconds in which people find the key for an answer."""
TALKING = 0.5
"""How much of the time that a recording may take people use."""
_FIRST = {"greeting", "prompt", "question", "say"}
_SHOWN = 6


class Way(NamedTuple):
    """A way through a flow."""

    seconds: float
    steps: tuple[str, ...]


def prove_length(subject: Subject) -> None:
    """The longest way takes no longer than the flow says."""
    flow = subject.flow
    if flow.at_most is None or flow.start not in flow.steps:
        return
    others = subject.around.flows or {}
    longest, language = max((longest_way(flow, language, others), language) for language in flow.languages)
    if longest.seconds > flow.at_most:
        told = (
            f"the longest way takes about {longest.seconds:.0f} s in {language!r}, and may take"
            f" {flow.at_most:.0f}: {_shown(longest.steps)}; ask less, or in fewer words"
        )
        subject.report("F306", ("at_most",), told)


def longest_way(flow: Flow, language: str, others: Mapping[str, Flow], running: tuple[str, ...] = ()) -> Way:
    """The longest way to an end in a language, each step once, nothing repeated and nothing failing."""
    onward: dict[str, list[str]] = {name: [] for name in flow.steps}
    for edge in edges(flow):
        if edge.target in flow.steps and edge.kind not in FAILURES | {EdgeKind.OPERATOR}:
            onward[edge.source].append(edge.target)
    done: dict[str, Way] = {}

    def from_(name: str, before: frozenset[str]) -> Way:
        if name not in done:
            on = before | {name}
            following = [from_(target, on) for target in dict.fromkeys(onward[name]) if target not in on]
            rest = max(following, default=Way(0.0, ()))
            own = _seconds(flow.steps[name], language, others, (*running, flow.flow))
            done[name] = Way(own + rest.seconds, (name, *rest.steps))
        return done[name]

    return from_(flow.start, frozenset())


def _seconds(step: Step, language: str, others: Mapping[str, Flow], running: tuple[str, ...]) -> float:
    spoken = sum(
        spoken_seconds(said.prompt.get(language) or next(iter(said.prompt.values())))
        for said in said_by(step)
        if said.aloud and said.path[-1] in _FIRST
    )
    match step:
        case MenuStep() | AskStep() | RateStep():
            return spoken + KEYING
        case RecordStep():
            return spoken + TALKING * step.record.max
        case RunStep() if step.run in others and step.run not in running:
            return longest_way(others[step.run], language, others, running).seconds
        case EndStep():
            return spoken
    return spoken


def _shown(steps: tuple[str, ...]) -> str:
    shown = " → ".join(steps[:_SHOWN])
    return f"{shown} → …" if len(steps) > _SHOWN else shown
