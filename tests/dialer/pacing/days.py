"""A small world for pacers: agents, customers who answer or do not, and virtual time."""

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from dialer.pacing import Pacer, PacingState

WRAP_UP = 25.0
TOLERATED = 2.0
T = TypeVar("T")


@dataclass
class Day:
    """One campaign, from its first call to its end; times in seconds."""

    agents: Callable[[float], int]
    answer: Callable[[float], float]
    hours: float = 1.0
    talk: float = 150.0
    origin: float = 0.0
    every: float = 1.0
    machines: float = 0.0
    seed: int = 1
    connected: int = 0
    abandoned: int = 0
    placed: int = 0
    handled: float = 0.0
    staffed: float = 0.0
    idle: int = 0
    leaving: int = 0
    analysing: int = 0
    busy: dict[int, float] = field(default_factory=dict)
    ringing: dict[int, float] = field(default_factory=dict)
    waiting: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def utilisation(self) -> float:
        return self.handled / self.staffed

    @property
    def abandonment(self) -> float:
        return self.abandoned / max(1, self.abandoned + self.connected)

    def run(self, pacer: Pacer) -> "Day":
        self._random = random.Random(self.seed)
        self._numbers = count()
        self._events: list[tuple[float, int, str, tuple[float, ...]]] = []
        self._pacer = pacer
        self._at(0.0, "ask")
        end, last = self.hours * 3600, 0.0
        while self._events:
            now, _, kind, values = heapq.heappop(self._events)
            until = min(now, end)
            self.handled += (until - last) * len(self.busy)
            self.staffed += (until - last) * (len(self.busy) + self.idle)
            last = until
            if now > end:
                break
            getattr(self, f"_{kind}")(now, *values)
        return self

    def _at(self, when: float, kind: str, *values: float) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), kind, values))

    def _ask(self, now: float) -> None:
        self._at(now + self.every, "ask")
        self._staff(self.agents(now))
        self._serve(now)
        state = PacingState(
            now=self.origin + now,
            idle_agents=self.idle,
            busy_agents=[now - since for since in self.busy.values()],
            ringing=[now - since for since in self.ringing.values()],
            waiting=len(self.waiting),
            analysing=self.analysing,
            leaving=self.leaving,
        )
        for _ in range(self._pacer.calls_to_place(state)):
            self._place(now)

    def _staff(self, wanted: int) -> None:
        for _ in range(wanted - (self.idle + len(self.busy) - self.leaving)):
            if self.leaving:
                self.leaving -= 1
            else:
                self.idle += 1
        for _ in range(self.idle + len(self.busy) - self.leaving - wanted):
            if self.idle:
                self.idle -= 1
            else:
                self.leaving += 1

    def _place(self, now: float) -> None:
        number = next(self._numbers)
        self.ringing[number] = now
        self.placed += 1
        drawn, person = self._random.random(), self.answer(now)
        if drawn < person + self.machines:
            rang = min(29.0, self._lognormal(11.0, 0.5))
            self._at(now + rang, "answer", number, drawn < person)
        else:
            self._at(now + self._random.uniform(25, 30), "ring_out", number)

    def _lognormal(self, mean: float, cv: float) -> float:
        square = math.log(1 + cv * cv)
        return self._random.lognormvariate(math.log(mean) - square / 2, math.sqrt(square))

    def _answer(self, now: float, number: int, person: bool) -> None:
        placed = self.ringing.pop(number)
        if not self.machines:
            self._person(now, placed, now - placed)
            return
        self.analysing += 1
        self._at(now + self._random.uniform(0.5, 3.5), "told", placed, now - placed, person)

    def _told(self, now: float, placed: float, rang: float, person: bool) -> None:
        self.analysing -= 1
        if person:
            self._person(now, placed, rang)
        else:
            self._tell(placed, now, "machine", rang)

    def _person(self, now: float, placed: float, rang: float) -> None:
        self.waiting.append((placed, rang, now))
        self._at(now + TOLERATED, "give_up", placed, rang, now)
        self._serve(now)

    def _serve(self, now: float) -> None:
        while self.idle and self.waiting:
            placed, rang, _ = self.waiting.pop(0)
            self.idle -= 1
            number = next(self._numbers)
            self.busy[number] = now
            handled = self._lognormal(self.talk, 0.8) + WRAP_UP
            self._at(now + handled, "free", number, handled)
            self.connected += 1
            self._tell(placed, now, "connected", rang)

    def _give_up(self, now: float, placed: float, rang: float, since: float) -> None:
        if (placed, rang, since) in self.waiting:
            self.waiting.remove((placed, rang, since))
            self.abandoned += 1
            self._tell(placed, now, "abandoned", rang)

    def _ring_out(self, now: float, number: int) -> None:
        placed = self.ringing.pop(number)
        self._tell(placed, now, "no_answer", now - placed)

    def _free(self, now: float, number: int, handled: float) -> None:
        del self.busy[number]
        self._pacer.agent_freed(handled)
        if self.leaving:
            self.leaving -= 1
        else:
            self.idle += 1
            self._serve(now)

    def _tell(self, placed: float, ended: float, outcome: str, rang: float) -> None:
        self._pacer.call_ended(
            placed=self.origin + placed, ended=self.origin + ended, outcome=outcome, rang=rang
        )


def always(value: T) -> Callable[[float], T]:
    return lambda _now: value
