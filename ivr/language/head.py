"""What stands at the top of a flow besides its name: its kind, inputs, opening hours, waiting and keys."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from ivr.language.basics import ActionName, Keys, Literal_, Seconds, VariableName, Word


class FlowKind(StrEnum):
    """What a flow leads through."""

    CALL = "call"
    """A caller, by voice and keys."""
    SCRIPT = "script"
    """An agent in a talk, by pages."""


class Input(Word):
    """A value the flow is started with."""

    type: Literal["text", "number", "flag", "money", "date", "time"] = "text"
    """What kind of value it is."""
    sample: Literal_ = None
    """What the text player and the drawing use when nothing is given."""
    private: bool = False
    """Whether it is nobody's business: no log, no trace, never spoken."""


class Calendar(Word):
    """Opening hours."""

    zone: str = "Europe/Rome"
    """The time zone of the hours."""
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
    """For the first key after a prompt."""
    between_digits: Seconds = 2.0
    """For each further key."""


class HungUp(Word):
    """What the business does when the caller hangs up on the way."""

    do: ActionName
    """The action, as `surveys.break_off`; it may do nothing to a call that had come to its end."""
    with_: dict[VariableName, Literal_] = Field(default_factory=dict, alias="with")
    """The action's fields: values as they stand then, or `none`."""
    deadline: Seconds = 5.0
    """How long it may take."""


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
