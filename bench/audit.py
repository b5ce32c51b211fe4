"""What was seen at the far end beside what is on record: nobody lost, nobody twice. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Audit:
    """What SIPp saw beside what is on record."""

    attempts: int
    invites: int
    outcomes: int
    """Attempts that are over, with the outcome they should have, of contacts that are done."""
    lost: int
    """Contacts without a call, calls without an attempt, attempts without a call or without an outcome."""
    duplicates: int
    """Calls beyond the first to one number, attempts beyond the first for one contact."""

    @property
    def wrong(self) -> int:
        """All that should be 0."""
        return self.lost + self.duplicates


def audited(
    wanted: Sequence[str],
    rung: Sequence[str],
    on_record: Sequence[tuple[str, str]],
    done: Sequence[str],
    outcome: str,
) -> Audit:
    """Compare: numbers to be called, numbers that SIPp saw, attempts (number, outcome), numbers done."""
    seen, written = Counter(rung), Counter(number for number, _ in on_record)
    finished = set(done)
    right = {number for number, how in on_record if how == outcome and number in finished}
    everybody = set(wanted) | set(seen) | set(written)
    lost = sum(number not in seen or number not in written or number not in right for number in everybody)
    duplicates = sum(count - 1 for count in seen.values()) + sum(count - 1 for count in written.values())
    return Audit(len(on_record), len(rung), len(right), lost, duplicates)


def busiest(times: Sequence[datetime], seconds: float) -> float:
    """Events a second in the window of so many seconds that begins with the first."""
    if not times:
        return 0.0
    until = min(times) + timedelta(seconds=seconds)
    return sum(at < until for at in times) / seconds


def strays(rung: Mapping[str, int], attempts: Mapping[str, int]) -> int:
    """Rings beyond a number's attempts. Fewer are none: a call may be given up before it rings."""
    return sum(max(0, count - attempts.get(number, 0)) for number, count in rung.items())
