"""Proving a set of flows that shall be in force together."""

from collections.abc import Collection, Iterable, Mapping

from ivr.actions import Actions
from ivr.language import LoadedFlow, Problem, check_flow
from ivr.language.model import RunStep


def prove(
    new: Mapping[str, LoadedFlow],
    published: Mapping[str, LoadedFlow],
    *,
    actions: Actions | None = None,
    transfers: Collection[str] | None = None,
) -> list[Problem]:
    """The problems of new flows, and of published ones that run them, as all would stand together.

    `actions` and `transfers` as in `ivr.language.check_flow`: None claims nothing about them.
    """
    together = {**published, **new}
    models = {name: loaded.flow for name, loaded in together.items()}
    names = sorted({*new, *_running(new, together)})
    return [
        problem
        for name in names
        for problem in check_flow(together[name], actions=actions, flows=models, transfers=transfers)
    ]


def _running(names: Iterable[str], flows: Mapping[str, LoadedFlow]) -> set[str]:
    """The flows that run one of these, directly or through others."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        for other, loaded in flows.items():
            runs = any(isinstance(step, RunStep) and step.run == name for step in loaded.flow.steps.values())
            if runs and other not in found:
                found.add(other)
                waiting.append(other)
    return found
