"""A flow made ready for calls: everything that can be worked out once is, so that a call only walks."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.language import model
from ivr.language.basics import Prompt
from ivr.language.expressions import parse_expression
from ivr.runner.checks import prepare_check
from ivr.runner.deeds import DoStep
from ivr.runner.gone import GoneDeed, prepare_gone
from ivr.runner.hours import OpeningHours, prepare_hours
from ivr.runner.listening import Ears, Keypad, Ways, global_keys, prepare_ears
from ivr.runner.literals import Literal, prepare_literal
from ivr.runner.menus import Chosen, MenuStep
from ivr.runner.people import RecordStep, TransferStep
from ivr.runner.questions import RIGHT, WRONG, AskStep
from ivr.runner.quiet import (
    ChooseStep,
    EndStep,
    HoursStep,
    LanguageStep,
    MarkStep,
    RunStep,
    SayStep,
    SetStep,
)
from ivr.runner.ratings import RateStep
from ivr.runner.walk import PreparedPrompt, Step
from values import ANY_KEY, Scalar, TransferEnd

Literals = tuple[tuple[str, Literal], ...]


@dataclass(frozen=True, slots=True)
class PreparedFlow:
    """A flow in one version, ready to be walked."""

    name: str
    version: str
    """Its content hash; '' for one that was never published."""
    model: model.Flow
    languages: tuple[str, ...]
    start: str
    operator: str
    steps: Mapping[str, Step]
    private: frozenset[str]
    """Variables that are nobody's business, among them copies of such."""
    gone: GoneDeed | None = None
    """What is done when the caller hangs up on the way."""


def prepare(flow: model.Flow, version: str = "") -> PreparedFlow:
    """Make a flow ready. It is taken to be sound: `ivr.language` has checked it."""
    hours = {name: prepare_hours(calendar) for name, calendar in flow.calendars.items()}
    return PreparedFlow(
        name=flow.flow,
        version=version,
        model=flow,
        languages=tuple(flow.languages),
        start=flow.start,
        operator=flow.operator or "",
        steps={
            name: _Preparation(flow, name, hours).of(step)
            for name, step in flow.steps.items()
            if not isinstance(step, model.PageStep)  # pages are an agent's (`ivr.scripts`)
        },
        private=_private(flow),
        gone=prepare_gone(flow.hung_up),
    )


def _private(flow: model.Flow) -> frozenset[str]:
    found = {name for name, given in flow.inputs.items() if given.private}
    found |= {
        step.ask.into for step in flow.steps.values() if isinstance(step, model.AskStep) and step.ask.private
    }
    return frozenset(found)


def _literals(written: Mapping[str, Scalar]) -> Literals:
    return tuple((name, prepare_literal(value)) for name, value in written.items())


