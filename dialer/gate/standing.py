"""What stands against a whole campaign, whoever is called: settings, registers, budget. Pure."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from dialer.gate.abandonment import abandoned_share, exhausted, window_end
from dialer.gate.asked import Asked
from dialer.gate.checks import Checks
from dialer.gate.counts import AbandonCounts
from dialer.gate.days import midnight_after
from dialer.gate.setup import ring_problem
from dialer.gate.verdict import Check, Reason, allowed, refused

SETTING_AGAIN = timedelta(hours=1)
"""When to ask again where somebody has to mend something: a setting, a stale register."""
ABANDONMENT_AGAIN = timedelta(minutes=30)
"""When to ask again after too many abandoned calls: calls with a certain agent thin them out meanwhile."""


def caller_id(asked: Asked) -> Checks:
    """Whether the call shows who calls, where it must."""
    profile = asked.profile
    hidden = profile.caller_id and not asked.candidate.caller_id
    words = f"{profile.title} wants calls to show who calls; none is set"
    no = refused(Reason.CALLER_ID, words) if hidden else None
    yield Check("caller_id", no or allowed("it shows who calls, or need not"), profile.source_of("caller_id"))


def ring(asked: Asked) -> Checks:
    """Whether it is let ring for long enough."""
    rule, seconds = asked.profile.ring, asked.candidate.ring_seconds
    if rule is None or asked.candidate.purpose not in rule.purposes:
        return
    problem = ring_problem(asked.profile, asked.candidate.purpose, seconds) if seconds is not None else None
    no = refused(Reason.RING, problem, asked.now + SETTING_AGAIN) if problem else None
    yield Check("ring", no or allowed(f"it rings for {rule.seconds:g} s at least"), rule.source)


def registers(asked: Asked) -> Checks:
    """Whether the public registers that have to be asked are there and fresh."""
    for rule in asked.profile.registers:
        if asked.candidate.purpose not in rule.purposes:
            continue
        dated = asked.facts.registers.get(rule.name)
        name = rule.title or rule.name
        stale = dated + timedelta(days=rule.fresh_days) if dated else None
        if stale is not None and stale > asked.now:
            yield Check(
                "register_age", allowed(f"{name} is fresh until {stale:%Y-%m-%d %H:%M} UTC"), rule.source
            )
            continue
        words = (
            f"{name} went stale on {stale:%Y-%m-%d %H:%M} UTC; it may be {rule.fresh_days} days old"
            if stale
            else f"{name} has never been read in; import it with centralino dnc import"
        )
        no = refused(Reason.REGISTER_STALE, words, asked.now + SETTING_AGAIN)
        yield Check("register_age", no, rule.source)


def spend(asked: Asked) -> Checks:
    """Whether the day's money, the campaign's and the house's, lasts for this call."""
    candidate, facts, house = asked.candidate, asked.facts, asked.house
    tomorrow = midnight_after(asked.now, house.zone)
    spent = facts.spent.get(candidate.campaign, 0)
    for whose, used, limit in (
        ("campaign", spent, candidate.spend_limit),
        ("house", facts.house_spent, house.day_limit),
    ):
        if limit is None:
            continue
        over = used + max(1, asked.expected_cost) > limit
        words = f"the {whose} has spent {used} of its {limit} for today"
        no = refused(Reason.SPEND, words, tomorrow) if over else None
        yield Check("spend", no or allowed(words))


def too_many_abandoned(asked: Asked) -> Checks:
    """Whether the campaign has abandoned more calls than its law bears; no matter if an agent is certain."""
    rule, candidate = asked.profile.abandonment, asked.candidate
    if rule is None or candidate.automated or candidate.purpose not in rule.purposes:
        return
    counts = asked.facts.abandoned.get(candidate.campaign, AbandonCounts())
    share = abandoned_share(rule.formula, counts)
    shown = "n/a" if share is None else f"{share:.2%}"
    words = f"{shown} abandoned, of {rule.limit:.2%} that are borne"
    if candidate.guaranteed_agent or not exhausted(rule, counts):
        yield Check("abandonment", allowed(words), rule.source)
        return
    again = asked.now + ABANDONMENT_AGAIN
    end = window_end(rule, asked.now, asked.house.zone)
    no = refused(Reason.ABANDONMENT, words, min(again, end) if end else again)
    yield Check("abandonment", no, rule.source)


OF_A_CAMPAIGN: Sequence[Callable[[Asked], Checks]] = (
    caller_id,
    ring,
    registers,
    spend,
    too_many_abandoned,
)
"""In the order they are asked."""
