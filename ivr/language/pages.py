"""A page of an agent's script: what to say, what to fill in, and where each answer and objection leads."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ivr.language.basics import Literal_, Prompt, StepName, VariableName, Word

PAGE_KEY = r"^[1-9]$"


class Stage(StrEnum):
    """How far a talk has come. Always in this order: nothing is offered before the problem is solved."""

    GREET = "greet"
    LISTEN = "listen"
    """The customer tells; the agent understands."""
    BEACON = "beacon"
    """An offer is mentioned, no more: "when we are done, I have something for you"."""
    SOLVE = "solve"
    OFFER = "offer"
    QUESTIONS = "questions"
    """Of an interview."""
    CLOSE = "close"


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as problem:
        raise ValueError(f"{pattern!r} is no regular expression: {problem}") from problem
    return pattern


class Option(Word):
    """One of the choices of a field."""

    value: Literal_
    """What is kept."""
    text: Prompt
    """What the agent reads."""


class Ends(Word):
    """What the two ends of a scale mean."""

    low: Prompt
    """The lowest."""
    high: Prompt
    """The highest."""


class FormField(Word):
    """Something the agent fills in."""

    into: VariableName
    """The variable that keeps it."""
    label: Prompt
    """What it is, or the question itself."""
    type: Literal["text", "number", "scale", "money", "date", "flag", "choice"] = "text"
    """What kind of value it is; a `flag` is yes or no, a `scale` whole numbers to choose from."""
    required: bool = False
    """Whether the page is not left without it."""
    when: str = ""
    """Asked only where this condition holds as the page is opened; where it does not, the value is `none`."""
    hint: Prompt | None = None
    """How to fill it in."""
    least: float | None = None
    """The lowest number or amount, the fewest letters, or the first day, counted from today."""
    most: float | None = None
    """The highest number or amount, the most letters, or the last day, counted from today."""
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    """How many digits of a number may follow the point."""
    matches: Annotated[str, AfterValidator(_compiles)] = ""
    """A regular expression that a text fits from end to end."""
    lines: Annotated[int, Field(ge=1, le=20)] = 1
    """How many lines a text is given room for."""
    options: Annotated[list[Option], Field(default_factory=list)]
    """The choices, in the order in which they are shown."""
    ends: Ends | None = None
    """What the ends of a scale mean."""
    decline: Prompt | None = None
    """The choice for who will not say, as `{en: Prefers not to say}`; the value is then `none`."""


class Answer(Word):
    """One way out of a page, chosen by its number."""

    text: Prompt
    """What the customer says, in short."""
    to: StepName
    """Where it leads."""
    set: Annotated[dict[VariableName, Literal_], Field(default_factory=dict)]
    """Values kept when it is chosen, as in `{reason: billing}`."""
    when: str = ""
    """Offered only where this condition holds as the page is opened."""
    at_once: bool = False
    """Whether it leads on without the fields that the page requires."""


PageKey = Annotated[str, Field(pattern=PAGE_KEY)]
"""The number key that chooses an answer."""


class Page(Word):
    """One page of a script."""

    stage: Stage
    """How far the talk has come: greet, listen, beacon, solve, offer, questions or close."""
    title: Prompt
    """What the page is about, in a few words."""
    say: Prompt | None = None
    """What to say to the customer."""
    hint: Prompt | None = None
    """What the agent should know or do; not to be said."""
    fields: Annotated[list[FormField], Field(default_factory=list)]
    """What is filled in."""
    answers: Annotated[dict[PageKey, Answer], Field(default_factory=dict)]
    """What the customer may answer, by number key."""
    objections: Annotated[dict[PageKey, Answer], Field(default_factory=dict)]
    """What the customer may object, by number key; no field is required on this way."""

    @property
    def ways(self) -> dict[str, Answer]:
        """Answers and objections by key."""
        return {**self.answers, **self.objections}

    def leads_at_once(self, key: str) -> bool:
        """Whether a way out needs no filled-in page."""
        return key in self.objections or self.answers[key].at_once
