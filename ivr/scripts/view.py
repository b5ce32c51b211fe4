"""What an agent sees of a script: the open page in the customer's language and in the agent's own. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ivr.language.basics import Prompt
from ivr.language.model import EndStep, Flow, FormField, PageStep, Stage
from ivr.language.pages import Answer
from ivr.scripts.forms import DECLINED, NO, YES, FieldMistake
from ivr.scripts.lettering import chosen, day_from, filled
from ivr.scripts.walking import Walk
from values import Money, Scalar


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice of a field."""

    value: str
    """What is sent."""
    text: str
    """'' for a yes or no, which the page words itself."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it is shown."""

    name: str
    type: str
    label: str
    hint: str
    required: bool
    typed: str
    lines: int
    options: tuple[OptionView, ...]
    """Of a choice, a scale or a flag."""
    low: str
    high: str
    decline: str
    declined: str
    """What is sent for `decline`."""
    first: str
    """The first day that will do, as `2026-12-01`; '' any."""
    last: str
    mistake: FieldMistake | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One way out of the page."""

    key: str
    text: str
    chosen: bool
    """Whether it was taken the last time."""


@dataclass(frozen=True, slots=True)
class PageView:
    """A page, or the end of the script."""

    script: str
    title: str
    path: str
    turn: int
    stages: tuple[Stage, ...]
    """Those that the script has, in order."""
    stage: Stage | None
    languages: tuple[str, ...]
    language: str
    heading: str
    say: tuple[str, ...]
    """What to say, paragraph by paragraph."""
    hint: str
    fields: tuple[FieldView, ...]
    answers: tuple[AnswerView, ...]
    objections: tuple[AnswerView, ...]
    goes_on: bool
    """Whether the page can be left without an answer."""
    goes_back: bool
    outcome: str = ""
    """How the script ended; '' on a page."""
    goal: bool = False


def view(walk: Walk, reader: str, mistakes: Sequence[FieldMistake] = ()) -> PageView:
    """What is to be shown; `reader` is the agent's language, in which all is that is not said."""
    return _Viewing(walk, reader).whole(mistakes)


class _Viewing:
    """Makes one view."""

    def __init__(self, walk: Walk, reader: str) -> None:
        self._walk = walk
        self._flow = walk.flow()
        self._reader = reader if reader in self._flow.languages else self._flow.languages[0]

    def whole(self, mistakes: Sequence[FieldMistake]) -> PageView:
        walk, state = self._walk, self._walk.state
        step = self._flow.steps[walk.frame.step]
        page = step.page if isinstance(step, PageStep) and not walk.over else None
        said = page.say if page else (step.say if isinstance(step, EndStep) else None)
        outermost = walk.flow(0)
        return PageView(
            script=outermost.flow,
            title=outermost.title,
            path=state.path,
            turn=state.turn,
            stages=stages_of(outermost, page.stage if page else None),
            stage=page.stage if page else None,
            languages=tuple(outermost.languages),
            language=state.language,
            heading=self._read(page.title) if page else "",
            say=tuple(self._said(said).split("\n\n")) if said else (),
            hint=self._read(page.hint) if page and page.hint else "",
            fields=self._fields(mistakes) if page else (),
            answers=self._ways(page.answers) if page else (),
            objections=self._ways(page.objections) if page else (),
            goes_on=isinstance(step, PageStep) and bool(step.next) and not walk.over,
            goes_back=bool(state.stops),
            outcome=state.outcome,
            goal=state.goal,
        )

    def _read(self, texts: Prompt) -> str:
        return self._text(texts, self._reader)

    def _said(self, texts: Prompt) -> str:
        return self._text(texts, self._walk.state.language)

    def _text(self, texts: Prompt, language: str) -> str:
        text = chosen(texts, language, self._flow.languages[0])
        return filled(text, self._walk.frame.variables, language, self._walk.zone).strip()

    def _ways(self, ways: Mapping[str, Answer]) -> tuple[AnswerView, ...]:
        last = self._walk.state.chosen.get(self._walk.state.path)
        return tuple(
            AnswerView(key, self._read(answer.text), chosen=key == last)
            for key, answer in sorted(ways.items())
            if self._walk.holds(answer.when)
        )

    def _fields(self, mistakes: Sequence[FieldMistake]) -> tuple[FieldView, ...]:
        wrong = {one.field: one for one in mistakes}
        typed = self._walk.state.typed.get(self._walk.state.path)
        return tuple(
            self._field(field, self._typed(field, typed), wrong.get(field.into))
            for field in self._walk.asked()
        )

    def _typed(self, field: FormField, typed: Mapping[str, str] | None) -> str:
        """What stands in a field: what was typed, else what is known already."""
        if typed is not None:
            return typed.get(field.into, "")
        return as_typed(self._walk.frame.variables.get(field.into))

    def _field(self, field: FormField, typed: str, mistake: FieldMistake | None) -> FieldView:
        today = self._walk.now.astimezone(self._walk.zone).date()
        of_days = field.type == "date"
        first, last = (day_from(today, field.least), day_from(today, field.most)) if of_days else (None, None)
        return FieldView(
            name=field.into,
            type=field.type,
            label=self._read(field.label),
            hint=self._read(field.hint) if field.hint else "",
            required=field.required,
            typed=typed,
            lines=field.lines,
            options=self._options(field),
            low=self._read(field.ends.low) if field.ends else "",
            high=self._read(field.ends.high) if field.ends else "",
            decline=self._read(field.decline) if field.decline else "",
            declined=DECLINED,
            first=first.isoformat() if first else "",
            last=last.isoformat() if last else "",
            mistake=mistake,
        )

    def _options(self, field: FormField) -> tuple[OptionView, ...]:
        match field.type:
            case "flag":
                return (OptionView(YES, ""), OptionView(NO, ""))
            case "choice":
                return tuple(OptionView(str(one.value), self._read(one.text)) for one in field.options)
            case "scale" if field.least is not None and field.most is not None:
                numbers = range(int(field.least), int(field.most) + 1)
                return tuple(OptionView(str(number), str(number)) for number in numbers)
        return ()


def stages_of(flow: Flow, besides: Stage | None = None) -> tuple[Stage, ...]:
    """The stages that a script's pages have, in their order; `besides` is one of a script it runs."""
    there = {step.page.stage for step in flow.steps.values() if isinstance(step, PageStep)}
    return tuple(stage for stage in Stage if stage in there or stage is besides)


def as_typed(value: Scalar) -> str:
    """A value as it would have been typed."""
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case Money():
            return f"{value.amount:.2f}"
        case date():
            return value.isoformat()
    return str(value)
