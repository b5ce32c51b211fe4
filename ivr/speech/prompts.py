"""Every prompt of a flow, with the key that names its recorded files. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.language.model import (
    Ask,
    AskStep,
    DoStep,
    EndStep,
    Failure,
    Flow,
    Listening,
    Menu,
    MenuStep,
    RecordStep,
    SayStep,
    Step,
)


@dataclass(frozen=True, slots=True)
class PromptPlace:
    """One prompt where it stands in a flow."""

    flow: str
    step: str
    slot: str
    """Where in the step: `say`, `greeting`, `no_input.1`, …"""
    texts: Mapping[str, str]
    """The text by language."""

    @property
    def key(self) -> str:
        """`flow.step.slot`: the name of its recorded files."""
        return f"{self.flow}.{self.step}.{self.slot}"


def prompts_of(flow: Flow) -> Iterator[PromptPlace]:
    """All prompts of a flow, in the order in which they are written."""
    for name, step in flow.steps.items():
        for slot, texts in _of_step(step):
            if texts:
                yield PromptPlace(flow.flow, name, slot, texts)


def _of_step(step: Step) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    match step:
        case SayStep() | EndStep():
            yield "say", step.say
        case MenuStep():
            yield from _of_menu(step.menu)
        case AskStep():
            yield from _of_ask(step.ask)
        case DoStep():
            yield "filler", step.filler
        case RecordStep():
            yield "prompt", step.record.prompt
            yield "review", step.record.review
        case _:
            pass


def _of_menu(menu: Menu) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    yield "greeting", menu.greeting
    yield "short", menu.short
    yield from _of_failures(menu)


def _of_ask(ask: Ask) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    yield "prompt", ask.prompt
    yield "again", ask.again
    yield "confirm", ask.confirm
    for place, check in enumerate(ask.must, 1):
        yield f"must.{place}", check.else_
    yield from _of_failures(ask)


def _of_failures(listening: Listening) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    yield from _tapered("no_input", listening.no_input)
    yield from _tapered("no_match", listening.no_match)


def _tapered(slot: str, failure: Failure) -> Iterator[tuple[str, Mapping[str, str] | None]]:
    for place, texts in enumerate(failure.says, 1):
        yield f"{slot}.{place}", texts
