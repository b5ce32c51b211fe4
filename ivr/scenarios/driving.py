"""Carrying a scenario out, whoever drives the call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ivr.scenarios.loading import LoadedScenario
from ivr.scenarios.model import Answer, Answers, Expect, HangUp, Press, Scenario, Silence, values_of
from values import CentralinoError, Scalar


class ScenarioFailedError(CentralinoError):
    """The call did not go as the scenario says."""

    error_id = "scenario-failed"


class AstrayError(CentralinoError):
    """The call is somewhere else than expected."""

    error_id = "astray"


@dataclass(frozen=True, slots=True)
class Ended:
    """How the call ended."""

    outcome: str
    """'' when the flow did not reach its end."""
    goal: bool
    path: str
    """The last step."""
    variables: Mapping[str, Scalar] | None = None
    """None where they cannot be seen."""


class Driver(Protocol):
    """One call that a scenario leads. Each method raises `AstrayError` when the call does not follow."""

    async def begin(self, scenario: Scenario) -> None:
        """Call."""
        ...

    async def reach(self, step: str, says: str | None) -> None:
        """See the call come to a step, now or after waiting, and perhaps hear something said."""
        ...

    async def press(self, keys: str) -> None:
        """Press keys."""
        ...

    async def silence(self) -> None:
        """Press nothing until the flow gives up waiting."""
        ...

    async def hang_up(self) -> None:
        """Hang up."""
        ...

    def answer(self, answers: Answers) -> None:
        """Have actions answer so from here on, where they are not the real ones."""
        ...

    async def end(self, *, wanted: bool) -> Ended:
        """Let the call end; hang up where the flow waits, unless it is `wanted` to end by itself."""
        ...


async def run_scenario(loaded: LoadedScenario, driver: Driver) -> Ended:
    """Lead a call through a scenario. Raises `ScenarioFailedError`, naming file and line."""
    scenario = loaded.scenario
    try:
        await driver.begin(scenario)
    except AstrayError as problem:
        raise _failed(loaded, problem, "flow") from None
    for place, item in enumerate(scenario.steps):
        try:
            match item:
                case Expect():
                    await driver.reach(item.expect, item.says)
                case Press():
                    await driver.press(item.press)
                case Silence():
                    await driver.silence()
                case HangUp():
                    await driver.hang_up()
                case Answer():
                    driver.answer(item.answer)
        except AstrayError as problem:
            raise _failed(loaded, problem, "steps", place) from None
    try:
        ended = await driver.end(wanted=scenario.outcome is not None)
    except AstrayError as problem:
        raise _failed(loaded, problem, "outcome") from None
    _compare(loaded, ended)
    return ended


def _compare(loaded: LoadedScenario, ended: Ended) -> None:
    scenario = loaded.scenario
    if scenario.outcome is not None and ended.outcome != scenario.outcome:
        came = f"the outcome is {ended.outcome!r}" if ended.outcome else "no end was reached"
        told = f"expected the outcome {scenario.outcome!r}, but {came}; the last step was {ended.path}"
        raise _failed(loaded, AstrayError(told), "outcome")
    if scenario.goal is not None and ended.goal != scenario.goal:
        told = "the goal was reached" if ended.goal else "the goal was not reached"
        raise _failed(loaded, AstrayError(told), "goal")
    for name, value in values_of(scenario.results).items():
        found = (ended.variables or {}).get(name)
        if ended.variables is not None and found != value:
            told = f"expected {name} to be {value!r}, but it is {found!r}"
            raise _failed(loaded, AstrayError(told), "results", name)


def _failed(loaded: LoadedScenario, problem: CentralinoError, *path: str | int) -> ScenarioFailedError:
    return ScenarioFailedError(f"{loaded.where(*path)}: {loaded.scenario.scenario}: {problem}")


def is_step(path: str, wanted: str) -> bool:
    """Whether a path is the step a scenario means: by its whole path or its own name."""
    return path == wanted or path.endswith(f">{wanted}")
