"""One simulated day: the dialler's own deciding code on virtual time, against a modelled world."""

import math
from collections.abc import Callable
from random import Random

from agents import Desk
from dialer.cadence import Cadence, Staff
from dialer.pacing import Pacer, PacingState
from dialer.simulator.abandonment import share
from dialer.simulator.crew import Crew
from dialer.simulator.inbound import InboundQueue
from dialer.simulator.outbound import CAMPAIGN, Outbound
from dialer.simulator.results import DayResult
from dialer.simulator.scenario import Scenario
from dialer.simulator.tally import Tally
from dialer.simulator.timeline import Timeline

Stopwatch = Callable[[], float]
"""Seconds of a clock that really goes; it measures the pacer and decides nothing."""


class _Watched:
    """A pacer with a stopwatch beside it."""

    def __init__(self, pacer: Pacer, stopwatch: Stopwatch) -> None:
        self._pacer = pacer
        self._stopwatch = stopwatch
        self.call_ended = pacer.call_ended
        self.agent_freed = pacer.agent_freed
        self.decisions = 0
        self.seconds = 0.0

    def calls_to_place(self, state: PacingState) -> int:
        began = self._stopwatch()
        calls = self._pacer.calls_to_place(state)
        self.seconds += self._stopwatch() - began
        self.decisions += 1
        return calls


class Day:
    """A world with one pacer in it. Run once."""

    def __init__(
        self, scenario: Scenario, pacer: Pacer, *, contender: str, seed: int, stopwatch: Stopwatch
    ) -> None:
        self._scenario = scenario
        self._contender = contender
        self._seed = seed
        self._pacer = _Watched(pacer, stopwatch)
        self._timeline = Timeline()
        self._desk = Desk(self._timeline.seconds)
        self._cadence = Cadence(self._pacer, self._timeline.seconds)
        self._tally = Tally(scenario.seconds)
        self._crew = Crew(scenario, self._timeline, self._desk, self._stream("staff"), self._tally)
        self._outbound = Outbound(
            scenario, self._timeline, self._cadence, self._crew, self._tally, self._stream
        )
        self._inbound = self._queue()
        self._crew.serve = self._serve
        self._allowance = 0.0

    def run(self) -> DayResult:
        """Let the day go by, until the last call has ended."""
        self._crew.begin()
        if self._inbound:
            self._inbound.begin()
        self._timeline.at(0.0, self._tick)
        self._timeline.run()
        return self._result()

    def _stream(self, name: str) -> Random:
        """Chance of its own for each part, so that one pacer's haste does not change another's world."""
        return Random(f"{self._seed} {name}")

    def _queue(self) -> InboundQueue | None:
        inbound = self._scenario.inbound
        if inbound is None:
            return None
        random = self._stream("inbound")
        return InboundQueue(self._scenario, inbound, self._timeline, self._desk, self._crew, random)

    def _tick(self) -> None:
        """Decide; after the end of the day only wait until no call is open any more, then go home."""
        if self._timeline.now < self._scenario.seconds:
            self._decide()
        elif not self._outbound.unsettled and not (self._inbound and self._inbound.waiting):
            self._crew.go_home()
            return
        self._timeline.after(self._scenario.decides_every, self._tick)

    def _decide(self) -> None:
        wanted = self._cadence.wanted(self._staff())
        rate = self._scenario.campaign.calls_per_second
        most = max(1.0, rate * self._scenario.decides_every)
        self._allowance = min(most, self._allowance + rate * self._scenario.decides_every)
        placed = self._outbound.place(min(wanted, math.floor(self._allowance)))
        self._allowance -= placed

    def _staff(self) -> Staff:
        return Staff(
            idle=self._desk.idle(),
            busy=self._desk.busy(),
            leaving=self._desk.leaving(),
            inbound_waiting=self._desk.waiting_inbound(),
        )

    def _serve(self) -> None:
        """Whoever is free gets who waits: callers first, then called customers, each in their order."""
        while self._inbound and self._inbound.waiting:
            reservation = self._desk.reserve("caller", inbound=True)
            if reservation is None:
                return
            self._inbound.answer(reservation, lambda _handled: None)
        while self._outbound.waiting:
            reservation = self._desk.reserve(self._outbound.next_key, campaign=CAMPAIGN)
            if reservation is None:
                return
            self._outbound.join(reservation)

    def _result(self) -> DayResult:
        tally, scenario = self._tally, self._scenario
        formula = scenario.campaign.formula
        return DayResult(
            contender=self._contender,
            seed=self._seed,
            formula=formula,
            hours=scenario.hours,
            counts=tally.counts,
            utilisation=tally.utilisation,
            staffed_hours=tally.staffed / 3600,
            talk_minutes_per_agent_hour=tally.talk_minutes_per_agent_hour,
            mean_idle=tally.mean_idle,
            worst_hour=tally.worst_hour(formula),
            series=tally.series(),
            inbound=self._inbound.result() if self._inbound else None,
            list=self._outbound.contacts.result(scenario.seconds),
            decisions=self._pacer.decisions,
            decision_seconds=share(self._pacer.seconds, self._pacer.decisions),
        )
