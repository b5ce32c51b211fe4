"""Which questions a questionnaire keeps answers to: what its actions are given."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from ivr import FlowLibrary, UnknownFlowError
from ivr.language import Flow
from ivr.language.model import DoStep

_KEEPING: Final = frozenset({"surveys.finish", "surveys.break_off"})
"""Actions with a field for each question."""
_ONE: Final = "surveys.answer"
"""The action that names its question."""
_INTERVIEW: Final = "interview"

Items = Callable[[str], Collection[str]]
"""The questions of a questionnaire, by its name; none where nobody knows it."""


def items_of(flow: Flow) -> frozenset[str]:
    """The questions of one questionnaire."""
    return frozenset(name for action, given in _deeds(flow) for name in _kept(action, given))


def items_in(library: FlowLibrary) -> Items:
    """The questions of those in force."""

    def items(name: str) -> Collection[str]:
        try:
            return items_of(library.flow(name))
        except UnknownFlowError:
            return ()

    return items


def _deeds(flow: Flow) -> Iterator[tuple[str, Mapping[str, object]]]:
    for step in flow.steps.values():
        if isinstance(step, DoStep):
            yield step.do, step.with_
    if flow.hung_up is not None:
        yield flow.hung_up.do, flow.hung_up.with_


def _kept(action: str, given: Mapping[str, object]) -> Collection[str]:
    if action == _ONE:
        item = str(given.get("item", "{"))
        return () if "{" in item else (item,)  # which one a variable names, only a call knows
    return given.keys() - {_INTERVIEW} if action in _KEEPING else ()
