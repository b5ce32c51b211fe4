"""Callers who ring the same agents. They wait in their order, and some give up."""

from collections import deque
from dataclasses import dataclass
from random import Random

from agents import Desk, Reservation
from dialer.simulator.abandonment import share
from dialer.simulator.crew import Crew, Freed
from dialer.simulator.distributions import sampler
from dialer.simulator.results import InboundResult
from dialer.simulator.scenario import Inbound, Scenario
from dialer.simulator.timeline import Timeline


@dataclass(slots=True, eq=False)
class _Caller:
    came: float
    waits: bool = True


class InboundQueue:
    """The queue of one day."""

    def __init__(
        self, scenario: Scenario, inbound: Inbound, timeline: Timeline, desk: Desk, crew: Crew, random: Random
    ) -> None:
        self._seconds = scenario.seconds
        self._timeline = timeline
        self._desk = desk
        self._crew = crew
        self._random = random
        self._goal = inbound.answer_goal
        self._rate = inbound.calls_per_hour.compiled(scenario.starts, lambda calls: calls / 3600)
        self._busiest = max(step.value for step in inbound.calls_per_hour.steps) / 3600
        self._talk = sampler(inbound.talk)
        self._wrap_up = sampler(inbound.wrap_up)
        self._patience = sampler(inbound.patience)
        self._queue: deque[_Caller] = deque()
        self._calls = self._answered = self._gave_up = self._in_time = 0
        self._waited = 0.0
        self.waiting = 0
        """Callers who wait now."""

    def begin(self) -> None:
        """The first caller is on their way."""
        self._next()

    def _next(self) -> None:
        """Poisson arrivals, thinned from the day's busiest rate (Lewis & Shedler 1979)."""
        moment = self._timeline.now
        while self._busiest:
            moment += self._random.expovariate(self._busiest)
            if moment >= self._seconds:
                return
            if self._random.random() * self._busiest < self._rate(moment):
                self._timeline.at(moment, self._comes)
                return

    def _comes(self) -> None:
        self._next()
        caller = _Caller(self._timeline.now)
        self._calls += 1
        self._waits(1)
        self._queue.append(caller)
        self._timeline.after(self._patience(self._random), self._gives_up, caller)
        self._crew.serve()

    def _waits(self, more: int) -> None:
        self.waiting += more
        self._desk.inbound.waits("", self.waiting)

    def _gives_up(self, caller: _Caller) -> None:
        if caller.waits:
            caller.waits = False
            self._waits(-1)
            self._gave_up += 1

    def answer(self, reservation: Reservation, freed: Freed) -> None:
        """An agent takes the one who has waited longest."""
        while not (caller := self._queue.popleft()).waits:
            continue
        caller.waits = False
        self._waits(-1)
        waited = self._timeline.now - caller.came
        self._answered += 1
        self._waited += waited
        self._in_time += waited <= self._goal
        talk, wrap_up = self._talk(self._random), self._wrap_up(self._random)
        self._crew.talk(reservation, talk, wrap_up, lambda: None, freed)

    def result(self) -> InboundResult:
        """How they fared."""
        return InboundResult(
            calls=self._calls,
            answered=self._answered,
            gave_up=self._gave_up,
            in_time=share(self._in_time, self._calls),
            mean_wait=share(self._waited, self._answered),
        )
