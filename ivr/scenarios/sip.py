"""Scenarios over real SIP: somebody who can call and press keys, and who reads the trace."""

from collections.abc import Sequence
from typing import Protocol

from ivr.scenarios.driving import AstrayError, Ended, is_step
from ivr.scenarios.model import Answers, Scenario
from values import Clock

POLL_SECONDS = 0.05
PATIENCE = 30.0
"""Seconds in which the call must come to an expected step, prompts and waiting included."""


class SipDriver(Protocol):
    """A telephone. The integration tests make one of their own SIP user agent and the trace in the database.

    `says`, `answers`, `at` and `transfers` of a scenario do not apply here: actions are the real ones.
    """

    async def dial(self, scenario: Scenario) -> None:
        """Call the flow of the scenario and be answered."""
        ...

    async def press(self, keys: str) -> None:
        """Send keys, one by one."""
        ...

    async def hang_up(self) -> None:
        """End the call."""
        ...

    async def entered(self) -> Sequence[str]:
        """The paths of the steps entered so far in order, the present one last."""
        ...

    async def ended(self) -> Ended | None:
        """How the call ended; None while it is up."""
        ...


class OverSip:
    """Drives a scenario with a telephone. Satisfies `Driver`."""

    def __init__(self, phone: SipDriver, clock: Clock, *, patience: float = PATIENCE) -> None:
        self._phone = phone
        self._clock = clock
        self._patience = patience
        self._seen = 0

    async def begin(self, scenario: Scenario) -> None:
        """Call."""
        await self._phone.dial(scenario)

    async def reach(self, step: str, says: str | None) -> None:  # noqa: ARG002  (the trace holds no words)
        """Wait for the trace to show the step."""
        came: Sequence[str] = ()
        for _ in self._moments():
            over = await self._phone.ended()
            came = await self._phone.entered()
            place = next((at for at in range(self._seen, len(came)) if is_step(came[at], step)), None)
            if place is not None:
                self._seen = place + 1
                return
            if over is not None:
                raise AstrayError(f"expected the step {step!r}, but the call is over ({_way(came)})")
            await self._clock.sleep(POLL_SECONDS)
        raise AstrayError(f"expected the step {step!r}, but the call is at {_way(came)}")

    async def press(self, keys: str) -> None:
        """Press keys, also into a prompt."""
        self._seen = len(await self._phone.entered())
        await self._phone.press(keys)

    async def silence(self) -> None:
        """Wait until the flow goes on by itself."""
        self._seen = before = len(await self._phone.entered())
        for _ in self._moments():
            if len(await self._phone.entered()) > before or await self._phone.ended():
                return
            await self._clock.sleep(POLL_SECONDS)
        raise AstrayError("the flow did not give up waiting")

    async def hang_up(self) -> None:
        """Hang up."""
        await self._phone.hang_up()

    def answer(self, answers: Answers) -> None:
        """Actions are the real ones here."""

    async def end(self, *, wanted: bool) -> Ended:
        """Wait for the end, or make it."""
        for _ in self._moments() if wanted else range(1):
            ended = await self._phone.ended()
            if ended is not None:
                return ended
            await self._clock.sleep(POLL_SECONDS)
        if wanted:
            raise AstrayError(f"the flow should have ended, but it is at {_way(await self._phone.entered())}")
        await self._phone.hang_up()
        return await self.end(wanted=True)

    def _moments(self) -> range:
        return range(max(1, round(self._patience / POLL_SECONDS)))


def _way(came: Sequence[str]) -> str:
    return " → ".join(came[-6:]) or "no step"