class _Preparation:
    """Makes one step ready."""

    def __init__(self, flow: model.Flow, name: str, hours: Mapping[str, OpeningHours]) -> None:
        self._flow = flow
        self._name = name
        self._hours = hours

    def _prompt(self, texts: Prompt, slot: str) -> PreparedPrompt:
        first = self._flow.languages[0]
        fallback = first if first in texts else next(iter(texts))
        return PreparedPrompt(texts, f"{self._flow.flow}.{self._name}.{slot}", fallback)

    def of(self, step: model.CallStep) -> Step:  # noqa: C901, PLR0911, PLR0912  (one case a kind of step)
        """The step, prepared."""
        name = self._name
        match step:
            case model.SayStep():
                barge_in = {"any": ANY_KEY, "off": ""}.get(step.barge_in, step.barge_in)
                return SayStep(name, step.next, self._prompt(step.say, "say"), barge_in)
            case model.MenuStep():
                return self._menu(step.menu)
            case model.AskStep():
                return self._ask(step.ask, step.next)
            case model.RateStep():
                return self._rate(step.rate, step.next)
            case model.DoStep():
                return self._do(step)
            case model.ChooseStep():
                cases = tuple((parse_expression(case.when), case.to) for case in step.choose)
                return ChooseStep(name, cases, step.otherwise)
            case model.SetStep():
                return SetStep(name, step.next, _literals(step.set))
            case model.LanguageStep():
                return LanguageStep(name, step.next, prepare_literal(step.language))
            case model.HoursStep():
                return HoursStep(name, self._hours[step.hours], step.open, step.closed)
            case model.RecordStep():
                return self._record(step.record, step.next)
            case model.TransferStep():
                ways = {
                    TransferEnd.TALKED: step.next,
                    TransferEnd.BUSY: step.busy or step.next,
                    TransferEnd.NO_ANSWER: step.no_answer or step.next,
                    TransferEnd.FAILED: step.failed or step.next,
                }
                return TransferStep(name, step.transfer, step.ring, ways)
            case model.RunStep():
                return RunStep(name, step.next, step.run, _literals(step.with_), dict(step.into))
            case model.MarkStep():
                return MarkStep(name, step.next, _literals(step.mark))
            case model.EndStep():
                last_words = self._prompt(step.say, "say") if step.say else None
                return EndStep(name, step.end, last_words, step.goal)

    def _menu(self, menu: model.Menu) -> MenuStep:
        globals_ = global_keys(self._flow, menu.choices) if menu.global_keys else {}
        return MenuStep(
            name=self._name,
            greeting=self._prompt(menu.greeting, "greeting"),
            short=self._prompt(menu.short, "short")
            if menu.short
            else self._prompt(menu.greeting, "greeting"),
            choices={key: Chosen(choice.to, _literals(choice.set)) for key, choice in menu.choices.items()},
            globals=globals_,
            keypad=Keypad([*menu.choices, *globals_]),
            ears=prepare_ears(menu, self._flow, self._prompt),
        )

    def _ask(self, ask: model.Ask, following: str) -> AskStep:
        globals_ = global_keys(self._flow, ())
        confirming = {key: what for key, what in globals_.items() if key not in (RIGHT, WRONG)}
        at_once = [key for key in globals_ if not key[0].isdecimal() and key[0] != ask.terminator]
        return AskStep(
            name=self._name,
            next=following,
            give_up=self._flow.give_up,
            prompt=self._prompt(ask.prompt, "prompt"),
            again=self._prompt(ask.again, "again") if ask.again else self._prompt(ask.prompt, "prompt"),
            confirm=self._prompt(ask.confirm, "confirm") if ask.confirm else None,
            into=ask.into,
            digits=ask.digits,
            terminator=ask.terminator,
            private=ask.private,
            checks=tuple(
                prepare_check(check, self._prompt(check.else_, f"must.{place}") if check.else_ else None)
                for place, check in enumerate(ask.must, 1)
            ),
            globals=globals_,
            shortcuts=Keypad(at_once),
            confirming=Keypad([RIGHT, WRONG, *confirming]),
            ears=prepare_ears(ask, self._flow, self._prompt),
        )

    def _rate(self, rate: model.Rate, following: str) -> RateStep:
        marks = {str(mark): mark for mark in rate.marks}
        globals_ = global_keys(self._flow, marks)
        skipping = {
            kind: failure if failure.to else failure.model_copy(update={"to": following})
            for kind, failure in (("no_input", rate.no_input), ("no_match", rate.no_match))
        }
        return RateStep(
            name=self._name,
            next=following,
            question=self._prompt(rate.question, "question"),
            again=self._prompt(rate.again, "again")
            if rate.again
            else self._prompt(rate.question, "question"),
            into=rate.into,
            marks=marks,
            globals=globals_,
            keypad=Keypad([*marks, *globals_]),
            ears=prepare_ears(rate.model_copy(update=skipping), self._flow, self._prompt),
        )

    def _do(self, step: model.DoStep) -> DoStep:
        on_error = step.on_error or self._flow.give_up
        return DoStep(
            name=self._name,
            next=step.next,
            on_error=on_error,
            on_timeout=step.on_timeout or on_error,
            action=step.do,
            fields=_literals(step.with_),
            into=dict(step.into),
            deadline=step.deadline,
            filler=self._prompt(step.filler, "filler") if step.filler else None,
        )

    def _record(self, record: model.Record, following: str) -> RecordStep:
        timing = self._flow.timing
        silent = Ways((), tries=1, to=following)  # never asked for: a review counts its own rounds
        return RecordStep(
            name=self._name,
            next=following,
            prompt=self._prompt(record.prompt, "prompt"),
            into=record.into,
            max_seconds=record.max,
            silence=record.silence,
            beep=record.beep,
            review=self._prompt(record.review, "review") if record.review else None,
            reviewing=Keypad([RIGHT, WRONG]),
            ears=Ears(
                timing.first_digit, timing.between_digits, ANY_KEY, flush=False, failures=(silent, silent)
            ),
        )
