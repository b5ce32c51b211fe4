"""A flow of a call, or a script of an agent, as its author writes it.

`docs/reference/flow-language.md` explains each word with examples.
"""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from ivr.language.basics import (
    ActionName,
    FlowName,
    Language,
    Literal_,
    Prompt,
    Seconds,
    StepName,
    TargetName,
    VariableName,
    Word,
)
from ivr.language.head import Calendar, FlowKind, Globals, HungUp, Input, Timing
from ivr.language.listening import Ask, BargeIn, Choice, Failure, Listening, Menu, Rate
from ivr.language.pages import Answer, FormField, Option, Page, Stage

__all__ = [
    "STEP_KINDS",
    "Answer",
    "Ask",
    "AskStep",
    "BargeIn",
    "Calendar",
    "CallStep",
    "Case",
    "Choice",
    "ChooseStep",
    "DoStep",
    "EndStep",
    "Failure",
    "Flow",
    "FlowKind",
    "FormField",
    "Globals",
    "HoursStep",
    "HungUp",
    "Input",
    "LanguageStep",
    "Listening",
    "MarkStep",
    "Menu",
    "MenuStep",
    "Option",
    "Page",
    "PageStep",
    "Rate",
    "RateStep",
    "Record",
    "RecordStep",
    "RunStep",
    "SayStep",
    "SetStep",
    "Stage",
    "Step",
    "StepBase",
    "Timing",
    "TransferStep",
    "step_kind",
]


class StepBase(Word):
    """What all steps share."""

    about: str = ""
    """A remark for people who read the flow."""


class SayStep(StepBase):
    """Say something."""

    say: Prompt
    """The text, by language."""
    barge_in: BargeIn = "off"
    """Which keys interrupt the text: `any`, `off`, or the keys themselves; they count for what follows."""
    next: StepName
    """The step that follows."""


class MenuStep(StepBase):
    """Offer choices."""

    menu: Menu
    """The choices and how they are offered."""


class AskStep(StepBase):
    """Ask for digits."""

    ask: Ask
    """The question."""
    next: StepName
    """The step that follows."""


class RateStep(StepBase):
    """Ask for a mark on a scale."""

    rate: Rate
    """The question."""
    next: StepName
    """The step that follows, also when the question is skipped."""


class PageStep(StepBase):
    """Show an agent a page of a script."""

    page: Page
    """What to say, what to fill in, and where the answers lead."""
    next: StepName | None = None
    """The page that follows without an answer, when the agent goes on."""


class DoStep(StepBase):
    """Have the business do something: an action, its fields, and what to do when it fails."""

    do: ActionName
    """The action, as `care.balance`."""
    with_: Annotated[dict[VariableName, Literal_], Field(alias="with")] = {}
    """The action's fields: a value, or `{variable}` alone for a variable as it is."""
    into: dict[VariableName, VariableName] = {}
    """Results under another name: `{result: variable}`. Others keep their own."""
    deadline: Seconds = 3.0
    """How long the caller waits for it at most."""
    filler: Prompt | None = None
    """Said when it takes longer than a second."""
    on_timeout: StepName | None = None
    """Where to go past the deadline; `on_error` when left out."""
    on_error: StepName | None = None
    """Where to go when it fails; the flow's `give_up` when left out."""
    next: StepName
    """The step that follows."""


class Case(Word):
    """One branch: a condition and where it leads."""

    when: str
    """As `balance > 0 and tier == "gold"`; words: and or not == != < <= > >= in, values and variables."""
    to: StepName
    """Where it leads."""


class ChooseStep(StepBase):
    """Branch on what is known."""

    choose: Annotated[list[Case], Field(min_length=1)]
    """The branches; the first whose condition holds is taken."""
    otherwise: StepName
    """Where it leads when no condition holds."""


class SetStep(StepBase):
    """Keep values."""

    set: Annotated[dict[VariableName, Literal_], Field(min_length=1)]
    """Values by variable, all worked out before any is kept."""
    next: StepName
    """The step that follows."""


class LanguageStep(StepBase):
    """Speak another language from here on; one the flow does not have falls back to its first."""

    language: str
    """A code (`it`) or a variable that holds one (`{language}`)."""
    next: StepName
    """The step that follows."""


class HoursStep(StepBase):
    """Branch on a calendar of the flow."""

    hours: VariableName
    """The calendar's name."""
    open: StepName
    """Where it leads during opening hours."""
    closed: StepName
    """Where it leads outside of them."""


class Record(Word):
    """A recording by the caller."""

    prompt: Prompt
    """What is said before."""
    into: VariableName
    """The variable that keeps it."""
    max: Seconds = 60.0
    """The longest recording."""
    silence: Seconds = 3.0
    """So much silence ends it."""
    beep: bool = True
    """Whether a tone says when to begin."""
    review: Prompt | None = None
    """Played with the recording itself after it; 1 keeps, 2 records again."""


