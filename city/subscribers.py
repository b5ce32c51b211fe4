"""Subscribers at their telephones: rung by us, or ringing 0611."""

from collections.abc import Sequence
from random import Random

import structlog

from agi import Session
from city.hearing import Hearing
from city.people import Answers, Machine, People, Person, Screening, talk_seconds
from values import Clock, HangupError, Sound

log = structlog.get_logger(__name__)

RING_SECONDS = 4.0
"""A ring with its pause."""
BUSY = "17"
KEY_MILLISECONDS = "120"
BEEP = Sound("beep", "beep")
DRAWS_BREATH = 0.3
"""Seconds from picking up to the first word."""
NOISE_MILLISECONDS, SILENCE_MILLISECONDS = "200", "800"
"""What an assistant takes for somebody speaking, and for their having finished."""


class Subscribers:
    """Everybody's telephone. `take` is the handler of the city's FastAGI server."""

    def __init__(
        self, people: People, clock: Clock, chance: Random, *, hearing: Hearing | None = None
    ) -> None:
        """Without a `hearing` nobody understands what they are asked, and all key what they always do."""
        self._people = people
        self._hearing = hearing
        self._clock = clock
        self._chance = chance
        self.rung: dict[str, int] = {}
        """How often each number was rung; tests count here that nobody is called twice."""

    async def take(self, session: Session) -> None:
        """One telephone: `called` rings, `caller` has been answered."""
        try:
            if session.route == "called":
                await self._rung(session)
            else:
                await self._act(session, self._people.calling(self._chance))
        except HangupError:
            pass

    async def _rung(self, session: Session) -> None:
        number = session.dialled
        self.rung[number] = self.rung.get(number, 0) + 1
        does = self._people.called_at(number)
        log.debug("city.rung", number=number)
        if does.busy is not None:
            await session.execute("Hangup", BUSY)
        elif does.screening is not None:
            await self._screening(session, does.screening)
        elif does.machine is not None:
            await self._machine(session, does.machine)
        elif does.answers is not None:
            await self._answers(session, does.answers)
        else:
            await session.execute("Ringing")
            await self._listen(session, RING_SECONDS * 60)

    async def _answers(self, session: Session, does: Answers) -> None:
        await self._ring(session, does.rings)
        await session.answer()
        if does.heeds and self._hearing is not None:
            flow = await self._hearing.flow_on(session.dialled)
            does = self._people.answering(session.dialled, flow, does)
        await self._greet(session, does)

    async def _greet(self, session: Session, does: Answers) -> None:
        """Somebody has the telephone at their ear."""
        if does.says:
            await self._listen(session, DRAWS_BREATH)
            await session.play(sounds(does.says))
        stays = does.stays if does.talks is None else talk_seconds(does.talks, self._chance)
        await self._act(session, Person(does.keys, does.listens, stays))

    async def _machine(self, session: Session, does: Machine) -> None:
        await self._ring(session, does.rings)
        await session.answer()
        await session.play(sounds(does.greets))
        await self._listen(session, does.pauses)
        await session.play([BEEP])
        await self._listen(session, does.records)
        await session.hangup()

    async def _screening(self, session: Session, does: Screening) -> None:
        """Ask, hear the caller out, then fetch the owner or wait in vain."""
        await self._ring(session, does.rings)
        await session.answer()
        await session.play(sounds(does.asks))
        await session.execute("WaitForNoise", NOISE_MILLISECONDS, "1", f"{does.waits:.0f}")
        await session.execute("WaitForSilence", SILENCE_MILLISECONDS, "1", f"{2 * does.waits:.0f}")
        if does.fetches is not None:
            await self._listen(session, RING_SECONDS)
            await self._greet(session, does.fetches)
        else:
            await self._listen(session, does.waits)
            await session.hangup()

    async def _ring(self, session: Session, rings: int) -> None:
        if rings:
            await session.execute("Ringing")
            await self._listen(session, RING_SECONDS * rings)

    async def _act(self, session: Session, person: Person) -> None:
        began = self._clock.monotonic()
        for wait, key in person.moves():
            await self._listen(session, wait)
            await session.execute("SendDTMF", key, "", KEY_MILLISECONDS)
        await self._listen(session, person.stays - (self._clock.monotonic() - began))
        await session.hangup()

    async def _listen(self, session: Session, seconds: float) -> None:
        """Wait on the line itself, so that the other side's hanging up is noticed at once."""
        if seconds > 0:
            await session.execute("Wait", f"{seconds:.2f}")


def sounds(names: Sequence[str]) -> list[Sound]:
    """Asterisk's own sounds by their names."""
    return [Sound(name, name) for name in names]
