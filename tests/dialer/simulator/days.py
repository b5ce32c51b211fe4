"""Small days for the stories."""

from collections.abc import Callable
from random import Random
from typing import Any

from dialer.pacing import Pacer, PacingState
from dialer.simulator import DayResult, Scenario
from dialer.simulator.day import Day


class Scripted:
    """A pacer that does as it is told, and remembers what it saw and heard."""

    def __init__(self, calls: Callable[[PacingState], int]) -> None:
        self._calls = calls
        self.states: list[PacingState] = []
        self.ends: list[tuple[float, float, str, float]] = []
        self.freed: list[float] = []

    def calls_to_place(self, state: PacingState) -> int:
        self.states.append(state)
        return self._calls(state)

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        self.ends.append((placed, ended, outcome, rang))

    def agent_freed(self, handled: float) -> None:
        self.freed.append(handled)


def at_random(seed: int = 1) -> Scripted:
    """Places whatever comes to its mind."""
    random = Random(seed)
    return Scripted(lambda state: random.choice([0, 0, 1, state.idle_agents, 3 * state.idle_agents]))


def scenario(**words: Any) -> Scenario:
    """An hour of five agents, changed as said."""
    return Scenario.model_validate(
        {
            "scenario": "test",
            "hours": 1,
            "population": {"person": 0.3},
            "staff": {"agents": 5, "talk": {"lognormal": {"mean": 60, "cv": 0.8}}, "wrap_up": 5},
        }
        | words
    )


def let_go_by(scenario: Scenario, pacer: Pacer, seed: int = 1) -> DayResult:
    """One day with a pacer."""
    return Day(scenario, pacer, contender="test", seed=seed, stopwatch=lambda: 0.0).run()
