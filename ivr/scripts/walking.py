"""An agent's way through a script: from page to page, as a state machine that does no I/O itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.language.expressions import parse_expression
from ivr.language.model import (
    ChooseStep,
    DoStep,
    EndStep,
    Flow,
    FlowKind,
    FormField,
    HoursStep,
    LanguageStep,
    PageStep,
    RunStep,
    SetStep,
)
from ivr.language.pages import Answer, Page
from ivr.runner.editions import Edition, UnknownFlowError
from ivr.runner.hours import prepare_hours
from ivr.runner.literals import prepare_literal
from ivr.scripts.forms import FieldMistake, read_form
from ivr.scripts.inputs import taken
from ivr.scripts.state import Frame, ScriptState
from values import BadInputError, CentralinoError, Scalar

MOST_STEPS = 100
"""Steps between two pages; more would be a circle."""
OUTCOME = "outcome"
NEXT = ""
"""What is chosen to go on without an answer."""


class ScriptStuckError(CentralinoError):
    """The script goes round without showing a page."""

    error_id = "script-stuck"


class NoWayBackError(CentralinoError):
    """This is the first page."""

    error_id = "script-first-page"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action that has to be done before the script can go on."""

    action: str
    fields: Mapping[str, Scalar]
    deadline: float


def begin(
    edition: Edition,
    name: str,
    variables: Mapping[str, Scalar],
    *,
    language: str = "",
) -> ScriptState:
    """The state of a script that begins, at its first step. Raises `UnknownFlowError`."""
    flow = edition.flow(name)
    if flow.model.kind is not FlowKind.SCRIPT:
        raise UnknownFlowError(f"{name} is no script but the flow of a call")
    given = {each: taken(declared, variables.get(each)) for each, declared in flow.model.inputs.items()}
    spoken = language if language in flow.languages else flow.languages[0]
    return ScriptState(edition.number, [Frame(name, flow.version, flow.start, given)], spoken)


