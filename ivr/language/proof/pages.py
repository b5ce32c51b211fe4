"""Pages of a script: each leads on, nothing is forgotten, and nothing is offered too early."""

from ivr.language.document import Path
from ivr.language.graph import reachable
from ivr.language.model import EndStep, FlowKind, Page, PageStep, Stage
from ivr.language.problems import did_you_mean, listing
from ivr.language.proof.forms import prove_field
from ivr.language.proof.knowledge import ANYTHING, know
from ivr.language.proof.subject import Subject
from ivr.language.texts import ways_out


def prove_pages(subject: Subject) -> None:
    """Everything that only scripts can get wrong."""
    if subject.flow.kind is not FlowKind.SCRIPT:
        return
    for name, step in subject.flow.steps.items():
        if isinstance(step, PageStep):
            _prove_page(subject, ("steps", name), step)
    _prove_kept(subject)
    _prove_order(subject)


def _prove_page(subject: Subject, at: Path, step: PageStep) -> None:
    page = step.page
    if not step.next and all(answer.when for answer in page.answers.values()):
        told = "only on a condition" if page.answers else "nowhere"
        told = f"this page leads {told}; give it `next`, or an answer without `when`"
        subject.report("F701", (*at, "page"), told, name=True)
    for key in page.objections:
        if key in page.answers:
            told = f"the key {key} is an answer already; give the objection another"
            subject.report("F402", (*at, "page", "objections", key), told, name=True)
    if not (page.say or page.hint or page.fields):
        told = "there is nothing to say, to know or to fill in here; add `say`, `hint` or `fields`"
        subject.report("F707", (*at, "page"), told, name=True)
    _prove_fields(subject, (*at, "page"), page)


def _prove_fields(subject: Subject, at: Path, page: Page) -> None:
    seen: set[str] = set()
    for index, field in enumerate(page.fields):
        path: Path = (*at, "fields", index)
        if field.into in seen:
            told = f"{field.into!r} is filled in above already; keep one of the two"
            subject.report("F702", (*path, "into"), told)
        seen.add(field.into)
        prove_field(subject, path, field)
    for path, answer in ways_out(page):
        for name in answer.set:
            if name in seen:
                told = f"{name!r} is a field of this page, and would be overwritten; use another name"
                subject.report("F702", (*at[:-1], *path, "set", name), told, name=True)


def _prove_kept(subject: Subject) -> None:
    """Where a talk has reached its goal, all that must be kept has a value."""
    flow = subject.flow
    knowledge = know(flow, subject.around)
    for index, name in enumerate(flow.must_keep):
        if name not in knowledge.ever and ANYTHING not in knowledge.ever:
            told = f"nothing sets {name!r}{did_you_mean(name, knowledge.ever) or '; ask for it on a page'}"
            subject.report("F705", ("must_keep", index), told)
    for name, step in flow.steps.items():
        known = knowledge.at.get(name)
        if not (isinstance(step, EndStep) and step.goal) or known is None or ANYTHING in known:
            continue
        missing = [each for each in flow.must_keep if each not in known and each in knowledge.ever]
        if missing:
            told = (
                f"{listing(missing)} may not be known when the goal is reached here; require it on every way"
            )
            subject.report("F705", ("steps", name, "end"), told, name=True)


def _prove_order(subject: Subject) -> None:
    """No way leads to the offer around the pages that solve the customer's problem."""
    flow = subject.flow
    stages = {name: step.page.stage for name, step in flow.steps.items() if isinstance(step, PageStep)}
    solving = {name for name, stage in stages.items() if stage is Stage.SOLVE}
    if not solving or flow.start not in flow.steps:
        return
    early = reachable([flow.start], subject.onward, without=solving)
    for name, stage in stages.items():
        if stage is Stage.OFFER and name in early:
            told = f"a way leads here around {listing(solving)}; solve the customer's problem first"
            subject.report("F706", ("steps", name, "page", "stage"), told)
            return
