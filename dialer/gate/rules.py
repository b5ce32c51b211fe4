"""The gate's rules, pure: candidates and facts in, verdicts out. The last thing asked before a call."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialer.gate.calendar import Calendar, DayKind
from dialer.gate.caps import free_again
from dialer.gate.destination import destination_problem
from dialer.gate.hours import is_open, next_open
from dialer.gate.profiles import Cap, Jurisdiction, UnknownJurisdictionError
from dialer.gate.purpose import blocked_by
from dialer.gate.verdict import Candidate, Facts, PastCall, Reason, Verdict, allowed, refused
from dialer.gate.zones import limiting, zones_key, zones_of_key

IN_FLIGHT_AGAIN = timedelta(minutes=5)
"""When to ask again about a number that is being called right now."""


class Gate:
    """Compliance for batches of calls. `country` is the installation's own, for profiles that name none."""

    def __init__(self, profiles: Mapping[str, Jurisdiction], *, country: str) -> None:
        self._profiles = profiles
        self._country = country

    def profile(self, name: str) -> Jurisdiction:
        """A jurisdiction by name. Raises `UnknownJurisdictionError`."""
        try:
            return self._profiles[name]
        except KeyError:
            raise UnknownJurisdictionError(
                f"there is no jurisdiction {name!r}; there are: {', '.join(sorted(self._profiles))}",
                field="profile",
            ) from None

    def check(self, candidates: Sequence[Candidate], facts: Facts, now: datetime) -> list[Verdict]:
        """A verdict for each candidate, in order.

        Those allowed count at once against the later ones to the same number. Raises
        `UnknownJurisdictionError`, and `BadInputError` for a campaign's hours nobody can read.
        """
        placed: dict[str, list[PastCall]] = {}
        verdicts = []
        for candidate in candidates:
            history = [*facts.history.get(candidate.number, ()), *placed.get(candidate.number, ())]
            verdict = self._check(candidate, facts, history, now)
            if verdict.allowed:
                call = PastCall(now, candidate.purpose, in_flight=True)
                placed.setdefault(candidate.number, []).append(call)
            verdicts.append(verdict)
        return verdicts

    def _check(
        self, candidate: Candidate, facts: Facts, history: Sequence[PastCall], now: datetime
    ) -> Verdict:
        profile = self.profile(candidate.profile)
        final = destination_problem(candidate.number, profile.countries or {self._country}) or _unwanted(
            candidate, profile, facts
        )
        if final:
            return final
        if any(call.in_flight for call in history):
            again = now + IN_FLIGHT_AGAIN
            return refused(Reason.IN_FLIGHT, "another call to this number is under way", again)
        return _timely(candidate, profile, history, now)


def _unwanted(candidate: Candidate, profile: Jurisdiction, facts: Facts) -> Verdict | None:
    """What no waiting cures: nobody to call for, or nobody who wants the call."""
    if profile.caller_id and not candidate.caller_id:
        return refused(Reason.CALLER_ID, f"{profile.title} wants calls to show who calls; none is set")
    entry = blocked_by(candidate.purpose, facts.suppressions.get(candidate.number, ()))
    if entry:
        return refused(Reason.DO_NOT_CALL, f"do-not-call entry {entry!r} stops calls for {candidate.purpose}")
    if (
        candidate.purpose in profile.consent
        and (candidate.customer_id, candidate.purpose) not in facts.consents
    ):
        return refused(Reason.NO_CONSENT, f"no consent to {candidate.purpose} is on record")
    return None


def _timely(
    candidate: Candidate, profile: Jurisdiction, history: Sequence[PastCall], now: datetime
) -> Verdict:
    zones = zones_of_key(zones_key(candidate.number, candidate.zone, profile.zones), profile)
    hours = limiting(profile, candidate.purpose, candidate.hours)
    calendar = profile.calendar
    free: tuple[datetime, Cap] | None = max(
        (
            (instant, cap)
            for cap in profile.caps
            if (instant := free_again(cap, candidate.purpose, history, zones, now))
        ),
        key=lambda found: found[0],
        default=None,
    )
    earliest = free[0] if free else now
    opens = next_open(hours, zones, calendar, earliest) if hours else earliest
    if opens is None:
        return refused(Reason.NEVER_OPEN, "its hours are open at no time within two weeks")
    if free:
        return refused(Reason.CAP, _cap_words(free[1]), opens)
    if hours and not is_open(hours, zones, calendar, now):
        return _closed(zones, calendar, now, opens)
    return allowed()


def _cap_words(cap: Cap) -> str:
    when = "today" if cap.days == 1 else f"within {cap.days} days"
    return f"this number has had its {cap.most} {cap.counts} {when}"


def _closed(zones: Sequence[str], calendar: Calendar, now: datetime, opens: datetime) -> Verdict:
    days = {zone: calendar.kind(now.astimezone(ZoneInfo(zone)).date()) for zone in zones}
    shown = ", ".join(f"{now.astimezone(ZoneInfo(zone)):%a %H:%M} in {zone}" for zone in sorted(zones)[:3])
    if DayKind.HOLIDAY in days.values():
        return refused(Reason.HOLIDAY, f"outside the hours of a public holiday: {shown}", opens)
    return refused(Reason.HOURS, f"outside the hours for such calls: {shown}", opens)
