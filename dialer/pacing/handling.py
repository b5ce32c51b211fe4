"""How long agents are busy with a call, talk and wrap-up together, and when they will be free.

A life table: in each span of elapsed time the hazard is ended / time at risk, where busy agents count as
still at risk (without them the first calls of a day, short ones, would promise too much). Each span is shrunk
towards the overall hazard by a few invented endings. The chance to be free within t after a seconds is 1 -
exp(H(a) - H(a + t)), H being the cumulated hazard.
"""

import math
from collections.abc import Mapping, Sequence

from dialer.pacing.horizon import AHEAD, Row, row
from values import BadInputError

LONGEST = 7200
"""Seconds; a longer call is counted here."""
MEMORY = 1500.0
"""Calls that are remembered; beyond, the older ones fade."""
FADE = 0.7
INVENTED = 2.0
"""Endings a span is given at the overall hazard."""
FIRST_GUESS = 180.0
"""Mean seconds before any call has ended, weighing as little as `FIRST_WEIGHT` calls."""
FIRST_WEIGHT = 0.3
YOUNG = 20
"""Calls up to which the table is also built anew every `ASKED` questions, as busy times tell much."""
ASKED = 15
RENEWED = 0.04
"""Share of new calls among those remembered for which the table is built anew."""


class HandlingModel:
    """What is learned of handling times, and its table for the forecast."""

    def __init__(self, patience: float) -> None:
        self._starts = [
            float(x)
            for span in ((0, 60, 2), (60, 180, 5), (180, 600, 10), (600, 1800, 30), (1800, LONGEST + 1, 120))
            for x in range(*span)
        ]
        self._index: list[int] = []
        for i, (start, end) in enumerate(zip(self._starts, [*self._starts[1:], LONGEST + 1.0], strict=True)):
            self._index += [i] * int(end - start)
        self._ended = [0.0] * len(self._starts)
        self._count = self._sum = self._squares = 0.0
        self._since = self._asked = 0
        self._table: list[Row] = []
        self.patience = patience
        """Seconds a live answer may wait: an agent who is free by then counts."""
        self._build(())

    @property
    def count(self) -> float:
        """Calls remembered."""
        return self._count

    @property
    def mean(self) -> float:
        """Mean seconds of talk and wrap-up."""
        return self._sum / self._count if self._count else FIRST_GUESS

    @property
    def cv(self) -> float:
        """Standard deviation over mean."""
        if self._count <= 1:
            return 1.0
        return math.sqrt(max(0.0, self._squares / self._count - self.mean**2)) / max(self.mean, 1e-9)

    def freed(self, handled: float) -> None:
        """Learn from a handling time just over."""
        handled = min(max(0.0, handled), float(LONGEST))
        self._ended[self._index[int(handled)]] += 1
        self._count += 1
        self._sum += handled
        self._squares += handled * handled
        self._since += 1
        if self._count > MEMORY:
            self._ended = [FADE * n for n in self._ended]
            self._count, self._sum, self._squares = (
                FADE * x for x in (self._count, self._sum, self._squares)
            )

    def rows(self, busy: Sequence[float]) -> list[Row]:
        """For each busy agent, the chance to be free `patience` after each moment ahead."""
        self._asked += 1
        if self._since > max(2.0, RENEWED * self._count) or (self._count < YOUNG and self._asked > ASKED):
            self._build(busy)
        table, index = self._table, self._index
        return [table[index[int(age)] if age < LONGEST else -1] for age in busy]

    def renew(self, patience: float) -> None:
        """Take another patience."""
        self.patience = patience
        self._build(())

    def _build(self, busy: Sequence[float]) -> None:
        self._since = self._asked = 0
        hazards = self._hazards(busy)
        starts = self._starts
        cumulated = [0.0]
        for hazard, start, end in zip(hazards, starts, starts[1:], strict=False):
            cumulated.append(cumulated[-1] + hazard * (end - start))

        def until(age: float) -> float:
            i = self._index[min(LONGEST, int(age))]
            return cumulated[i] + hazards[i] * (age - starts[i])

        self._table = []
        for start, end in zip(starts, [*starts[1:], LONGEST + 120.0], strict=True):
            age = (start + end) / 2
            now = until(age)
            self._table.append(row(1 - math.exp(now - until(age + t + self.patience)) for t in AHEAD))

    def _hazards(self, busy: Sequence[float]) -> list[float]:
        still = [0] * len(self._starts)
        for age in busy:
            still[self._index[min(LONGEST, int(age))]] += 1
        overall = (self._count + FIRST_WEIGHT) / (self._sum + sum(busy) + FIRST_GUESS)
        hazards = [0.0] * len(self._starts)
        at_risk = 0.0
        end = LONGEST + 1800.0
        for i in range(len(self._starts) - 1, -1, -1):
            ended, start = self._ended[i], self._starts[i]
            exposed = (at_risk + 0.5 * (ended + still[i])) * (end - start)
            hazards[i] = (ended + INVENTED) / (exposed + INVENTED / overall)
            at_risk += ended + still[i]
            end = start
        return hazards

    def learned(self) -> dict[str, list[float]]:
        """All that was learned, as plain numbers."""
        return {"ended": list(self._ended), "sums": [self._count, self._sum, self._squares]}

    def relearn(self, learned: Mapping[str, Sequence[float]]) -> None:
        """Take what `learned` gave.

        Raises:
            BadInputError: it does not come from there.

        """
        ended, sums = learned["ended"], learned["sums"]
        for name, numbers, length in (("ended", ended, len(self._starts)), ("sums", sums, 3)):
            if len(numbers) != length or min(numbers) < 0 or not sum(numbers) < math.inf:
                raise BadInputError("is no life table of this pacer", field=name)
        self._ended = list(ended)
        self._count, self._sum, self._squares = sums
        self._build(())
