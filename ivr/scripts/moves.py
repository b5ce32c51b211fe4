"""What an agent can do on a page, and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.scripts.forms import FieldMistake
from ivr.scripts.walking import NEXT, Walk


class How(StrEnum):
    """How a page is left."""

    ANSWER = "answer"
    OBJECTION = "objection"
    NEXT = "next"
    BACK = "back"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class Move:
    """What an agent does on a page."""

    turn: int
    """Of the page that the agent saw."""
    how: How
    key: str = NEXT
    """Of the answer or objection."""
    typed: Mapping[str, str] = field(default_factory=dict)


def make(walk: Walk, move: Move) -> Sequence[FieldMistake]:
    """Leave the page, or say what is wrong with its fields; the walk then has to be settled.

    Raises `BadInputError` for an answer that is not there, `NoWayBackError` on the first page.
    """
    match move.how:
        case How.BACK:
            if not walk.over:
                walk.note(move.typed)
            walk.back()
        case How.GIVE_UP:
            walk.note(move.typed)
            walk.break_off()
        case How.NEXT:
            return walk.answer(NEXT, move.typed)
        case _:
            return walk.answer(move.key, move.typed)
    return ()
