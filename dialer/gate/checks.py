"""The gate's rules about one call, each asked by itself: `Check`s out of an `Asked`. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialer.gate.asked import Asked
from dialer.gate.calendar import Calendar, DayKind
from dialer.gate.caps import free_again
from dialer.gate.destination import destination, destination_problem
from dialer.gate.hours import is_open, next_open
from dialer.gate.limits import Per
from dialer.gate.pauses import gap_problem, peace_problem
from dialer.gate.purpose import BLOCKS, Suppression, blocked_by
from dialer.gate.verdict import Check, Reason, Verdict, allowed, refused

IN_FLIGHT_AGAIN = timedelta(minutes=5)
"""When to ask again about a number that is being called right now."""
HOLD_AGAIN = timedelta(days=1)
"""When to ask again about a customer who is held until somebody lifts it."""

Checks = Iterator[Check]


def where(asked: Asked) -> Checks:
    """Whether the number may be dialled at all."""
    number, profile = asked.candidate.number, asked.profile
    found = destination(number)
    problem = destination_problem(number, profile.countries or {asked.house.country}, profile.refuse)
    yes = allowed(f"a {found.kind} number in {found.region}")
    yield Check("destination", problem or yes, profile.source_of("countries"))


def do_not_call(asked: Asked) -> Checks:
    """Whether they asked not to be called for this, with us or in a public register; and are there at all."""
    candidate = asked.candidate
    entry = blocked_by(candidate.purpose, asked.facts.suppressions.get(candidate.number, ()))
    words = f"the do-not-call entry for {entry} stops calls for {candidate.purpose}"
    reason = Reason.NOT_THEIRS if entry is Suppression.NOT_THEIRS else Reason.DO_NOT_CALL
    no = refused(reason, words) if entry else None
    yield Check("do_not_call", no or allowed(f"no entry stops calls for {candidate.purpose}"))
    in_registers = asked.facts.registered.get(candidate.number, ())
    for rule in asked.profile.registers:
        if candidate.purpose not in rule.purposes:
            continue
        words = f"it stands in the public register {rule.title or rule.name}"
        no = refused(Reason.DO_NOT_CALL, words) if rule.name in in_registers else None
        yield Check("register", no or allowed(f"it is not in {rule.title or rule.name}"), rule.source)


def excluded(asked: Asked) -> Checks:
    """Whether the campaign leaves this number out."""
    out = (asked.candidate.campaign, asked.candidate.number) in asked.facts.excluded
    no = refused(Reason.EXCLUDED, "the campaign leaves this number out") if out else None
    yield Check("exclusion", no or allowed("the campaign does not leave it out"))


def held(asked: Asked) -> Checks:
    """Whether the customer is left alone for a while: a complaint, a dispute, a promise, a plan."""
    candidate = asked.candidate
    holds = [
        hold
        for hold in asked.facts.holds.get(candidate.customer_id, ())
        if candidate.purpose in BLOCKS[hold.what] and (hold.until is None or hold.until > asked.now)
    ]
    if not holds:
        yield Check("hold", allowed("no hold"))
        return
    again = asked.now + HOLD_AGAIN
    last = max(holds, key=lambda hold: hold.until or again)
    words = f"the customer is held: {', '.join(sorted({hold.reason for hold in holds}))}"
    yield Check("hold", refused(Reason.HOLD, words, last.until or again))


def consent(asked: Asked) -> Checks:
    """Whether they consented, where that is needed."""
    candidate, profile = asked.candidate, asked.profile
    purpose = candidate.purpose
    needed = purpose in profile.consent or (candidate.automated and purpose in profile.consent_automated)
    given = (candidate.customer_id, purpose) in asked.facts.consents
    no = refused(Reason.NO_CONSENT, f"no consent to {purpose} is on record") if needed and not given else None
    words = f"consent to {purpose} is on record" if given else f"{purpose} needs no consent"
    yield Check("consent", no or allowed(words), profile.source_of("consent") if needed else "")


def in_flight(asked: Asked) -> Checks:
    """Whether the number is being called right now."""
    again = asked.now + IN_FLIGHT_AGAIN
    busy = any(call.in_flight for call in asked.history)
    no = refused(Reason.IN_FLIGHT, "another call to this number is under way", again) if busy else None
    yield Check("in_flight", no or allowed("no call to it is under way"))


def pauses(asked: Asked) -> Checks:
    """Whether they are to be left alone for a while after an earlier call."""
    for gap in asked.profile.gaps:
        if asked.candidate.purpose in gap.purposes:
            no = gap_problem(gap, asked.candidate, asked.history, asked.zones, asked.now)
            yield Check("gap", no or allowed(f"no wait after a call that was {gap.after}"), gap.source)
    for peace in asked.profile.after_refusal:
        if asked.candidate.purpose in peace.purposes:
            no = peace_problem(peace, asked.candidate, asked.theirs, asked.now)
            yield Check("after_refusal", no or allowed(f"no refusal in {peace.days} days"), peace.source)


def caps(asked: Asked) -> Checks:
    """Whether they have been called often enough."""
    purpose = asked.candidate.purpose
    for cap in asked.profile.caps:
        if purpose not in cap.purposes or (cap.per is Per.CUSTOMER and not asked.candidate.customer_id):
            continue
        free = free_again(cap, purpose, asked.calls(cap.per), asked.zones, asked.now)
        no = refused(Reason.CAP, f"this {cap.per} has had its {cap.words}", free) if free else None
        yield Check("cap", no or allowed(f"room within {cap.words} per {cap.per}"), cap.source)


def hours(asked: Asked) -> Checks:
    """Whether it is open wherever they may be."""
    verdict = hours_verdict(asked, asked.now)
    yield Check("hours", verdict, asked.profile.source_of(f"hours.{asked.candidate.purpose}"))


def hours_verdict(asked: Asked, at: datetime) -> Verdict:
    """Whether the hours are open at a time, else when they are next."""
    calendar = asked.profile.calendar
    if not asked.hours or is_open(asked.hours, asked.zones, calendar, at):
        return allowed(f"open: {_clocks(asked.zones, at)}" if asked.hours else "any hour will do")
    opens = next_open(asked.hours, asked.zones, calendar, at)
    if opens is None:
        return refused(Reason.NEVER_OPEN, "its hours are open at no time within two weeks")
    if DayKind.HOLIDAY in _kinds(asked.zones, calendar, at):
        words = f"outside the hours of a public holiday: {_clocks(asked.zones, at)}"
        return refused(Reason.HOLIDAY, words, opens)
    return refused(Reason.HOURS, f"outside the hours for such calls: {_clocks(asked.zones, at)}", opens)


def _kinds(zones: Sequence[str], calendar: Calendar, at: datetime) -> set[DayKind]:
    return {calendar.kind(at.astimezone(ZoneInfo(zone)).date()) for zone in zones}


def _clocks(zones: Sequence[str], at: datetime) -> str:
    more = f", and {len(zones) - 3} more" if len(zones) > 3 else ""  # noqa: PLR2004  (a short line)
    return ", ".join(f"{at.astimezone(ZoneInfo(zone)):%a %H:%M} in {zone}" for zone in zones[:3]) + more


WHETHER: Sequence[Callable[[Asked], Checks]] = (do_not_call, excluded, where, held, consent)
"""Whether they may be called at all, in the order in which it is asked.

Wishes come before the number: who wants no calls is left alone on all numbers, of whatever kind this one is.
"""
WHEN: Sequence[Callable[[Asked], Checks]] = (in_flight, pauses, caps)
"""Whether they may be called already; the `hours` come last of all."""
