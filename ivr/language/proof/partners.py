"""What a flow relies on: actions, other flows, calendars and people."""

from collections.abc import Collection, Mapping
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from ivr.actions import Actions
from ivr.language.checks import Accepted
from ivr.language.document import Path
from ivr.language.model import AskStep, Calendar, DoStep, Flow, HoursStep, RunStep, TransferStep
from ivr.language.problems import did_you_mean, listing
from ivr.language.proof.knowledge import ANYTHING, OUTCOME, know
from ivr.language.proof.subject import Subject

VALUE = "value"
"""The field in which an action that checks an answer gets the digits."""
MIDNIGHT = "24:00"


def prove_partners(subject: Subject) -> None:
    """Actions with their fields and results, sub-flows, calendars, transfers."""
    for name, step in subject.flow.steps.items():
        at: Path = ("steps", name)
        if isinstance(step, DoStep):
            _prove_do(subject, at, step)
        elif isinstance(step, AskStep):
            for index, check in enumerate(step.ask.must):
                if isinstance(check, Accepted):
                    place: Path = (*at, "ask", "must", index)
                    _prove_call(subject, place, check.action, "action", {VALUE: "", **check.with_})
        elif isinstance(step, RunStep):
            _prove_run(subject, at, step)
        elif isinstance(step, TransferStep):
            _prove_target(subject, (*at, "transfer"), step.transfer)
        elif isinstance(step, HoursStep):
            _prove_name(
                subject, (*at, "hours"), step.hours, subject.flow.calendars, code="F611", what="calendar"
            )
    _prove_head(subject)
    _prove_recursion(subject)
    _prove_kinds(subject)


def _prove_head(subject: Subject) -> None:
    if gone := subject.flow.hung_up:
        _prove_call(subject, ("hung_up",), gone.do, "do", gone.with_)
    for name, calendar in subject.flow.calendars.items():
        _prove_calendar(subject, ("calendars", name), calendar)


def _prove_name(
    subject: Subject, path: Path, name: str, known: Collection[str] | None, *, code: str, what: str
) -> None:
    if known is not None and name not in known:
        guess = did_you_mean(name, known)
        subject.report(code, path, f"there is no {what} {name!r}{guess or '; there are: ' + listing(known)}")


def _prove_target(subject: Subject, path: Path, target: str) -> None:
    """`agents.*` among the targets stands for `agents` with anything behind a dot."""
    known = subject.around.transfers
    name, dot, _ = target.partition(".")
    if known is None or not dot or f"{name}.*" not in known:
        _prove_name(subject, path, target, known, code="F610", what="target")


def _prove_call(
    subject: Subject, at: Path, name: str, word: str, given: Mapping[str, object]
) -> Actions | None:
    """The action exists and takes what it is given; None when it does not exist."""
    actions = subject.around.actions
    if actions is None:
        return None
    if name not in actions:
        _prove_name(subject, (*at, word), name, actions.names(), code="F601", what="action")
        return None
    action = actions[name]
    for field in sorted(action.fields - action.optional - set(given)):
        subject.report("F602", (*at, word), f"{name} needs the field {field!r}; give it under `with`")
    for field in given:
        if field not in action.fields and not action.more:
            guess = did_you_mean(field, action.fields) or f"; its fields are: {listing(action.fields)}"
            path = (*at, word) if field == VALUE and word == "action" else (*at, "with", field)
            subject.report("F603", path, f"{name} has no field {field!r}{guess}", name=path[-1] == field)
    return actions


def _prove_do(subject: Subject, at: Path, step: DoStep) -> None:
    actions = _prove_call(subject, at, step.do, "do", step.with_)
    if actions is None:
        return
    results = actions[step.do].results
    for result in step.into:
        if result not in results:
            guess = did_you_mean(result, results) or f"; its results are: {listing(results)}"
            subject.report("F604", (*at, "into", result), f"{step.do} gives no {result!r}{guess}", name=True)


