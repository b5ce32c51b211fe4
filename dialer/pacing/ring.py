"""How long calls ring before a person answers or before they end otherwise.

Two histograms of ringing time, one of calls a person answered and one of all others (machine, ring-out, busy,
failed), forget slowly; the answer probability, which drifts faster, is `AnswerRate`. Together they are a
mixture: a call that rang for a seconds is answered by a person within the next t with probability

    p (L(a) - L(a + t)) / (p L(a) + (1 - p) O(a)),

L and O being the shares of either kind that ring longer than that.
"""

import math
from collections.abc import Mapping, Sequence

from dialer.pacing.answers import AnswerRate
from dialer.pacing.horizon import AHEAD, NOTHING, Row, row
from values import BadInputError

SECONDS = 64
"""Ringing times are kept by the second; the last one holds all that is longer."""
MEMORY = 3000.0
"""Calls of a kind that are remembered; beyond, the older ones fade."""
FADE = 0.7
KINDS_MEMORY = 400.0
LOOK_EVERY = 0.9
"""Seconds between two looks at the answer rate."""
STALE = 200
"""Calls after which the tables are built anew though the answer rate stayed."""
YOUNG = 300
"""Calls up to which they are built anew every ten."""
NOBODY = 1e-6
"""Share of calls that ring so long, below which there is nothing to tell of them."""
PERSON_AT, PERSON_WIDTH, PERSON_CALLS = 9.0, 5.0, 4.0
RING_OUT_FROM, RING_OUT_TO, RING_OUT_CALLS = 20, 35, 4.0


class RingModel:
    """What is learned of ringing, and its tables for the forecast."""

    def __init__(self) -> None:
        self.rate = AnswerRate()
        bell = [math.exp(-0.5 * ((k - PERSON_AT) / PERSON_WIDTH) ** 2) for k in range(SECONDS)]
        self._live = [PERSON_CALLS * x / sum(bell) for x in bell]
        width = RING_OUT_TO - RING_OUT_FROM
        self._other = [
            RING_OUT_CALLS / width if RING_OUT_FROM <= k < RING_OUT_TO else 0.0 for k in range(SECONDS)
        ]
        self._persons, self._machines = 1.0, 0.5
        self.calls = 0
        """Calls learned from."""
        self._since = 0
        self._next_look = -math.inf
        self._built_for = 0.0
        self._by_age: list[Row] = []
        self._logs: list[tuple[float, ...]] = []
        self._survivals: list[tuple[float, float, tuple[float, ...]]] = []
        self._answered: list[float] = []
        self.fresh: tuple[float, ...] = ()
        self.shares: tuple[float, ...] = ()
        self._build(self.rate.planned)

    @property
    def person_share(self) -> float:
        """Of the calls answered by anything, the share answered by a person."""
        return self._persons / (self._persons + self._machines)

    @property
    def mean_to_answer(self) -> float:
        """Mean seconds from placing to a person's answer."""
        return sum((k + 0.5) * n for k, n in enumerate(self._live)) / sum(self._live)

    def ended(self, outcome: str, *, placed: float, rang: float) -> None:
        """Learn from a call's end."""
        live = outcome in {"connected", "abandoned"}
        side = self._live if live else self._other
        side[min(SECONDS - 1, max(0, int(rang)))] += 1
        if sum(side) > MEMORY:
            side[:] = [FADE * n for n in side]
        self.rate.ended(placed, live=live)
        self._persons += live
        self._machines += outcome == "machine"
        if self._persons + self._machines > KINDS_MEMORY:
            self._persons *= FADE
            self._machines *= FADE
        self.calls += 1
        self._since += 1

    def look(self, now: float, ringing: Sequence[float], waiting: int) -> None:
        """Renew the answer rate and, where it moved, the tables; cheap when asked again at once."""
        if self._next_look - LOOK_EVERY <= now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY
        self.rate.settle(now)
        logs, last = self._logs, SECONDS - 1
        self.rate.nowcast([logs[min(last, int(age))] for age in ringing], waiting)
        planned = self.rate.planned
        if self._due() or abs(planned - self._built_for) > 0.02 * self._built_for:
            self._build(planned)

    def rows(self, ringing: Sequence[float]) -> list[Row]:
        """For each ringing call, the chance that a person has answered it at each moment ahead."""
        table = self._by_age
        return [table[int(age)] if age < SECONDS else NOTHING for age in ringing]

    def _due(self) -> bool:
        return self._since > (STALE if self.calls > YOUNG else 10)

    def _build(self, p: float) -> None:
        if self._due() or not self._logs:
            self._since = 0
            live, other = _survival(self._live), _survival(self._other)
            self._answered = [1 - _at(live, t) for t in AHEAD]
            self._survivals = [
                (still, _at(other, k + 0.5), tuple(still - _at(live, k + 0.5 + t) for t in AHEAD))
                for k, still in ((k, _at(live, k + 0.5)) for k in range(SECONDS))
            ]
            # The little added keeps a call that outlasts all seen from weighing more than a few others.
            self._logs = [
                tuple(math.log(x * a + (1 - x) * b + 1e-4) for x in self.rate.grid)
                for a, b, _ in self._survivals
            ]
        self._built_for = p
        self._by_age = []
        for live_still, other_still, answers in self._survivals:
            weight = p * live_still + (1 - p) * other_still
            factor = p / weight if weight > NOBODY else 0.0
            self._by_age.append(row([factor * share for share in answers]))
        answered = self._answered
        self.fresh = tuple(p * share for share in answered)
        steps = [b - a for a, b in zip([0.0, *answered], answered, strict=False)]
        self.shares = (*steps[:-1], steps[-1] + 1 - answered[-1])

    def learned(self) -> dict[str, list[float]]:
        """All that was learned, as plain numbers."""
        return {
            "answers": self.rate.learned(),
            "live": list(self._live),
            "other": list(self._other),
            "kinds": [self._persons, self._machines],
        }

    def relearn(self, learned: Mapping[str, Sequence[float]]) -> None:
        """Take what `learned` gave.

        Raises:
            BadInputError: it does not come from there.

        """
        live, other, kinds = learned["live"], learned["other"], learned["kinds"]
        for name, numbers, length in (
            ("live", live, SECONDS),
            ("other", other, SECONDS),
            ("kinds", kinds, 2),
        ):
            if len(numbers) != length or min(numbers) < 0 or not 0 < sum(numbers) < math.inf:
                raise BadInputError("is no histogram of this pacer", field=name)
        self.rate.relearn(learned["answers"])
        self._live, self._other = list(live), list(other)
        self._persons, self._machines = kinds
        self.calls = int(sum(live) + sum(other))
        self._logs = []
        self._build(self.rate.planned)


def _survival(counts: Sequence[float]) -> list[float]:
    """The share that rings at least k seconds, for k from 0 to the end; counts are smoothed a little."""
    padded = [counts[0], *counts, counts[-1]]
    smooth = [0.25 * a + 0.5 * b + 0.25 * c for a, b, c in zip(padded, padded[1:], padded[2:], strict=False)]
    longer = [0.0]
    for n in reversed(smooth):
        longer.append(longer[-1] + n)
    return [x / longer[-1] for x in reversed(longer)]


def _at(survival: Sequence[float], age: float) -> float:
    second = int(age)
    if second >= SECONDS:
        return 0.0
    return survival[second] + (age - second) * (survival[second + 1] - survival[second])
