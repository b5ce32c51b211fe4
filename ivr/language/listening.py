"""How a flow listens: menus, questions, and what happens when nothing fitting is keyed."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ivr.language.basics import KeyName, Literal_, Prompt, Seconds, StepName, VariableName, Word, written
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
    """Where it leads."""
    set: dict[VariableName, Literal_] = {}
    """Values kept when it is chosen, as in `{reason: billing}`."""


class Listening(Word):
    """What menus and questions share: how long to wait, and what interrupts."""

    first_digit: Seconds | None = None
    """How long to wait for the first key after the prompt, as `5s`; the flow's `timing` when left out."""
    between_digits: Seconds | None = None
    """How long to wait for each further key; the flow's `timing` when left out."""
    barge_in: BargeIn = "any"
    """Which keys interrupt the prompt: `any`, `off`, or the keys themselves."""
    type_ahead: Literal["keep", "flush"] = "keep"
    """Whether keys pressed before this step count (`keep`) or are forgotten (`flush`)."""
    no_input: Failure = Failure()
    """What happens when nothing is keyed."""
    no_match: Failure = Failure()
    """What happens when something else is keyed."""


class Menu(Listening):
    """Choices by key."""

    greeting: Prompt
    """The long form, heard at the first visit."""
    short: Prompt | None = None
    """The short form, heard at every later visit and repeat after the first."""
    choices: Annotated[
        dict[KeyName, Annotated[Choice, BeforeValidator(_choice, json_schema_input_type=StepName | Choice)]],
        Field(min_length=1),
    ]
    """Where each key leads: a step's name, or `{to: step, set: {variable: value}}`."""
    global_keys: bool = True
    """Whether the flow's `keys` work in this menu."""


MOST = 99
"""The highest mark of a scale: two keys."""


def _scale(value: Any) -> Any:
    low, dots, high = str(value).partition("..") if isinstance(value, str) else ("", "", "")
    if not (dots and low.strip().isdecimal() and high.strip().isdecimal()):
        raise ValueError(f"{value!r} is no scale; write 0..10, or 1..5")
    if not int(low) < int(high) <= MOST:
        raise ValueError(f"{value!r} is no scale: the lowest mark comes first, and {MOST} is the highest")
    return (int(low), int(high))


class Rate(Listening):
    """A question answered on a scale. Whoever does not answer is not kept: the question is skipped."""

    question: Prompt
    """What is asked, with what the lowest and the highest mark mean."""
    again: Prompt | None = None
    """The shorter form for second and later attempts."""
    scale: Annotated[tuple[int, int], BeforeValidator(_scale, json_schema_input_type=str)]
    """The lowest and the highest mark: `0..10`."""
    into: VariableName
    """The variable that keeps the mark, a number; `none` when the question was skipped."""

    @property
    def marks(self) -> range:
        """All marks."""
        return range(self.scale[0], self.scale[1] + 1)


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
    """What is said before."""
    again: Prompt | None = None
    """The shorter form for second and later attempts."""
    into: VariableName
    """The variable that keeps it."""
    digits: Annotated[
        tuple[int, int], BeforeValidator(_digits, json_schema_input_type=int | str | tuple[int, int])
    ]
    """How many: `4`, or `6..12`."""
    terminator: Annotated[str, Field(pattern=r"^[*#]?$")] = "#"
    """The key that ends the answer early; "" for none."""
    private: bool = False
    """The digits are nobody's business: no log, no trace; only whether they passed."""
    must: list[Check] = []
    """Checks in turn; the first that fails gives its reason."""
    confirm: Prompt | None = None
    """Read back, then 1 keeps and 2 asks again."""
