"""Trying a script without a talk: the same way from page to page; nothing is kept or done. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from ivr.runner.editions import Edition
from ivr.scripts.forms import FieldMistake
from ivr.scripts.moves import How, Move, make
from ivr.scripts.walking import NoWayBackError, Walk, begin
from values import BadInputError, Scalar

LANGUAGE = "language"
"""A move that changes the language of what is said; its key is the language."""
MOST_MOVES = 300
Told = Mapping[str, Mapping[str, Scalar]]
"""Results by action."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a rehearsal."""

    how: str
    """One of `How`, or `language`."""
    key: str = ""
    typed: Mapping[str, str] | None = None


class Rehearsal:
    """A script being tried: the walk, and the actions that a talk would have had done on the way."""

    def __init__(
        self,
        edition: Edition,
        name: str,
        variables: Mapping[str, Scalar],
        *,
        now: datetime,
        zone: ZoneInfo,
        told: Told = MappingProxyType({}),
    ) -> None:
        """`told` is what actions would have given; one that is not there gives nothing."""
        self._told = told
        self.walk = Walk(edition, begin(edition, name, variables), now=now, zone=zone)
        self.would_do: list[str] = []
        """Actions between the page before and this one."""
        self.mistakes: Sequence[FieldMistake] = ()
        """What is wrong with the fields of the open page."""
        self.taken: list[Step] = []
        """The moves that led on."""
        self._settle()

    def take(self, steps: Sequence[Step]) -> None:
        """Make moves in turn; stops at the first that does not lead on."""
        for step in steps[:MOST_MOVES]:
            if not self.make(step):
                return

    def make(self, step: Step) -> bool:
        """Make a move; whether it led on."""
        self.would_do, self.mistakes = [], ()
        try:
            if step.how == LANGUAGE:
                self.walk.speak(step.key)
            else:
                move = Move(self.walk.state.turn, How(step.how), step.key, step.typed or {})
                self.mistakes = make(self.walk, move)
                if self.mistakes:
                    return False
                self._settle()
        except (BadInputError, NoWayBackError, ValueError):
            return False  # the text has changed since, and this way is no longer there
        self.taken.append(step)
        return True

    def _settle(self) -> None:
        while wanted := self.walk.settle():
            self.would_do.append(wanted.action)
            self.walk.did(self._told.get(wanted.action, {}))
