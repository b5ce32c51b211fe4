"""Whom to call next: the list, and who is to be tried again, by the campaign's own retry rules."""

from datetime import timedelta
from heapq import heappop, heappush

from dialer.retry import REFUSED_BY_NETWORK, RetryRules
from dialer.simulator.results import ListResult
from values.testing import EPOCH

_WORDS = {"failed": REFUSED_BY_NETWORK}
"""The retry rules' word where it is not the pacer's."""


class ContactList:
    """The contacts of a campaign in their turn: fresh ones first, then whose time has come.

    Without a length the list never ends, and nobody is called twice.
    """

    def __init__(self, length: int | None, rules: RetryRules) -> None:
        self._length = length
        self._rules = rules
        self._fresh = 0
        self._again: list[tuple[float, int]] = []
        self._tallies: dict[int, dict[str, int]] = {}
        self._finished = 0
        self._reached = 0
        self._ended: float | None = None

    def take(self, now: float) -> int | None:
        """The next one to call; None when nobody is due."""
        if self._length is None or self._fresh < self._length:
            self._fresh += 1
            return self._fresh
        if self._again and self._again[0][0] <= now:
            return heappop(self._again)[1]
        return None

    def came_to(self, contact: int, outcome: str, now: float) -> None:
        """How a call of a contact ended, in the pacer's words."""
        if self._length is None:
            return
        word = _WORDS.get(outcome, outcome)
        tally = self._tallies.setdefault(contact, {})
        tally[word] = tally.get(word, 0) + 1
        goal = outcome == "connected"
        at = EPOCH + timedelta(seconds=now)
        again = self._rules.next_try(word, goal=goal, tally=tally, now=at, expires=None)
        if again is not None:
            heappush(self._again, ((again - EPOCH).total_seconds(), contact))
            return
        self._finished += 1
        self._reached += goal
        del self._tallies[contact]
        if self._finished == self._length:
            self._ended = now

    def result(self, seconds: float) -> ListResult | None:
        """How far a day of so many seconds came."""
        if self._length is None:
            return None
        hours = seconds / 3600
        if self._ended is not None:
            ends = self._ended / 3600
        else:
            ends = hours * self._length / self._finished if self._finished else float("inf")
        return ListResult(
            contacts=self._length,
            finished=self._finished,
            reached=self._reached,
            waiting=len(self._again),
            ends=ends,
        )
