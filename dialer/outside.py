"""Legs to the public network beside the campaigns' calls: transfers, and people who are asked for advice.

They are no attempts, and nobody is called who did not want it: hours, consent and do-not-call lists do not
concern them. What does is the gate's policy on where calls may go at all, and the trunks' lines.
"""

from dialer.crew import Crew
from dialer.gate import Reason, Verdict, destination_problem
from dialer.gate.verdict import refused


class OutsideLegs:
    """Says whether a number may be rung, and gives a line for it."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    def refusal(self, number: str) -> Verdict | None:
        """Why nobody may be put through to a number; None when they may.

        It must be where the house's calls may go: in its country, no premium number, no short code, and
        never one that calls for help.
        """
        if self._crew.paused:
            return refused(Reason.HOLD, "all calls to the outside are stopped just now")
        return destination_problem(number, {self._crew.gate.house.country})

    def take(self) -> str | None:
        """Reserve a line: the trunk's name, None while all are in use. Give it back with `free`."""
        trunks = self._crew.trunks
        return trunks.take(trunks.allowed(()))

    def free(self, trunk: str) -> None:
        """The line is free again."""
        self._crew.trunks.free(trunk)
        self._crew.nudged.set()
