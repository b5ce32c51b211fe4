"""How many of those drawn answered: the AAPOR's rates. Pure.

American Association for Public Opinion Research, Standard Definitions: I complete, P partial, R refused or
broken off before it began, NC nobody reached, O other, UH and UO unknown whether there is anybody, or
anybody to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.models import InterviewState


@dataclass(frozen=True, slots=True)
class Dispositions:
    """What became of the interviews of a period."""

    complete: int = 0
    partial: int = 0
    refused: int = 0
    no_contact: int = 0
    other: int = 0
    unknown: int = 0
    """UH and UO together."""
    ineligible: int = 0
    """In no rate."""
    pending: int = 0
    """Invited or being asked: in no rate until something has come of them."""

    @classmethod
    def of(cls, counts: Mapping[InterviewState, int]) -> "Dispositions":
        """From counted states."""
        pending = counts.get(InterviewState.INVITED, 0) + counts.get(InterviewState.STARTED, 0)
        ended = {
            state.value: n
            for state, n in counts.items()
            if state not in {InterviewState.INVITED, InterviewState.STARTED}
        }
        return cls(pending=pending, **ended)

    @property
    def eligible(self) -> int:
        """(I+P) + (R+NC+O) + (UH+UO): those who could have been interviewed, as far as is known."""
        return self.reached + self.no_contact + self.unknown

    @property
    def reached(self) -> int:
        """(I+P) + R + O: somebody was spoken to."""
        return self.complete + self.partial + self.refused + self.other

    @property
    def response(self) -> float | None:
        """RR1, the strictest response rate: I / ((I+P) + (R+NC+O) + (UH+UO)). None of nobody."""
        return _ratio(self.complete, self.eligible)

    @property
    def cooperation(self) -> float | None:
        """COOP1: I / ((I+P) + R + O). None of nobody."""
        return _ratio(self.complete, self.reached)

    @property
    def refusal(self) -> float | None:
        """REF1: R / ((I+P) + (R+NC+O) + (UH+UO)). None of nobody."""
        return _ratio(self.refused, self.eligible)

    @property
    def contact(self) -> float | None:
        """CON1: ((I+P) + R + O) / ((I+P) + (R+NC+O) + (UH+UO)). None of nobody."""
        return _ratio(self.reached, self.eligible)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
