"""All that a flow says and all that it hands on, with the place where it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.language.basics import PLACEHOLDER, Prompt
from ivr.language.checks import Accepted
from ivr.language.document import Path
from ivr.language.model import (
    AskStep,
    DoStep,
    EndStep,
    Flow,
    LanguageStep,
    Listening,
    MarkStep,
    MenuStep,
    RecordStep,
    RunStep,
    SayStep,
    SetStep,
    Step,
)
from values import Scalar


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a step."""

    path: Path
    """Inside the step: `("menu", "greeting")`."""
    prompt: Prompt
    after: str = ""
    """The variable that is set by the time it is said, when the step itself sets it."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A value that a step keeps or hands on."""

    path: Path
    value: Scalar
    to: str
    """`set`, `do`, `check`, `run`, `mark` or `language`."""
    name: str
    """The variable, field or mark it becomes."""


def names_in(text: object) -> frozenset[str]:
    """The variables that a text fills in."""
    if not isinstance(text, str):
        return frozenset()
    return frozenset(found[1] for found in PLACEHOLDER.finditer(text))


def prompts_of(flow: Flow) -> Iterator[tuple[str, Said]]:
    """Every text of a flow with its step."""
    for name, step in flow.steps.items():
        for said in said_by(step):
            yield name, said


def said_by(step: Step) -> Iterator[Said]:  # noqa: C901, PLR0912  (one case a kind of step)
    """Every text of a step."""
    match step:
        case SayStep():
            yield Said(("say",), step.say)
        case EndStep() if step.say:
            yield Said(("say",), step.say)
        case MenuStep():
            yield Said(("menu", "greeting"), step.menu.greeting)
            if step.menu.short:
                yield Said(("menu", "short"), step.menu.short)
            yield from _failures(step.menu, "menu")
        case AskStep():
            ask = step.ask
            yield Said(("ask", "prompt"), ask.prompt)
            if ask.again:
                yield Said(("ask", "again"), ask.again)
            yield from _failures(ask, "ask")
            for index, check in enumerate(ask.must):
                if check.else_:
                    yield Said(("ask", "must", index, "else"), check.else_)
            if ask.confirm:
                yield Said(("ask", "confirm"), ask.confirm, after=ask.into)
        case DoStep() if step.filler:
            yield Said(("filler",), step.filler)
        case RecordStep():
            yield Said(("record", "prompt"), step.record.prompt)
            if step.record.review:
                yield Said(("record", "review"), step.record.review, after=step.record.into)
        case _:
            return


def _failures(part: Listening, word: str) -> Iterator[Said]:
    for kind, failure in (("no_input", part.no_input), ("no_match", part.no_match)):
        for index, prompt in enumerate(failure.says):
            yield Said((word, kind, "says", index), prompt)


def handed_by(step: Step) -> Iterator[Handed]:  # noqa: C901  (one case a kind of step)
    """Every value that a step keeps or hands on."""
    match step:
        case MenuStep():
            for key, choice in step.menu.choices.items():
                yield from _each(choice.set, ("menu", "choices", key, "set"), "set")
        case AskStep():
            for index, check in enumerate(step.ask.must):
                if isinstance(check, Accepted):
                    yield from _each(check.with_, ("ask", "must", index, "with"), "check")
        case DoStep():
            yield from _each(step.with_, ("with",), "do")
        case SetStep():
            yield from _each(step.set, ("set",), "set")
        case RunStep():
            yield from _each(step.with_, ("with",), "run")
        case MarkStep():
            yield from _each(step.mark, ("mark",), "mark")
        case LanguageStep():
            yield Handed(("language",), step.language, "language", "language")
        case _:
            return


def _each(values: Mapping[str, Scalar], path: Path, to: str) -> Iterator[Handed]:
    for name, value in values.items():
        yield Handed((*path, name), value, to, name)
