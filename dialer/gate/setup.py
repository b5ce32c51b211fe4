"""What a law says against a campaign's settings, before it calls anybody. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from dialer.gate.hours import next_open, read_hours
from dialer.gate.profiles import Jurisdiction
from dialer.gate.purpose import Purpose
from dialer.gate.zones import limiting
from values import BadInputError


def ring_problem(profile: Jurisdiction, purpose: Purpose, seconds: float) -> str | None:
    """Why so many seconds of ringing are too few; None when they are enough."""
    rule = profile.ring
    if rule is None or purpose not in rule.purposes or seconds >= rule.seconds:
        return None
    return f"{profile.title} wants a call to ring for {rule.seconds:g} s at least, not {seconds:g}"


def campaign_problem(
    profile: Jurisdiction,
    purpose: Purpose,
    *,
    ring_seconds: float,
    caller_ids: Sequence[str],
    max_abandon: float | None = None,
    hours: Mapping[str, Sequence[str]] | None = None,
    now: datetime | None = None,
) -> BadInputError | None:
    """Why a campaign must not be set up so, naming the field; None when nothing stands against it.

    `caller_ids` are all that it shows, `hours` its own. Raise what it gives. With `now` the hours are tried:
    whether they and the jurisdiction's have any time in common within two weeks.
    """
    found = _problems(profile, purpose, ring_seconds, caller_ids, max_abandon)
    return next(found, None) or _hours_problem(profile, purpose, hours or {}, now)


def _problems(
    profile: Jurisdiction,
    purpose: Purpose,
    ring_seconds: float,
    caller_ids: Sequence[str],
    max_abandon: float | None,
) -> Iterator[BadInputError]:
    ring = ring_problem(profile, purpose, ring_seconds)
    if ring:
        yield BadInputError(ring, field="ring_seconds")
    if profile.caller_id and not any(caller_ids):
        yield BadInputError(f"{profile.title} wants calls to show who calls", field="caller_id")
    limit = profile.abandon_limit
    if max_abandon is not None and not 0 <= max_abandon <= limit:
        yield BadInputError(
            f"abandoned calls may be a share from 0 to {limit:g} ({100 * limit:g} %), which {profile.title}"
            f" bears, not {max_abandon:g}",
            field="max_abandon",
        )


def _hours_problem(
    profile: Jurisdiction, purpose: Purpose, hours: Mapping[str, Sequence[str]], now: datetime | None
) -> BadInputError | None:
    if hours:
        read_hours(hours)
    limits = limiting(profile, purpose, hours)
    if now is None or not limits:
        return None
    zones = sorted(profile.zones)[:1] or ["UTC"]  # one place at a time: elsewhere they open just so
    if next_open(limits, zones, profile.calendar, now.astimezone(UTC)) is not None:
        return None
    return BadInputError(f"have no time in common with those of {profile.title} for {purpose}", field="hours")
