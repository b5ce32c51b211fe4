"""What is known where: which variables surely have a value at each step, whatever way a caller came.

A forward data-flow analysis: what is known at a step is what all ways to it agree on. `ANYTHING` stands for
the results of an action or a flow that cannot be looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.language.expressions import ExpressionError, parse_expression
from ivr.language.graph import Edge, EdgeKind, edges
from ivr.language.model import (
    AskStep,
    ChooseStep,
    DoStep,
    EndStep,
    Flow,
    FormField,
    LanguageStep,
    MenuStep,
    Page,
    PageStep,
    RateStep,
    RecordStep,
    RunStep,
    SetStep,
    Step,
)
from ivr.language.proof.subject import Surroundings
from values import Scalar

Names = frozenset[str]
ANYTHING = "*"
OUTCOME = "outcome"
"""What every flow brings back besides its variables."""
_NOTHING: Names = frozenset()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known about the variables of a flow."""

    at: Mapping[str, Names]
    """Surely set when a step begins, by step; steps nobody gets to are missing."""
    ever: Names
    """Set on some way, sooner or later."""
    at_end: Names
    """Surely set at whatever end the flow comes to."""


def know(flow: Flow, around: Surroundings, running: tuple[str, ...] = ()) -> Knowledge:
    """Work out what is known where. `running` are the flows that run this one, so that circles end."""
    ways = [edge for edge in edges(flow) if edge.target in flow.steps]
    by_source: dict[str, list[Edge]] = {}
    for edge in ways:
        by_source.setdefault(edge.source, []).append(edge)
    gains = {name: _gain(step, around, (*running, flow.flow)) for name, step in flow.steps.items()}
    at: dict[str, Names] = {flow.start: frozenset(flow.inputs)} if flow.start in flow.steps else {}
    waiting = list(at)
    while waiting:
        here = waiting.pop()
        for edge in by_source.get(here, ()):
            found = leaving(flow.steps[here], edge, at[here], gains[here])
            before = at.get(edge.target)
            after = found if before is None else _agreed(before, found)
            if after != before:
                at[edge.target] = after
                waiting.append(edge.target)
    ends = [at[name] for name, step in flow.steps.items() if isinstance(step, EndStep) and name in at]
    at_end = _NOTHING
    for index, known in enumerate(ends):
        at_end = _agreed(at_end, known) if index else known
    ever = frozenset(flow.inputs).union(*gains.values(), *map(_sometimes, flow.steps.values()))
    return Knowledge(at, ever, at_end)


def leaving(step: Step, edge: Edge, known: Names, gain: Names) -> Names:
    """What is known when a step is left by one of its ways."""
    if edge.kind is EdgeKind.NEXT:
        lost = _emptied(step.set) if isinstance(step, SetStep) else _NOTHING
        return (known | gain) - lost
    if edge.kind is EdgeKind.KEY and isinstance(step, MenuStep):
        chosen = step.menu.choices[edge.label].set
        return (known | frozenset(chosen)) - _emptied(chosen)
    if isinstance(step, RateStep):
        return known - {step.rate.into}
    if isinstance(step, ChooseStep):
        return known | learned(step, edge)
    if isinstance(step, PageStep):
        return _leaving_page(step.page, edge, known, gain)
    return known


def _leaving_page(page: Page, edge: Edge, known: Names, gain: Names) -> Names:
    """A page keeps what was filled in on every way; only on some of them it had to be."""
    own = frozenset(field.into for field in page.fields)
    known -= own
    if edge.kind not in (EdgeKind.ANSWER, EdgeKind.OBJECTION):
        return known | gain if edge.kind is EdgeKind.NEXT else known
    answer = page.ways[edge.label]
    filled = _NOTHING if page.leads_at_once(edge.label) else gain
    offered = sure(answer.when, holds=True) - own if answer.when else _NOTHING
    return (known | filled | offered | frozenset(answer.set)) - _emptied(answer.set)


def learned(step: ChooseStep, edge: Edge) -> Names:
    """What the conditions tell on one of the ways: the earlier ones did not hold, this one did."""
    if edge.kind is not EdgeKind.CASE:
        return learned_before(step, len(step.choose))
    index = int(edge.path[3])  # steps, name, choose, index
    return learned_before(step, index) | sure(step.choose[index].when, holds=True)


def learned_before(step: ChooseStep, index: int) -> Names:
    """What is sure when a case is looked at: none of those before it held."""
    return _NOTHING.union(*(sure(case.when, holds=False) for case in step.choose[:index]))


def sure(condition: str, *, holds: bool) -> Names:
    """The variables that a condition makes sure of; none for one that cannot be read."""
    try:
        return parse_expression(condition).known(when=holds)
    except ExpressionError:
        return _NOTHING


def _agreed(one: Names, other: Names) -> Names:
    """What both know. Where one side may know anything, the other decides."""
    if ANYTHING in one:
        return one | other if ANYTHING in other else other
    return one if ANYTHING in other else one & other


def _emptied(values: Mapping[str, Scalar]) -> Names:
    return frozenset(name for name, value in values.items() if value is None)


def _sometimes(step: Step) -> Names:
    """What a step sets on some of its ways only."""
    if isinstance(step, RunStep):
        return frozenset(step.into.values())
    if isinstance(step, MenuStep):
        return frozenset(name for choice in step.menu.choices.values() for name in choice.set)
    if isinstance(step, PageStep):
        kept = {name for answer in step.page.ways.values() for name in answer.set}
        return frozenset(kept | {field.into for field in step.page.fields})
    return _NOTHING


def _gain(step: Step, around: Surroundings, running: tuple[str, ...]) -> Names:  # noqa: PLR0911  (a kind a line)
    """The variables that a step sets when it goes well."""
    if isinstance(step, AskStep):
        return frozenset({step.ask.into})
    if isinstance(step, RateStep):
        return frozenset({step.rate.into})
    if isinstance(step, RecordStep):
        return frozenset({step.record.into})
    if isinstance(step, SetStep):
        return frozenset(step.set)
    if isinstance(step, PageStep):
        return frozenset(field.into for field in step.page.fields if always_filled_in(field))
    if isinstance(step, LanguageStep):
        return frozenset({"language"})
    if isinstance(step, DoStep):
        return _results(step, around)
    if isinstance(step, RunStep):
        return _brought(step, around, running)
    return _NOTHING


def always_filled_in(field: FormField) -> bool:
    """Whether a field surely has a value once its page was filled in."""
    return field.required and not field.when and field.decline is None


def _results(step: DoStep, around: Surroundings) -> Names:
    named = frozenset(step.into.values())
    if around.actions is None or step.do not in around.actions:
        return named | {ANYTHING}
    results = around.actions[step.do].results
    return named | frozenset(step.into.get(result, result) for result in results)


def _brought(step: RunStep, around: Surroundings, running: tuple[str, ...]) -> Names:
    other = (around.flows or {}).get(step.run)
    if other is None or step.run in running:
        return frozenset(step.into.values())
    inside = know(other, around, running)
    sometimes = inside.ever - inside.at_end if ANYTHING not in inside.at_end else _NOTHING
    return frozenset(
        ours for its, ours in step.into.items() if its not in sometimes
    )  # mistyped: told elsewhere
