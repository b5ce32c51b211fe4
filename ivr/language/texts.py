"""All that a flow says and all that it hands on, with the place where it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.language.basics import PLACEHOLDER, Prompt
from ivr.language.checks import Accepted
from ivr.language.document import Path
from ivr.language.model import (
    Answer,
    AskStep,
    ChooseStep,
    DoStep,
    EndStep,
    Flow,
    FormField,
    LanguageStep,
    Listening,
    MarkStep,
    MenuStep,
    Page,
    PageStep,
    RateStep,
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
    aloud: bool = True
    """Whether somebody has to listen to it; what only an agent reads may be as long as it likes."""
    when: str = ""
    """The condition without which it is not shown; '' always."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a step."""

    path: Path
    """Inside the step: `("choose", 0, "when")`."""
    text: str


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
        case RateStep():
            yield Said(("rate", "question"), step.rate.question)
            if step.rate.again:
                yield Said(("rate", "again"), step.rate.again)
            yield from _failures(step.rate, "rate")
        case DoStep() if step.filler:
            yield Said(("filler",), step.filler)
        case RecordStep():
            yield Said(("record", "prompt"), step.record.prompt)
            if step.record.review:
                yield Said(("record", "review"), step.record.review, after=step.record.into)
        case PageStep():
            yield from _on_page(step.page)
        case _:
            return


def _on_page(page: Page) -> Iterator[Said]:
    yield Said(("page", "title"), page.title, aloud=False)
    if page.say:
        yield Said(("page", "say"), page.say)
    if page.hint:
        yield Said(("page", "hint"), page.hint, aloud=False)
    for index, field in enumerate(page.fields):
        at: Path = ("page", "fields", index)
        for path, text in _in_field(field):
            yield Said((*at, *path), text, aloud=False, when=field.when)
    for path, answer in ways_out(page):
        yield Said((*path, "text"), answer.text, aloud=False, when=answer.when)


def ways_out(page: Page) -> Iterator[tuple[Path, Answer]]:
    """The answers and objections of a page, with their place inside the step."""
    for word, ways in (("answers", page.answers), ("objections", page.objections)):
        for key, answer in ways.items():
            yield ("page", word, key), answer


def _in_field(field: FormField) -> Iterator[tuple[Path, Prompt]]:
    for word, text in (("label", field.label), ("hint", field.hint), ("decline", field.decline)):
        if text:
            yield (word,), text
    for place, option in enumerate(field.options):
        yield ("options", place, "text"), option.text
    if field.ends:
        yield ("ends", "low"), field.ends.low
        yield ("ends", "high"), field.ends.high


def _failures(part: Listening, word: str) -> Iterator[Said]:
    for kind, failure in (("no_input", part.no_input), ("no_match", part.no_match)):
        for index, prompt in enumerate(failure.says):
            yield Said((word, kind, "says", index), prompt)


def handed_by(step: Step) -> Iterator[Handed]:  # noqa: C901, PLR0912  (one case a kind of step)
    """Every value that a step keeps or hands on."""
    match step:
        case MenuStep():
            for key, choice in step.menu.choices.items():
                yield from _each(choice.set, ("menu", "choices", key, "set"), "set")
        case AskStep():
            for index, check in enumerate(step.ask.must):
                if isinstance(check, Accepted):
                    yield from _each(check.with_, ("ask", "must", index, "with"), "check")
        case PageStep():
            for path, answer in ways_out(step.page):
                yield from _each(answer.set, (*path, "set"), "set")
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


def conditions_of(step: Step) -> Iterator[Condition]:
    """Every condition of a step, in the order in which they are looked at."""
    if isinstance(step, ChooseStep):
        for index, case in enumerate(step.choose):
            yield Condition(("choose", index, "when"), case.when)
    elif isinstance(step, PageStep):
        for index, field in enumerate(step.page.fields):
            if field.when:
                yield Condition(("page", "fields", index, "when"), field.when)
        for path, answer in ways_out(step.page):
            if answer.when:
                yield Condition((*path, "when"), answer.when)
