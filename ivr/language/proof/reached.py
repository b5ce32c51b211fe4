"""What a flow says is reached must be an end of its own."""

from collections.abc import Iterator

from ivr.language.document import Path
from ivr.language.model import EndStep, MenuStep, SetStep
from ivr.language.problems import did_you_mean
from ivr.language.proof.subject import Subject

REACHED = "reached"


def prove_reached(subject: Subject) -> None:
    """Each value of `reached` that stands in the flow names an `end` step, or is emptied."""
    ends = sorted(name for name, step in subject.flow.steps.items() if isinstance(step, EndStep))
    for value, path in _said(subject):
        if value is not None and value not in ends:
            subject.report("F510", path, f"{value!r} is no end of this flow{did_you_mean(str(value), ends)}")


def _said(subject: Subject) -> Iterator[tuple[object, Path]]:
    for name, step in subject.flow.steps.items():
        if isinstance(step, SetStep) and REACHED in step.set:
            yield step.set[REACHED], ("steps", name, "set", REACHED)
        if isinstance(step, MenuStep):
            for key, choice in step.menu.choices.items():
                if REACHED in choice.set:
                    yield choice.set[REACHED], ("steps", name, "menu", "choices", key, "set", REACHED)
