"""How often a number or a customer may be called: counting what was, and when there is room again."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from dialer.gate.days import midnight_after
from dialer.gate.limits import Cap, Counted
from dialer.gate.purpose import Purpose
from dialer.gate.verdict import PastCall


def free_again(
    cap: Cap, purpose: Purpose, history: Iterable[PastCall], zones: Collection[str], now: datetime
) -> datetime | None:
    """When a cap next leaves room for a call for this purpose; None when it does now.

    A day ends at its last midnight over the zones the customer may be in (UTC's, where none is known).
    """
    if purpose not in cap.purposes:
        return None
    since = now - timedelta(days=cap.days, hours=2)  # a day has 25 hours at most
    times = [
        call.at
        for call in history
        if call.at > since
        and call.purpose in cap.purposes
        and (call.conversation or cap.counts is Counted.ATTEMPTS)
    ]
    if len(times) < cap.most:
        return None
    counting = sorted(instant for at in times if (instant := _frees(at, cap, zones)) > now)
    if len(counting) < cap.most:
        return None
    if cap.most == 0:
        return now + timedelta(days=cap.days)
    return counting[len(counting) - cap.most]


def _frees(at: datetime, cap: Cap, zones: Collection[str]) -> datetime:
    """When a call at `at` stops counting."""
    if cap.days > 1:
        return at + timedelta(days=cap.days)
    return day_over(at, zones)


def day_over(at: datetime, zones: Collection[str]) -> datetime:
    """When the calendar day of `at` is over wherever the customer may be."""
    return max(midnight_after(at, zone) for zone in zones or ("UTC",))
