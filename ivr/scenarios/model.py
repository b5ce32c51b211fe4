"""The words of a scenario: a call as it should go. `docs/reference/scenarios.md` has examples."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from ivr.language.basics import ActionName, FlowName, Language, Literal_, VariableName, Word
from values import Money, Scalar, TransferEnd


class MoneyValue(Word):
    """`{money: 72.50}`, in euros unless a currency is named."""

    money: Decimal
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"


class DateValue(Word):
    """`{date: 2026-12-01}`."""

    date: date


class TimeValue(Word):
    """`{time: 2026-12-01T10:30:00+01:00}`."""

    time: datetime


class SaidValue(Word):
    """`{said: {it: …, en: …}}`: words that an action gives in the call's own language."""

    said: Annotated[dict[Language, str], Field(min_length=1)]


Value = Literal_ | MoneyValue | DateValue | TimeValue | SaidValue
"""A value: text, number, true/false, or money, a date, a time or words by language, each by its word."""


def value_of(value: Value, language: str = "") -> Scalar:
    """The value as flows hold it in a call of a language; words by language fall back to their first."""
    match value:
        case SaidValue():
            return value.said.get(language) or next(iter(value.said.values()))
        case MoneyValue():
            return Money(int(value.money * 100), value.currency)
        case DateValue():
            return value.date
        case TimeValue():
            return value.time
    return value


def values_of(values: dict[str, Value], language: str = "") -> dict[str, Scalar]:
    """All of them."""
    return {name: value_of(value, language) for name, value in values.items()}


ActionAnswer = dict[VariableName, Value] | Literal["fails", "late"]
"""What an action answers, or how it lets the caller down."""
Answers = dict[ActionName, ActionAnswer]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Press(Word):
    """The caller presses keys."""

    press: Annotated[
        str, BeforeValidator(_text, json_schema_input_type=str | int), Field(pattern=r"^[0-9*#]+$")
    ]


class Silence(Word):
    """The caller waits until the flow gives up waiting."""

    silence: Literal[True]


class HangUp(Word):
    """The caller hangs up."""

    hang_up: Literal[True]


class Expect(Word):
    """The call comes to a step, now or later, without the caller doing anything."""

    expect: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(>[a-z][a-z0-9_]*)*$")]
    """Its name, or its whole path: `identify>ask_number`."""
    says: str | None = None
    """A part of what is said since the caller last did something. Not looked at over real SIP."""


class Answer(Word):
    """From here on actions answer differently."""

    answer: Answers


_ITEMS = ("press", "silence", "hang_up", "expect", "answer")


def _word(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((word for word in _ITEMS if word in value), None)
    return next((word for word in _ITEMS if hasattr(value, word)), None)


Item = Annotated[
    Annotated[Press, Tag("press")]
    | Annotated[Silence, Tag("silence")]
    | Annotated[HangUp, Tag("hang_up")]
    | Annotated[Expect, Tag("expect")]
    | Annotated[Answer, Tag("answer")],
    Discriminator(
        _word,
        custom_error_type="item_kind",
        custom_error_message=f"each line needs one of: {', '.join(_ITEMS)}",
    ),
]


class Scenario(Word):
    """One call as it should go."""

    scenario: str
    """What it shows, in words."""
    flow: FlowName
    language: Language | None = None
    slow: bool = False
    caller: str = ""
    at: datetime = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
    """When the call comes (a Monday, ten in the morning in Rome); opening hours depend on it."""
    variables: dict[VariableName, Value] = {}
    """What the flow is started with, in place of its inputs' samples."""
    answers: Answers = {}
    """What actions answer. One that is left out answers nothing, and `ok: true` where it checks an answer."""
    transfers: list[TransferEnd] = [TransferEnd.TALKED]
    """How transfers go, in turn; the last one repeats."""
    steps: Annotated[list[Item], Field(min_length=1)]
    outcome: str | None = None
    """The `end` that must be reached; left out: the call may end in any way."""
    goal: bool | None = None
    results: dict[VariableName, Value] = {}
    """Variables at the end, and their values."""


class ScenarioFile(Word):
    """Several scenarios in one file."""

    scenarios: Annotated[list[Scenario], Field(min_length=1)]
