"""What a step shows of itself: its name and its first words."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.drawing.lettering import cut, width, wrap
from ivr.drawing.plan import Entry
from ivr.language import Flow, step_kind
from ivr.language.model import (
    AskStep,
    ChooseStep,
    DoStep,
    EndStep,
    HoursStep,
    LanguageStep,
    MarkStep,
    MenuStep,
    PageStep,
    RateStep,
    RecordStep,
    RunStep,
    SayStep,
    SetStep,
    Step,
    TransferStep,
)
from ivr.language.texts import said_by
from values import Scalar

TITLE = 13.0
WORDS = 11.5
LINE = 15.0
WIDEST = 214.0
NARROWEST = 124.0
LONGEST_NAME = 220.0
BOLD = 1.08
"""How much wider the name is for being bold."""
SIDE = 14.0
"""Between a box's edge and its words."""
ICON = 24.0
"""What the picture at the left takes."""
ENTRY_HEIGHT = 26.0
_QUIET = ("choose", "set", "language", "hours", "mark")
"""Kinds that say nothing; drawn flat."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node, written and measured."""

    name: str
    kind: str
    """The step's kind; `entry` for a way into the flow."""
    title: str
    lines: tuple[str, ...]
    width: float
    height: float
    about: str
    """All of it, for the tooltip and for those who hear the page."""
    key: str = ""
    goal: bool = False
    slant: float = 0.0
    """How much of the width at each side the shape takes away."""


def entry_box(entry: Entry) -> Box:
    """A way into the flow."""
    room = width(entry.words, WORDS) + 2 * SIDE + (22.0 if entry.key else 0.0)
    about = f"{entry.words}, key {entry.key}" if entry.key else entry.words
    return Box(entry.name, "entry", entry.words, (), room, ENTRY_HEIGHT, about, key=entry.key)


def step_box(flow: Flow, name: str, language: str) -> Box:
    """A step, with its first words in a language (the flow's first where it lacks that)."""
    step = flow.steps[name]
    kind = str(step_kind(step))
    words = _words(step, language, flow.languages[0])
    slant = {"choose": 12.0, "hours": 12.0, "ask": 6.0, "rate": 6.0, "menu": 4.0, "transfer": 8.0}.get(
        kind, 0.0
    )
    room = WIDEST - 2 * SIDE - ICON - 2 * slant
    lines = tuple(wrap(words, WORDS, room, 1 if kind in _QUIET else 2))
    title = cut(name, TITLE, LONGEST_NAME)
    longest = max([width(title, TITLE) * BOLD, *(width(line, WORDS) for line in lines)])
    box_width = max(NARROWEST, longest + 2 * SIDE + ICON + 2 * slant)
    return Box(
        name=name,
        kind=kind,
        title=title,
        lines=lines,
        width=box_width,
        height=26.0 + LINE * len(lines) + (0.0 if lines else 8.0),
        about=f"{name} ({kind}): {words}" if words else f"{name} ({kind})",
        goal=isinstance(step, EndStep) and step.goal,
        slant=slant,
    )


def _words(step: Step, language: str, fallback: str) -> str:  # noqa: C901, PLR0911  (one a kind of step)
    match step:
        case SayStep() | MenuStep() | AskStep() | RateStep() | RecordStep():
            prompt = next(said_by(step)).prompt
            return prompt.get(language) or prompt.get(fallback) or next(iter(prompt.values()))
        case PageStep():
            title = step.page.title
            return title.get(language) or title.get(fallback) or next(iter(title.values()))
        case EndStep():
            return f"outcome {step.end}"
        case DoStep():
            return step.do
        case RunStep():
            return step.run
        case ChooseStep():
            return ""
        case HoursStep():
            return step.hours
        case SetStep():
            return _pairs(step.set)
        case MarkStep():
            return _pairs(step.mark)
        case LanguageStep():
            return step.language
        case TransferStep():
            return f"rings {step.transfer}"


def _pairs(values: Mapping[str, Scalar]) -> str:
    return ", ".join(f"{name}: {_shown(value)}" for name, value in values.items())


def _shown(value: Scalar) -> str:
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
