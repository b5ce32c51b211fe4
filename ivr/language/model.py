"""A call flow as its author writes it. `docs/reference/flow-language.md` explains each word with examples."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from ivr.language.basics import (
    ActionName,
    FlowName,
    Keys,
    Language,
    Literal_,
    Prompt,
    Seconds,
    StepName,
    VariableName,
    Word,
    written,
)
from ivr.language.checks import Check

BargeIn = Annotated[
    str, BeforeValidator(written, json_schema_input_type=str | int), Field(pattern=r"^(any|off|[0-9*#]+)$")
]
"""Which keys stop a prompt: `any`, `off`, or the keys themselves as in "12#"."""


class Failure(Word):
    """What happens when nothing, or nothing fitting, is keyed: a prompt per attempt, then a way out."""

    says: list[Prompt] = []
    """Said after the first failure, the second, …; the last one repeats."""
    tries: Annotated[int, Field(ge=1, le=9)] = 3
    """How many failures of this kind before leaving by `to`."""
    to: StepName | None = None
    """Where to go then; the flow's own `give_up` step when left out."""


def _choice(value: Any) -> Any:
    return {"to": value} if isinstance(value, str) else value


class Choice(Word):
    """One key of a menu."""

    to: StepName
    set: dict[VariableName, Literal_] = {}
    """Values kept when it is chosen, as in `{reason: billing}`."""


class Listening(Word):
    """What menus and questions share: how long to wait, and what interrupts."""

    first_digit: Seconds | None = None
    between_digits: Seconds | None = None
    barge_in: BargeIn = "any"
    type_ahead: Literal["keep", "flush"] = "keep"
    no_input: Failure = Failure()
    no_match: Failure = Failure()


class Menu(Listening):
    """Choices by key."""

    greeting: Prompt
    """The long form, heard at the first visit."""
    short: Prompt | None = None
    """The short form, heard at every later visit and repeat after the first."""
    choices: Annotated[
        dict[Keys, Annotated[Choice, BeforeValidator(_choice, json_schema_input_type=StepName | Choice)]],
        Field(min_length=1),
    ]
    global_keys: bool = True


def _digits(value: Any) -> Any:
    if isinstance(value, int):
        return (value, value)
    if isinstance(value, str):
        low, dots, high = value.partition("..")
        if not (low.strip().isdecimal() and (high or low).strip().isdecimal() and bool(dots) == bool(high)):
            raise ValueError(f"{value!r} is no number of digits; write 4, or 6..12")
        return (int(low), int(high or low))
    return value


class Ask(Listening):
    """A question answered with digits."""

    prompt: Prompt
    again: Prompt | None = None
    """The shorter form for second and later attempts."""
    into: VariableName
    digits: Annotated[
        tuple[int, int], BeforeValidator(_digits, json_schema_input_type=int | str | tuple[int, int])
    ]
    """How many: `4`, or `6..12`."""
    terminator: Annotated[str, Field(pattern=r"^[*#]?$")] = "#"
    private: bool = False
    """The digits are nobody's business: no log, no trace; only whether they passed."""
    must: list[Check] = []
    confirm: Prompt | None = None
    """Read back, then 1 keeps and 2 asks again."""


class StepBase(Word):
    """What all steps share."""

    about: str = ""
    """A remark for people who read the flow."""


class SayStep(StepBase):
    """Say something."""

    say: Prompt
    barge_in: BargeIn = "off"
    next: StepName


class MenuStep(StepBase):
    """Offer choices."""

    menu: Menu


class AskStep(StepBase):
    """Ask for digits."""

    ask: Ask
    next: StepName


class DoStep(StepBase):
    """Have the business do something: an action, its fields, and what to do when it fails."""

    do: ActionName
    with_: Annotated[dict[VariableName, Literal_], Field(alias="with")] = {}
    """The action's fields: a value, or `{variable}` alone for a variable as it is."""
    into: dict[VariableName, VariableName] = {}
    """Results under another name: `{result: variable}`. Others keep their own."""
    deadline: Seconds = 3.0
    filler: Prompt | None = None
    """Said when it takes longer than a second."""
    on_timeout: StepName | None = None
    """Where to go past the deadline; `on_error` when left out."""
    on_error: StepName | None = None
    """Where to go when it fails; the flow's `give_up` when left out."""
    next: StepName


class Case(Word):
    """One branch: a condition and where it leads."""

    when: str
    """As `balance > 0 and tier == "gold"`; words: and or not == != < <= > >= in, values and variables."""
    to: StepName


class ChooseStep(StepBase):
    """Branch on what is known."""

    choose: Annotated[list[Case], Field(min_length=1)]
    otherwise: StepName