def _prove_run(subject: Subject, at: Path, step: RunStep) -> None:
    flows = subject.around.flows
    if flows is None or step.run == subject.flow.flow:
        return
    _prove_name(subject, (*at, "run"), step.run, flows, code="F605", what="flow")
    other = flows.get(step.run)
    if other is None:
        return
    lacking = [language for language in subject.flow.languages if language not in other.languages]
    if lacking:
        subject.report(
            "F607", (*at, "run"), f"{step.run} does not speak {listing(lacking)}; add its texts there"
        )
    for field in step.with_:
        if field not in other.inputs:
            guess = did_you_mean(field, other.inputs) or f"; its inputs are: {listing(other.inputs)}"
            subject.report(
                "F608", (*at, "with", field), f"{step.run} has no input {field!r}{guess}", name=True
            )
    for name in other.inputs:
        if name not in step.with_:
            subject.report(
                "F614", (*at, "run"), f"{step.run} is not given its input {name!r}; add it under `with`"
            )
    ever = know(other, subject.around, (subject.flow.flow,)).ever | {OUTCOME}
    for its in step.into:
        if its not in ever and ANYTHING not in ever:
            guess = did_you_mean(its, ever)
            told = f"{step.run} never sets {its!r}{guess or '; it sets: ' + listing(ever)}"
            subject.report("F609", (*at, "into", its), told, name=True)


def _prove_kinds(subject: Subject) -> None:
    for name, step in subject.flow.steps.items():
        other = (subject.around.flows or {}).get(step.run) if isinstance(step, RunStep) else None
        if other and isinstance(step, RunStep) and other.kind is not subject.flow.kind:
            told = f"{step.run} is a {other.kind} and this a {subject.flow.kind}; run one of the same kind"
            subject.report("F615", ("steps", name, "run"), told)


def _prove_recursion(subject: Subject) -> None:
    flows = {**(subject.around.flows or {}), subject.flow.flow: subject.flow}
    for name, step in subject.flow.steps.items():
        if isinstance(step, RunStep):
            round_trip = _way_back(step.run, subject.flow.flow, flows)
            if round_trip:
                chain = " → ".join([subject.flow.flow, *round_trip])
                subject.report(
                    "F606", ("steps", name, "run"), f"{chain} never comes back; run something else"
                )


def _way_back(start: str, goal: str, flows: Mapping[str, Flow]) -> list[str]:
    """The flows from one to another, both included; empty when it does not get there."""
    ways: list[list[str]] = [[start]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        flow = flows.get(way[-1])
        for step in flow.steps.values() if flow else ():
            if isinstance(step, RunStep) and step.run not in seen:
                seen.add(step.run)
                ways.append([*way, step.run])
    return []


def _prove_calendar(subject: Subject, at: Path, calendar: Calendar) -> None:
    try:
        ZoneInfo(calendar.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        subject.report(
            "F612", (*at, "zone"), f"there is no time zone {calendar.zone!r}; write one as Europe/Rome"
        )
    if calendar.holidays and not _has_holidays(calendar.holidays):
        told = f"the holidays of {calendar.holidays!r} are not known; write a country's two letters, as IT"
        subject.report("F612", (*at, "holidays"), told)
    for day, windows in calendar.open.items():
        for index, window in enumerate(windows):
            told = _wrong_hours(window)
            if told:
                subject.report("F612", (*at, "open", day, index), told)


def _has_holidays(country: str) -> bool:
    try:
        holidays.country_holidays(country)
    except NotImplementedError:
        return False
    return True


def _wrong_hours(window: str) -> str:
    opens, closes = window.split("-")
    for clock in (opens, closes):
        if clock == MIDNIGHT and clock is closes:
            continue
        try:
            time.fromisoformat(clock)
        except ValueError:
            return f"{clock} is no time of day; hours go from 00:00 to 24:00"
    return ""
