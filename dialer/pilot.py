"""One call from the order to its end."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from dialer import marks
from dialer.attempts import move_attempt
from dialer.crew import Crew
from dialer.flights import Ending, Flight, Stage
from dialer.models import Machines
from dialer.placement import AttemptResult, Placement
from dialer.ports import DialEnd, Dialled
from dialer.reconciliation import look_up
from dialer.results import Meaning, meaning_of
from dialer.retry import INTERRUPTED
from store import StoreUnavailableError

log = structlog.get_logger(__name__)

NO_END = "hangup"
"""The outcome of an answered call whose flow did not reach its end."""
UNTOLD = frozenset({"", NO_END, INTERRUPTED})
"""Outcomes that no flow has given."""
RECORD_SECONDS = 1.0
"""How long the switch may take to write its record of a call that is over."""
SILENT_SECONDS = 5.0
"""A refusal that comes later may come from a telephone that rang: networks that play the ringing tone
themselves (183) do not tell us that it does. Such a call is not taken to another trunk."""
MOVE_SECONDS = 5.0
"""How long a refused call waits for room on the next trunk."""
MOVE_POLL = 0.1


class Pilot:
    """Takes committed attempts through the network; all it learns goes to the ledger."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    async def fly(self, flight: Flight) -> None:
        """Place a call and see it through.

        One that its trunk refused before anything rang goes on as another attempt on the next trunk.
        """
        following: Flight | None = flight
        while following is not None:
            flight = following
            try:
                following = await self._place(flight)
            except Exception:
                # whatever went wrong, the attempt may ring: it is left to the watch and never placed again
                log.exception("dialer.flight_failed", attempt=flight.placement.attempt_id)
                flight.stage = Stage.UNSURE
                await self.see_down(flight)
                return

    async def see_down(self, flight: Flight) -> None:
        """Wait for the end of a call that is up, or may be."""
        placement = flight.placement
        how = await flight.ended
        now = self._crew.clock.now()
        if isinstance(how, Ending) and flight.stage is Stage.UNSURE and how.outcome in UNTOLD:
            how = await self._without_flow(flight, how)
        if isinstance(how, Ending):
            how = AttemptResult(
                placement.attempt_id,
                how.outcome or NO_END,
                now,
                goal=how.goal,
                answered=flight.answered or now,
            )
        self._land(flight, how)

    async def _without_flow(self, flight: Flight, ending: Ending) -> Ending | AttemptResult:
        """A call nobody heard the answer of ended outside its flow: perhaps it was never answered at all."""
        crew = self._crew
        await crew.clock.sleep(RECORD_SECONDS)
        try:
            async with crew.db.read() as session:
                (found,) = await look_up(
                    session, [flight.placement.attempt_id], crew.records, crew.clock.now()
                )
        except StoreUnavailableError:
            return ending
        nothing_more = found.outcome == INTERRUPTED != ending.outcome
        return ending if nothing_more else found

    async def _place(self, flight: Flight) -> Flight | None:
        crew, placement = self._crew, flight.placement
        crew.mark(flight, marks.asked(crew.clock.now()))
        dialled = await crew.lines.dial(crew.order(placement))
        if dialled.end is DialEnd.REFUSED:
            crew.trunks.refused(placement.trunk, dialled.cause, dialled.sip_cause)
            if _meaning(dialled).moves:
                return await self._move(flight, dialled)
        if dialled.ringing is not None or dialled.end in {DialEnd.ANSWERED, DialEnd.BUSY}:
            # a trunk that says nothing at all until our time is up has not shown that it works
            crew.trunks.accepted(placement.trunk)
        if dialled.end is DialEnd.ANSWERED:
            flight.stage, flight.answered = Stage.TALKING, dialled.answered or dialled.over
            crew.mark(flight, marks.answered(flight.answered, dialled.ringing))
            crew.rhythm.answered(placement, analysing=placement.machines is not Machines.IGNORE)
            await self.see_down(flight)
        elif dialled.end is DialEnd.FAILED:
            flight.stage = Stage.UNSURE
            await self.see_down(flight)
        else:
            self._land(flight, _result(placement, dialled))
        return None

    def _land(self, flight: Flight, result: AttemptResult) -> None:
        self._crew.trunks.free(flight.placement.trunk)
        self._crew.rhythm.ended(flight.placement, result.outcome)
        self._crew.ledger.finished(
            _with(flight.marks, result)
        )  # first, so that the attempt is always in one hand or the other
        self._crew.flights.remove(flight.placement.attempt_id)
        self._crew.landed()

    async def _move(self, flight: Flight, dialled: Dialled) -> Flight | None:
        """Nothing rang: take the call to the next trunk, as an attempt of its own, after the gate's yes."""
        crew, placement = self._crew, flight.placement
        result = _result(placement, dialled)
        trunk = await self._next_trunk(placement)
        if trunk is None:
            self._land(flight, result)
            return None
        moved = None
        try:
            async with crew.committing:
                moved = await self._commit_move(result, trunk, placement.agent)
                crew.trunks.free(placement.trunk)
                crew.flights.remove(placement.attempt_id)
                crew.rhythm.ended(placement, result.outcome)
                if moved is not None:
                    log.info("dialer.moved", attempt=placement.attempt_id, to=moved.attempt_id, trunk=trunk)
                    return crew.take_off(moved)
        except StoreUnavailableError:
            self._land(flight, result)
        except Exception:
            log.exception("dialer.not_moved", attempt=placement.attempt_id)
            self._land(flight, result)
        finally:
            if moved is None:
                crew.trunks.put_back(trunk)
        crew.nudged.set()
        return None

    async def _commit_move(self, result: AttemptResult, trunk: str, agent: str) -> Placement | None:
        crew = self._crew
        async with crew.db.write() as session:
            return await move_attempt(
                session,
                crew.gate,
                result,
                trunk,
                node=crew.node,
                now=crew.clock.now(),
                consents=crew.consents,
                agent=agent,
            )

    async def _next_trunk(self, placement: Placement) -> str | None:
        """A line on one of the trunks after this one, when there is room soon."""
        trunks = self._crew.trunks
        names = trunks.allowed(placement.trunks)
        later = names[names.index(placement.trunk) + 1 :] if placement.trunk in names else []
        waited = 0.0
        while later and waited <= MOVE_SECONDS and not self._crew.paused:
            if trunk := trunks.take(later):
                return trunk
            await self._crew.clock.sleep(MOVE_POLL)
            waited += MOVE_POLL
        return None


def _with(known: Mapping[str, Any], result: AttemptResult) -> AttemptResult:
    """The result with all that was marked while the call lasted."""
    names = ("detected", "amd", "amd_cause", "joined", "released", "agent", "recording")
    return replace(result, **{name: known[name] for name in names if name in known})


def _result(placement: Placement, dialled: Dialled) -> AttemptResult:
    return AttemptResult(
        placement.attempt_id,
        _meaning(dialled).outcome,
        dialled.over,
        cause=dialled.cause,
        sip_cause=dialled.sip_cause,
        ringing=dialled.ringing,
    )


def _meaning(dialled: Dialled) -> Meaning:
    lasted = (dialled.over - dialled.placed).total_seconds()
    rang = dialled.ringing is not None or lasted > SILENT_SECONDS
    return meaning_of(dialled.end, dialled.cause, dialled.sip_cause, rang=rang)
