"""Values: set before they are used, used once they are set, spoken as what they are."""

from collections.abc import Iterator
from datetime import date, datetime

from ivr.language.basics import PLACEHOLDER
from ivr.language.document import Path
from ivr.language.expressions import ExpressionError, parse_expression
from ivr.language.model import (
    AskStep,
    ChooseStep,
    DoStep,
    FlowKind,
    Input,
    RateStep,
    RecordStep,
    RunStep,
    Step,
)
from ivr.language.problems import did_you_mean
from ivr.language.proof.knowledge import ANYTHING, Knowledge, Names, know, learned_before, sure
from ivr.language.proof.subject import Subject
from ivr.language.texts import conditions_of, handed_by, names_in, said_by
from values import Scalar

_NOTHING: Names = frozenset()
STEERING = frozenset({"language", "reached", "slow"})
"""Variables that the runner itself looks at: setting them is using them."""


def prove_variables(subject: Subject) -> None:
    """Unknown variables, variables that may not be set yet, unused ones, conditions, samples."""
    knowledge = know(subject.flow, subject.around)
    for name in subject.flow.steps:
        if name in knowledge.at:
            _prove_texts(subject, name, knowledge)
            _prove_conditions(subject, name, knowledge)
    _prove_hung_up(subject, knowledge)
    _prove_unused(subject)
    for name, given in subject.flow.inputs.items():
        if given.sample is not None and not _fits(given):
            told = f"the sample {given.sample!r} is no {given.type}; write {_EXAMPLES[given.type]}"
            subject.report("F507", ("inputs", name, "sample"), told)


def _prove_texts(subject: Subject, name: str, knowledge: Knowledge) -> None:
    step = subject.flow.steps[name]
    known = knowledge.at[name]
    for said in said_by(step):
        here = known | sure(said.when, holds=True) if said.when else known
        for language, text in said.prompt.items():
            for used in _in_order(text):
                if used != said.after:
                    _prove_use(subject, used, here, knowledge, ("steps", name, *said.path, language))
    for handed in handed_by(step):
        for used in _in_order(handed.value):
            if used in knowledge.ever and _takes_nothing(subject, step, handed.name):
                continue  # an action with fields of any name takes `none` as well
            _prove_use(subject, used, known, knowledge, ("steps", name, *handed.path))


def _takes_nothing(subject: Subject, step: Step, field: str) -> bool:
    actions = subject.around.actions
    if not isinstance(step, DoStep) or actions is None or step.do not in actions:
        return False
    return actions[step.do].more and field not in actions[step.do].fields


def _prove_hung_up(subject: Subject, knowledge: Knowledge) -> None:
    """A caller hangs up anywhere, so that any value may be missing; but somewhere it must be set."""
    gone = subject.flow.hung_up
    for name, value in gone.with_.items() if gone else ():
        for used in _in_order(value):
            if used not in knowledge.ever and ANYTHING not in knowledge.ever:
                subject.report("F501", ("hung_up", "with", name), _unknown(used, knowledge))


def _in_order(text: object) -> list[str]:
    return (
        list(dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(text))) if isinstance(text, str) else []
    )


def _prove_use(subject: Subject, used: str, known: Names, knowledge: Knowledge, path: Path) -> None:
    if used in known or ANYTHING in known:
        return
    if used not in knowledge.ever and ANYTHING not in knowledge.ever:
        subject.report("F501", path, _unknown(used, knowledge))
    else:
        told = f"{{{used}}} may not be set yet when a caller gets here; set it on every way, or choose before"
        subject.report("F502", path, told)


def _unknown(used: str, knowledge: Knowledge) -> str:
    guess = did_you_mean(used, knowledge.ever)
    return f"nothing sets {used!r}{guess or '; make it an input, ask for it, or set it'}"


def _prove_conditions(subject: Subject, name: str, knowledge: Knowledge) -> None:
    step = subject.flow.steps[name]
    for index, written in enumerate(conditions_of(step)):
        path: Path = ("steps", name, *written.path)
        try:
            condition = parse_expression(written.text)
        except ExpressionError as error:
            subject.report("F503", path, f"in {written.text!r}, at character {error.column}: {error}")
            continue
        before = learned_before(step, index) if isinstance(step, ChooseStep) else _NOTHING
        known = knowledge.at[name] | before
        for used in sorted(condition.names - known if ANYTHING not in known else ()):
            if used not in knowledge.ever and ANYTHING not in knowledge.ever:
                subject.report("F501", path, _unknown(used, knowledge))
            elif used in condition.needs():
                told = (
                    f"{used} may not be set yet; then this is not true. If that is meant, add {used} != none"
                )
                subject.report("F509", path, told)


def _prove_unused(subject: Subject) -> None:
    flow = subject.flow
    if flow.kind is FlowKind.SCRIPT:
        return  # all that a talk comes to is kept for those who read it later
    used = set(STEERING)
    used |= {
        name for value in (flow.hung_up.with_.values() if flow.hung_up else ()) for name in names_in(value)
    }
    for step in flow.steps.values():
        used |= {name for said in said_by(step) for text in said.prompt.values() for name in names_in(text)}
        used |= {name for handed in handed_by(step) for name in names_in(handed.value)}
        used |= {name for written in conditions_of(step) for name in _names(written.text)}
    for other in (subject.around.flows or {}).values():
        for step in other.steps.values():
            if isinstance(step, RunStep) and step.run == flow.flow:
                used |= set(step.into)
    told: set[str] = set()
    for name, path in _set_by_hand(subject):
        if name not in used and name not in told:
            told.add(name)
            subject.report("F506", path, f"nobody uses {name!r}{did_you_mean(name, used)}", name=True)


def _set_by_hand(subject: Subject) -> Iterator[tuple[str, Path]]:
    """Variables whose names stand in the flow, and where."""
    for name, step in subject.flow.steps.items():
        for handed in handed_by(step):
            if handed.to == "set":
                yield handed.name, ("steps", name, *handed.path)
        if isinstance(step, DoStep | RunStep):
            for its, ours in step.into.items():
                yield ours, ("steps", name, "into", its)
        elif isinstance(step, RecordStep):
            yield step.record.into, ("steps", name, "record", "into")
        elif isinstance(step, RateStep):
            yield step.rate.into, ("steps", name, "rate", "into")
        elif isinstance(step, AskStep) and not step.ask.must:
            yield step.ask.into, ("steps", name, "ask", "into")


def _names(condition: str) -> Names:
    try:
        return parse_expression(condition).names
    except ExpressionError:
        return frozenset()


_EXAMPLES = {
    "text": "a text",
    "number": "a number such as 12",
    "flag": "true or false",
    "money": "an amount such as 49.90",
    "date": '"2026-12-31" in quotes',
    "time": '"2026-12-31T09:30:00" in quotes',
}


def _fits(given: Input) -> bool:
    sample: Scalar = given.sample
    match given.type:
        case "text":
            return isinstance(sample, str)
        case "flag":
            return isinstance(sample, bool)
        case "number" | "money":
            return isinstance(sample, int | float) and not isinstance(sample, bool)
        case "date":
            return _reads(date, sample)
        case "time":
            return _reads(datetime, sample)


def _reads(kind: type[date], sample: Scalar) -> bool:
    try:
        kind.fromisoformat(str(sample))
    except ValueError:
        return False
    return True