class RecordStep(StepBase):
    """Record what the caller says."""

    record: Record
    """The recording."""
    next: StepName
    """The step that follows."""


class TransferStep(StepBase):
    """Hand the caller to a person."""

    transfer: TargetName
    """A named target: `operator`, `agents`, or with what they must know `agents.fibre`."""
    ring: Seconds = 20.0
    """How long it rings, or how long the caller waits for an agent."""
    busy: StepName | None = None
    """Where to go when the target is busy; `next` when left out."""
    no_answer: StepName | None = None
    """Where to go when nobody answers; `next` when left out."""
    failed: StepName | None = None
    """Where to go when it cannot be reached; `next` when left out."""
    next: StepName
    """The step that follows."""


class RunStep(StepBase):
    """Run another flow and come back."""

    run: FlowName
    """The other flow's name."""
    with_: Annotated[dict[VariableName, Literal_], Field(alias="with")] = {}
    """Its inputs: a value, or `{variable}` for one of ours."""
    into: dict[VariableName, VariableName] = {}
    """Values brought back: `{its variable: ours}`."""
    next: StepName
    """The step that follows."""


class MarkStep(StepBase):
    """Write a value on the line, for Asterisk's own call record."""

    mark: Annotated[dict[VariableName, Literal_], Field(min_length=1)]
    """Values by name."""
    next: StepName
    """The step that follows."""


class EndStep(StepBase):
    """The end of the flow, and of the call unless this flow was run by another."""

    end: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """The outcome."""
    say: Prompt | None = None
    """The last words."""
    goal: bool = False
    """Whether the caller got what the flow is for (self-service resolution counts these)."""


STEP_KINDS = (
    "end",  # first: it may have its own `say`
    "say",
    "menu",
    "ask",
    "rate",
    "do",
    "choose",
    "set",
    "language",
    "hours",
    "record",
    "transfer",
    "run",
    "mark",
    "page",
)


def step_kind(value: Any) -> str | None:
    """Which kind of step this is, told by the word it has; None when it has none of them."""
    if isinstance(value, dict):
        return next((kind for kind in STEP_KINDS if kind in value), None)
    return next((kind for kind in STEP_KINDS if hasattr(value, kind)), None)


CallStep = (
    SayStep
    | MenuStep
    | AskStep
    | RateStep
    | DoStep
    | ChooseStep
    | SetStep
    | LanguageStep
    | HoursStep
    | RecordStep
    | TransferStep
    | RunStep
    | MarkStep
    | EndStep
)
"""A step that a caller goes through; the only other one is a page."""

Step = Annotated[
    Annotated[SayStep, Tag("say")]
    | Annotated[MenuStep, Tag("menu")]
    | Annotated[AskStep, Tag("ask")]
    | Annotated[RateStep, Tag("rate")]
    | Annotated[DoStep, Tag("do")]
    | Annotated[ChooseStep, Tag("choose")]
    | Annotated[SetStep, Tag("set")]
    | Annotated[LanguageStep, Tag("language")]
    | Annotated[HoursStep, Tag("hours")]
    | Annotated[RecordStep, Tag("record")]
    | Annotated[TransferStep, Tag("transfer")]
    | Annotated[RunStep, Tag("run")]
    | Annotated[MarkStep, Tag("mark")]
    | Annotated[PageStep, Tag("page")]
    | Annotated[EndStep, Tag("end")],
    Discriminator(
        step_kind,
        custom_error_type="step_kind",
        custom_error_message=f"a step needs one of these words: {', '.join((*STEP_KINDS[1:], 'end'))}",
    ),
]


class Flow(Word):
    """What leads a call, or an agent in a talk, from step to step."""

    flow: FlowName
    """The flow's name: `care.service_0611`."""
    kind: FlowKind = FlowKind.CALL
    """`call`, or `script` for the pages of an agent."""
    title: str
    """What people call it."""
    languages: Annotated[list[Language], Field(min_length=1)]
    """The first is the fallback."""
    start: StepName
    """The first step."""
    give_up: StepName
    """Where failures lead that name no place of their own; in a script also where a talk is broken off."""
    operator: StepName | None = None
    """Where the operator key leads."""
    keys: Globals = Globals()
    """Keys that work everywhere."""
    timing: Timing = Timing()
    """How long to wait for keys."""
    inputs: dict[VariableName, Input] = {}
    """Values the flow is started with."""
    calendars: dict[VariableName, Calendar] = {}
    """Opening hours by name."""
    hung_up: HungUp | None = None
    """What the business does when the caller hangs up before the end, or during the last words."""
    at_most: Seconds | None = None
    """How long the longest way through may take, as `3m`; the checker estimates it."""
    must_keep: list[VariableName] = []
    """Values that a script's talk has to leave behind wherever it reaches its goal."""
    steps: Annotated[dict[StepName, Step], Field(min_length=1)]
    """The steps by name, in any order."""
