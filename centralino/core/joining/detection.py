"""Who answered: Asterisk's AMD, asked in the time there is."""

from dataclasses import dataclass
from enum import StrEnum

from centralino.core.joining.laws import Detection
from centralino.core.joining.ports import Line


class Answerer(StrEnum):
    """What a call is taken for. Words of Asterisk's `AMDSTATUS`."""

    PERSON = "HUMAN"
    MACHINE = "MACHINE"
    UNSURE = "NOTSURE"
    """Treated as a person: one taken for a machine would be hung up on, which the law counts as abandoned."""
    GONE = "HANGUP"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What AMD says, and why: `LONGGREETING-1100-1100`, `HUMAN-500-500`, `TOOLONG-1700`."""

    answerer: Answerer
    cause: str

    @property
    def machine(self) -> bool:
        """Whether it is taken for a machine."""
        return self.answerer is Answerer.MACHINE

    def silence(self, detection: Detection) -> float:
        """Seconds since the greeting was over: none when it was not heard to its end."""
        return detection.after_greeting_silence / 1000 if self.answerer is Answerer.PERSON else 0.0


async def detect(line: Line, detection: Detection) -> Verdict:
    """Listen until AMD knows. An AMD that is not there knows nothing, which is a person.

    Nothing may be played meanwhile, not even by AMD itself: it would count each moment twice, and find no
    machine any more (seen on Asterisk 22). Raises `HangupError`.
    """
    await line.execute("AMD", *detection.arguments)
    status = await line.get_variable("AMDSTATUS")
    cause = await line.get_variable("AMDCAUSE")
    answerer = Answerer(status) if status in set(Answerer) else Answerer.UNSURE
    return Verdict(answerer, cause or "UNKNOWN")