class SetStep(StepBase):
    """Keep values."""

    set: Annotated[dict[VariableName, Literal_], Field(min_length=1)]
    next: StepName


class LanguageStep(StepBase):
    """Speak another language from here on; one the flow does not have falls back to its first."""

    language: str
    """A code (`it`) or a variable that holds one (`{language}`)."""
    next: StepName


class HoursStep(StepBase):
    """Branch on a calendar of the flow."""

    hours: VariableName
    open: StepName
    closed: StepName


class Record(Word):
    """A recording by the caller."""

    prompt: Prompt
    into: VariableName
    max: Seconds = 60.0
    silence: Seconds = 3.0
    beep: bool = True
    review: Prompt | None = None
    """Played with the recording itself after it; 1 keeps, 2 records again."""


class RecordStep(StepBase):
    """Record what the caller says."""

    record: Record
    next: StepName


class TransferStep(StepBase):
    """Hand the caller to a person."""

    transfer: VariableName
    """A named target: `operator`."""
    ring: Seconds = 20.0
    busy: StepName | None = None
    no_answer: StepName | None = None
    failed: StepName | None = None
    """Each falls back to `next`."""
    next: StepName


class RunStep(StepBase):
    """Run another flow and come back."""

    run: FlowName
    with_: Annotated[dict[VariableName, Literal_], Field(alias="with")] = {}
    into: dict[VariableName, VariableName] = {}
    """Values brought back: `{its variable: ours}`."""
    next: StepName


class MarkStep(StepBase):
    """Write a value on the line, for Asterisk's own call record."""

    mark: Annotated[dict[VariableName, Literal_], Field(min_length=1)]
    next: StepName


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
    "do",
    "choose",
    "set",
    "language",
    "hours",
    "record",
    "transfer",
    "run",
    "mark",
)


def step_kind(value: Any) -> str | None:
    """Which kind of step this is, told by the word it has; None when it has none of them."""
    if isinstance(value, dict):
        return next((kind for kind in STEP_KINDS if kind in value), None)
    return next((kind for kind in STEP_KINDS if hasattr(value, kind)), None)


Step = Annotated[
    Annotated[SayStep, Tag("say")]
    | Annotated[MenuStep, Tag("menu")]
    | Annotated[AskStep, Tag("ask")]
    | Annotated[DoStep, Tag("do")]
    | Annotated[ChooseStep, Tag("choose")]
    | Annotated[SetStep, Tag("set")]
    | Annotated[LanguageStep, Tag("language")]
    | Annotated[HoursStep, Tag("hours")]
    | Annotated[RecordStep, Tag("record")]
    | Annotated[TransferStep, Tag("transfer")]
    | Annotated[RunStep, Tag("run")]
    | Annotated[MarkStep, Tag("mark")]
    | Annotated[EndStep, Tag("end")],
    Discriminator(
        step_kind,
        custom_error_type="step_kind",
        custom_error_message=f"a step needs one of these words: {', '.join((*STEP_KINDS[1:], 'end'))}",
    ),
]


class Input(Word):
    """A value the flow is started with."""

    type: Literal["text", "number", "flag", "money", "date", "time"] = "text"
    sample: Literal_ = None
    """What the text player and the drawing use when nothing is given."""
    private: bool = False


class Calendar(Word):
    """Opening hours."""

    zone: str = "Europe/Rome"
    open: dict[
        Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        list[Annotated[str, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$")]],
    ]
    """Half-open windows by day: `{mon: ["08:00-13:00", "14:00-20:00"]}`; a day left out is closed."""
    holidays: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """A country whose public holidays are closed."""


class Timing(Word):
    """How long the flow waits for keys, unless a step says otherwise."""

    first_digit: Seconds = 5.0
    between_digits: Seconds = 2.0


class Globals(Word):
    """Keys that work in every menu and question (where they are not a choice of the menu itself)."""

    repeat: Keys | None = None
    """Says the prompt again; costs no try."""
    back: Keys | None = None
    """Returns to the menu before this one."""
    top: Keys | None = None
    """Returns to the first menu."""
    operator: Keys | None = None
    """Leads to the step named by the flow's `operator`."""


class Flow(Word):
    """A versioned script of a call."""

    flow: FlowName
    title: str
    languages: Annotated[list[Language], Field(min_length=1)]
    """The first is the fallback."""
    start: StepName
    give_up: StepName
    """Where failures lead that name no place of their own."""
    operator: StepName | None = None
    """Where the operator key leads."""
    keys: Globals = Globals()
    timing: Timing = Timing()
    inputs: dict[VariableName, Input] = {}
    calendars: dict[VariableName, Calendar] = {}
    steps: Annotated[dict[StepName, Step], Field(min_length=1)]
