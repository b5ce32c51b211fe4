"""What happened in a past call, to be asked again step by step."""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import datetime

from calls import TraceStep
from ivr.runner.questions import PASSED, SILENCE
from ivr.runner.state import AGAIN, EDITION, LANGUAGE, REFUSED, SLOW, START
from values import ANY_KEY, Scalar

HANG_UP = None
"""In place of keys: the caller hung up there."""
LISTENING = frozenset({"menu", "ask", "rate", "record"})
_ACCEPTED = frozenset({"done", PASSED, AGAIN})


class Book:
    """The past call by step: keys, verdicts, action results, transfers. What is taken is used up."""

    def __init__(self, records: Sequence[TraceStep]) -> None:
        """Raises `ValueError` for a trace without its beginning."""
        ordered = sorted(records, key=lambda record: record.seq)
        if not ordered or ordered[0].kind != START:
            raise ValueError("this trace does not begin with its start record; it cannot be replayed")
        self.start = ordered[0]
        self.steps = ordered[1:]
        self.path = ""
        """Where the replay stands."""
        self.unknown = ""
        """What had to be asked that the past call cannot tell; '' while there is nothing."""
        self.guessed: list[str] = []
        """Actions that the past call did not do there; they answered nothing."""
        self._now = self.start.entered
        self._keys: dict[str, deque[str | None]] = defaultdict(deque)
        self._verdicts: dict[str, deque[bool]] = defaultdict(deque)
        self._deeds: dict[str, deque[TraceStep]] = defaultdict(deque)
        self._times: dict[str, deque[datetime]] = defaultdict(deque)
        self._visits: Counter[str] = Counter()
        for record in self.steps:
            self._note(record)
        last = self.steps[-1] if self.steps else None
        self._gone = last.path if last and last.how == "hangup" and last.kind not in LISTENING else ""
        self._gone_at = sum(record.path == self._gone for record in self.steps)

    def _note(self, record: TraceStep) -> None:
        self._times[record.path].append(record.entered)
        if record.kind in LISTENING:
            self._keys[record.path] += _bursts(record)
            if record.kind == "ask" and record.how in (*_ACCEPTED, REFUSED, "no_match") and record.keys:
                self._verdicts[record.path].append(record.how in _ACCEPTED)
        elif record.kind in ("do", "transfer"):
            self._deeds[record.path].append(record)

    @property
    def variables(self) -> dict[str, Scalar]:
        """What the call began with, as far as it was written."""
        return {name: value for name, value in self.start.values.items() if name != EDITION}

    @property
    def language(self) -> str:
        """The caller's."""
        return str(self.start.values.get(LANGUAGE, ""))

    @property
    def slow(self) -> bool:
        """Whether the caller was marked slow."""
        return bool(self.start.values.get(SLOW))

    def enter(self, path: str) -> None:
        """The replay comes to a step; time goes on to when the past call was there."""
        self.path = path
        self._visits[path] += 1
        if times := self._times[path]:
            self._now = max(self._now, times.popleft())

    def now(self) -> datetime:
        """The past call's time."""
        return self._now

    def gone(self) -> bool:
        """Whether the caller hung up at this visit of this step, while listening."""
        return self.path == self._gone and self._visits[self.path] >= self._gone_at

    def keys(self) -> str | None:
        """What was keyed here; `HANG_UP` where the caller did, or where nobody knows."""
        waiting = self._keys[self.path]
        if waiting:
            return waiting.popleft()
        self.unknown = f"what the caller would key at {self.path}"
        return HANG_UP

    def verdict(self) -> bool | None:
        """Whether the answer given here was taken; None where there was none."""
        waiting = self._verdicts[self.path]
        return waiting.popleft() if waiting else None

    def deed(self) -> TraceStep | None:
        """How the action or transfer here went."""
        waiting = self._deeds[self.path]
        return waiting.popleft() if waiting else None


def _bursts(record: TraceStep) -> list[str | None]:
    """A record's keys, one burst a listening; private digits come back as zeros."""
    bursts: list[str | None] = []
    for token in record.keys.split():
        if token == SILENCE:
            bursts.append("")
        else:
            bursts.append("".join(key if key in ANY_KEY else "0" for key in token))
    if not bursts and record.how == "no_input":
        bursts.append("")
    if not bursts and record.how == "no_match":
        bursts.append("#")  # the terminator alone
    if record.how == "hangup":
        bursts.append(HANG_UP)
    return bursts


def results_of(record: TraceStep, into: Mapping[str, str]) -> dict[str, Scalar]:
    """What an action gave, under its own names as far as the flow renames them."""
    renamed = {result: record.values[kept] for result, kept in into.items() if kept in record.values}
    taken = set(into.values())
    return {**{name: value for name, value in record.values.items() if name not in taken}, **renamed}
