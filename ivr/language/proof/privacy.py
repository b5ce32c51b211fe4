"""What is private stays private: it goes to actions and nowhere else."""

from ivr.language.document import Path
from ivr.language.expressions import ExpressionError, parse_expression
from ivr.language.model import AskStep, Flow, RunStep, Step
from ivr.language.proof.knowledge import Names
from ivr.language.proof.subject import Subject, Surroundings
from ivr.language.texts import conditions_of, handed_by, names_in, said_by


def private_names(flow: Flow, around: Surroundings, running: tuple[str, ...] = ()) -> Names:
    """The variables of a flow that are private: declared so, asked for so, or copied from such."""
    found = {name for name, given in flow.inputs.items() if given.private}
    found |= {step.ask.into for step in flow.steps.values() if isinstance(step, AskStep) and step.ask.private}
    for step in flow.steps.values():
        other = (around.flows or {}).get(step.run) if isinstance(step, RunStep) else None
        if isinstance(step, RunStep) and other is not None and step.run not in running:
            inside = private_names(other, around, (*running, flow.flow))
            found |= {ours for its, ours in step.into.items() if its in inside}
    copies = [
        (handed.name, names_in(handed.value))
        for step in flow.steps.values()
        for handed in handed_by(step)
        if handed.to == "set"
    ]
    before = -1
    while len(found) != before:
        before = len(found)
        found |= {name for name, sources in copies if sources & found}
    return frozenset(found)


def prove_privacy(subject: Subject) -> None:
    """Private values that would be spoken, written on the line, or told by the way a caller goes."""
    private = private_names(subject.flow, subject.around)
    if not private:
        return
    for name, step in subject.flow.steps.items():
        for said in said_by(step):
            for language, text in said.prompt.items():
                _tell(subject, ("steps", name, *said.path, language), names_in(text) & private, "spoken")
        for handed in handed_by(step):
            path: Path = ("steps", name, *handed.path)
            leaked = names_in(handed.value) & private
            if handed.to in ("mark", "language"):
                _tell(subject, path, leaked, "written on the line")
            elif isinstance(step, RunStep) and not _kept(subject, step.run, handed.name):
                _tell(subject, path, leaked, f"known to {step.run}, whose input {handed.name} is not private")
        _prove_conditions(subject, name, step, private)


def _tell(subject: Subject, path: Path, leaked: Names, how: str) -> None:
    for name in sorted(leaked):
        told = f"{name} is private and would be {how}; hand it to an action and use the action's verdict"
        subject.report("F504", path, told)


def _kept(subject: Subject, flow: str, name: str) -> bool:
    other = (subject.around.flows or {}).get(flow)
    return other is None or name not in other.inputs or other.inputs[name].private


def _prove_conditions(subject: Subject, name: str, step: Step, private: Names) -> None:
    for condition in conditions_of(step):
        try:
            found = parse_expression(condition.text).names & private
        except ExpressionError:
            continue
        for leaked in sorted(found):
            told = f"{leaked} is private, and the way a caller goes is written down; let an action decide"
            subject.report("F505", ("steps", name, *condition.path), told)
