"""How laws count abandoned calls. Pure; nothing of it is legal advice.

Sources, read in secondary pages and to be confirmed: for the US the FTC's rule, for Italy the Garante's n. 83
of 20 February 2014, for the UK Ofcom's statement of 2010.
"""

from datetime import datetime, timedelta

from dialer.gate.counts import AbandonCounts
from dialer.gate.days import midnight_after, midnight_before
from dialer.gate.limits import Abandonment, Formula, WindowKind


def of_live(abandoned: float, connected: float) -> float | None:
    """a/(a+y): of the calls that persons answered. None when there were none."""
    return _share(abandoned, abandoned + connected)


def of_completed(abandoned: float, completed: float) -> float | None:
    """a/completed: silent calls for each one successfully completed. None when none was."""
    return _share(abandoned, completed)


def with_detection(abandoned: float, false_positives: float, connected: float) -> float | None:
    """(a+f)/(a+f+y): who was taken for a machine and hung up on was abandoned too."""
    return _share(abandoned + false_positives, abandoned + false_positives + connected)


def without_detection(abandoned: float, humans: float, machines: float) -> float | None:
    """a'/(a'+H), a' = a(1−m), m = AM/(AM+H): of the abandoned as many were machines as of those handled.

    29 abandoned, 9 persons and 7 machines with agents are 64.44 %. None when there were no live calls.
    """
    handled = humans + machines
    persons = abandoned * (humans / handled if handled else 1.0)
    return _share(persons, persons + humans)


def abandoned_share(formula: Formula, counts: AbandonCounts) -> float | None:
    """The share that the law counts, 0 to 1 (Italy's may be more); None when nothing can be divided by."""
    return _share(*_terms(formula, counts))


def exhausted(rule: Abandonment, counts: AbandonCounts) -> bool:
    """Whether the window has more abandoned calls than it bears.

    Below `least` calls it bears what that many would, so that the day's first abandoned call does not end it.
    """
    part, whole = _terms(rule.formula, counts)
    return part > rule.limit * max(whole, rule.least)


def window_start(rule: Abandonment, now: datetime, zone: str, started: datetime | None) -> datetime:
    """Since when the law counts: midnight in `zone`, so many hours ago, or the campaign's start or period."""
    if rule.window is WindowKind.DAY:
        return midnight_before(now, zone)
    if rule.window is WindowKind.HOURS:
        return now - timedelta(hours=rule.window_hours)
    period = timedelta(days=30)
    if started is None or started > now:
        return now - period
    return started + (now - started) // period * period


def window_end(rule: Abandonment, now: datetime, zone: str) -> datetime | None:
    """When all counts begin anew; None where no moment can be named."""
    return midnight_after(now, zone) if rule.window is WindowKind.DAY else None


def hung_up_early(rule: Abandonment, rang_seconds: float) -> bool:
    """Whether a call that we gave up while it rang counts as abandoned: it rang for too short a time."""
    return rang_seconds < rule.ring_under


def _terms(formula: Formula, counts: AbandonCounts) -> tuple[float, float]:
    part = counts.abandoned
    if formula is Formula.COMPLETED:
        return part, counts.connected if counts.completed is None else counts.completed
    if formula is Formula.UK and counts.detection:
        part += counts.false_positives
    elif formula is Formula.UK:
        handled = counts.connected + counts.machines
        part *= counts.connected / handled if handled else 1.0
    return part, part + counts.connected


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
