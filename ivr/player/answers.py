"""Actions whose results are told by whoever plays the flow."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from ivr.actions import ActionContext, Actions
from ivr.language.basics import PLACEHOLDER
from ivr.language.expressions import parse_expression
from ivr.language.model import (
    AskStep,
    ChooseStep,
    DoStep,
    Flow,
    MenuStep,
    RateStep,
    RecordStep,
    RunStep,
    SetStep,
)
from ivr.player.samples import actions_used
from ivr.player.written import read_value, written
from values import CentralinoError, Scalar

FAILS, LATE = "fails", "late"
"""Words that stand for an action's failure, and for its being too slow."""
VERDICT = "ok"
"""The result of an action that checks an answer; Enter alone says yes."""
HOW_TO_ANSWER = (
    "you are the actions here: type what is given, as gold, 12, true, 72.50 EUR, 2026-12-01; "
    f"Enter gives nothing, {FAILS} and {LATE} let the caller down"
)

Ask = Callable[[str], Awaitable[str]]


class ToldToFailError(CentralinoError):
    """The action was told to fail."""

    error_id = "told-to-fail"


@dataclass(frozen=True, slots=True)
class Telling:
    """Where results come from: those told ahead by `action.result`, then whoever is asked."""

    told: Mapping[str, str]
    ask: Ask | None = None
    note: Callable[[str], None] = lambda _: None


class ToldActions(Actions):
    """Every action that some flows call, answering what it is told.

    `faces` are the real actions, if they are known: only their results are used. Otherwise each action is
    asked for the values that the flow uses and nothing in it sets.
    """

    def __init__(self, flows: Iterable[Flow], telling: Telling, faces: Actions | None = None) -> None:
        super().__init__()
        self._telling = telling
        self._explained = False
        flows = list(flows)
        for name, fields in actions_used(flows).items():
            results = _results(name, flows, faces)
            self.register(name, self._function(name, results), fields=frozenset(fields), results=results)

    def _function(self, name: str, results: frozenset[str]) -> Callable[..., Awaitable[Mapping[str, Scalar]]]:
        async def answer(ctx: ActionContext, **fields: Scalar) -> Mapping[str, Scalar]:  # noqa: ARG001
            asked = ", ".join(fields)  # only their names: a value may be private
            self._telling.note(f"{name}({asked})")
            found: dict[str, Scalar] = {}
            if (word := self._telling.told.get(name)) is not None:
                _obey(word, name)
            for result in sorted(results):
                text = self._telling.told.get(f"{name}.{result}")
                if text is None and self._telling.ask is not None:
                    text = await self._asked(self._telling.ask, name, result)
                if text is not None:
                    _obey(text, name)
                    found[result] = read_value(text)
            for result, value in found.items():
                self._telling.note(f"  {result} = {written(value)}")
            return found

        return answer

    async def _asked(self, ask: Ask, name: str, result: str) -> str:
        """What somebody says that an action gives; told once how to say it."""
        if result == VERDICT:
            return await ask(f"{name} takes it (true or false, Enter is true)") or "true"
        if not self._explained:
            self._explained = True
            self._telling.note(HOW_TO_ANSWER)
        return await ask(f"{name} gives {result}")


def _obey(word: str, name: str) -> None:
    if word == FAILS:
        raise ToldToFailError(f"{name} was told to fail")
    if word == LATE:
        raise TimeoutError(f"{name} was told to be late")


def _results(name: str, flows: Iterable[Flow], faces: Actions | None) -> frozenset[str]:
    if faces is not None and name in faces:
        return faces[name].results
    found: set[str] = set()
    for flow in flows:
        for step in flow.steps.values():
            if isinstance(step, DoStep) and step.do == name:
                found |= set(step.into) | (unexplained(flow) - set(step.into.values()))
            elif isinstance(step, AskStep) and any(
                getattr(check, "action", "") == name for check in step.ask.must
            ):
                found.add("ok")
    return frozenset(found)


def unexplained(flow: Flow) -> set[str]:  # noqa: C901  (one case a kind of step)
    """Values a flow uses, but sets nowhere itself: they must come from its actions."""
    used = {name for name, _ in PLACEHOLDER.findall(flow.model_dump_json())}
    known = {*flow.inputs, "language", "reached", "slow"}
    for step in flow.steps.values():
        match step:
            case ChooseStep():
                for case in step.choose:
                    used |= parse_expression(case.when).names
            case SetStep():
                known |= set(step.set)
            case MenuStep():
                for choice in step.menu.choices.values():
                    known |= set(choice.set)
            case AskStep():
                known.add(step.ask.into)
            case RateStep():
                known.add(step.rate.into)
            case RecordStep():
                known.add(step.record.into)
            case RunStep():
                known |= set(step.into.values())
    return used - known