class Walk:
    """One run in one moment. `settle` after each move, doing what is wanted, until a page or the end."""

    def __init__(self, edition: Edition, state: ScriptState, *, now: datetime, zone: ZoneInfo) -> None:
        """The `zone` is where the customers are: it says what day it is."""
        self.state = state
        self.now = now
        self.zone = zone
        self._edition = edition

    @property
    def over(self) -> bool:
        """Whether an end was reached."""
        return bool(self.state.outcome)

    @property
    def frame(self) -> Frame:
        """The script in progress."""
        return self.state.frames[-1]

    def flow(self, place: int = -1) -> Flow:
        """The script in progress, or one of those around it."""
        frame = self.state.frames[place]
        return self._edition.flow(frame.flow, frame.version).model

    @property
    def page(self) -> Page:
        """The page that is open. Raises `BadInputError` when the script is over."""
        return self._page_step().page

    def holds(self, condition: str) -> bool:
        """Whether a condition is true; the empty one is."""
        return not condition or parse_expression(condition).evaluate(self.frame.variables)

    def asked(self) -> list[FormField]:
        """The fields of the open page whose skip rule lets them be asked."""
        return [field for field in self.page.fields if self.holds(field.when)]

    # ── moves ───────────────────────────────────────────────────────────────────────────────────────────────
    def answer(self, key: str, typed: Mapping[str, str]) -> list[FieldMistake]:
        """Leave the page by an answer, an objection, or on; with mistakes it stays open.

        What was typed is kept either way. Raises `BadInputError` for an answer that is not offered.
        """
        step = self._page_step()
        page, way = step.page, self._way(step, key)
        self.note(typed)
        values, mistakes = read_form(self.asked(), typed, self.now.astimezone(self.zone).date())
        if mistakes and not (way and page.leads_at_once(key)):
            return mistakes
        self._leave(key)
        skipped = {field.into: None for field in page.fields if field.into not in values}
        self._keep({**skipped, **values})
        if way:
            resolved = {name: prepare_literal(value) for name, value in way.set.items()}
            self._keep({name: value.resolve(self.frame.variables) for name, value in resolved.items()})
        self.frame.step = way.to if way else str(step.next)
        return []

    def note(self, typed: Mapping[str, str]) -> None:
        """Keep what is typed so far on the open page."""
        known = {field.into for field in self.page.fields}
        self.state.typed[self.state.path] = {name: text for name, text in typed.items() if name in known}

    def back(self) -> None:
        """Return to the page before, with all that was typed there. Raises `NoWayBackError`."""
        if not self.state.stops:
            raise NoWayBackError
        *self.state.stops, last = self.state.stops
        self.state.go_back_to(last)
        self.state.outcome, self.state.goal = "", False
        self.state.turn += 1

    def break_off(self) -> None:
        """The talk ends early: on to the outermost script's `give_up`.

        Raises `BadInputError` after the end.
        """
        self._page_step()
        self._leave(None)
        del self.state.frames[1:]
        self.frame.step = self.flow().give_up

    def speak(self, language: str) -> None:
        """Go on in another language of the customer's. Raises `BadInputError` for one the script lacks."""
        if language not in self.flow(0).languages:
            there = ", ".join(self.flow(0).languages)
            raise BadInputError(f"the script has no text in {language!r}, only in {there}", field="language")
        self.state.language = language

    # ── between pages ───────────────────────────────────────────────────────────────────────────────────────
    def settle(self) -> Wanted | None:
        """Go on to the next page or end; an action on the way has to be done and told first.

        Raises `ScriptStuckError` in a circle.
        """
        for _ in range(MOST_STEPS):
            step = self.flow().steps[self.frame.step]
            if isinstance(step, PageStep) or self.over:
                return None
            if isinstance(step, DoStep):
                fields = {name: self._resolved(value) for name, value in step.with_.items()}
                return Wanted(step.do, fields, step.deadline)
            self._pass(step)
        raise ScriptStuckError(f"{self.frame.flow} goes round at {self.state.path} without showing a page")

    def did(self, results: Mapping[str, Scalar]) -> None:
        """The wanted action answered."""
        step = self._do_step()
        for name, value in results.items():
            self.frame.variables[step.into.get(name, name)] = value
        self.frame.step = step.next

    def failed(self, *, late: bool = False) -> None:
        """The wanted action failed, or took longer than it may."""
        step = self._do_step()
        on_error = step.on_error or self.flow().give_up
        self.frame.step = (step.on_timeout or on_error) if late else on_error

    def _pass(self, step: object) -> None:
        match step:
            case ChooseStep():
                found = (case.to for case in step.choose if self.holds(case.when))
                self.frame.step = next(found, step.otherwise)
            case SetStep():
                self._keep({name: self._resolved(value) for name, value in step.set.items()})
                self.frame.step = step.next
            case LanguageStep():
                wanted = self._resolved(step.language)
                if wanted in self.flow(0).languages:
                    self.state.language = str(wanted)
                self.frame.step = step.next
            case HoursStep():
                hours = prepare_hours(self.flow().calendars[step.hours])
                self.frame.step = step.open if hours.open_at(self.now) else step.closed
            case RunStep():
                self._enter(step)
            case EndStep():
                self._end(step)
            case _:
                raise BadInputError(
                    f"{self.frame.flow} has a step that no script can have: {self.state.path}", field="script"
                )

    def _enter(self, step: RunStep) -> None:
        flow = self._edition.flow(step.run)
        given = {name: self._resolved(value) for name, value in step.with_.items()}
        variables = {name: given.get(name) for name in flow.model.inputs}
        self.state.frames.append(Frame(flow.name, flow.version, flow.start, variables))

    def _end(self, step: EndStep) -> None:
        if len(self.state.frames) == 1:
            self.state.outcome, self.state.goal = step.end, step.goal
            return
        inner = self.state.frames.pop().variables | {OUTCOME: step.end}
        run = self.flow().steps[self.frame.step]
        if isinstance(run, RunStep):
            for its, ours in run.into.items():
                self.frame.variables[ours] = inner.get(its)
            self.frame.step = run.next

    def _resolved(self, value: Scalar) -> Scalar:
        return prepare_literal(value).resolve(self.frame.variables)

    # ── inside a move ───────────────────────────────────────────────────────────────────────────────────────
    def _page_step(self) -> PageStep:
        step = self.flow().steps.get(self.frame.step)
        if not isinstance(step, PageStep) or self.over:
            raise BadInputError("the script is over; go back to change an answer", field="page")
        return step

    def _do_step(self) -> DoStep:
        step = self.flow().steps[self.frame.step]
        assert isinstance(step, DoStep)  # noqa: S101  (it was wanted a moment ago)
        return step

    def _way(self, step: PageStep, key: str) -> Answer | None:
        way = step.page.ways.get(key) if key else None
        if key and (way is None or not self.holds(way.when)):
            raise BadInputError(f"{key!r} is no answer on this page", field="answer")
        if not key and not step.next:
            raise BadInputError("choose one of the answers", field="answer")
        return way

    def _leave(self, key: str | None) -> None:
        path = self.state.path
        self.state.remember(self.state.stop())
        self.state.turn += 1
        if key is not None:
            self.state.chosen[path] = key

    def _keep(self, values: Mapping[str, Scalar]) -> None:
        self.frame.variables.update(values)
        self.state.kept.update({self.state.prefix + name: value for name, value in values.items()})
