"""Answers to one question, counted: how often each value was given, and with what weight. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Count:
    """Of one value: how many said it, the sum of their weights, and of the weights' squares."""

    n: int
    weight: float
    squares: float

    def __add__(self, other: Self) -> Self:
        return type(self)(self.n + other.n, self.weight + other.weight, self.squares + other.squares)


NOBODY = Count(0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one question: each value's count."""

    values: Mapping[int, Count] = field(default_factory=dict)

    @classmethod
    def plain(cls, values: Mapping[int, int]) -> Self:
        """Of answers that all weigh the same."""
        return cls({value: Count(n, float(n), float(n)) for value, n in values.items() if n})

    @classmethod
    def together(cls, tallies: Iterable[Self]) -> Self:
        """Several put together."""
        values: dict[int, Count] = {}
        for tally in tallies:
            for value, count in tally.values.items():
                values[value] = values.get(value, NOBODY) + count
        return cls(values)

    def within(self, low: int, high: int) -> "Tally":
        """Without what lies outside a scale."""
        return Tally({value: count for value, count in self.values.items() if low <= value <= high})

    @property
    def n(self) -> int:
        """How many answers."""
        return sum(count.n for count in self.values.values())

    @property
    def total(self) -> Count:
        """All of them."""
        n, weight, squares = 0, 0.0, 0.0
        for value in sorted(self.values):  # always in one order, so that sums are the same to the last bit
            count = self.values[value]
            n, weight, squares = n + count.n, weight + count.weight, squares + count.squares
        return Count(n, weight, squares)

    def share(self, low: int, high: int) -> float:
        """What share, by weight, said something from `low` to `high`. There must be answers."""
        part = sum(self.values[value].weight for value in sorted(self.values) if low <= value <= high)
        return min(1.0, part / self.total.weight)

    @property
    def mean(self) -> float:
        """The mean, by weight. There must be answers."""
        return sum(value * self.values[value].weight for value in sorted(self.values)) / self.total.weight

    @property
    def variance(self) -> float:
        """The answers' variance about their mean, by weight."""
        mean = self.mean
        spread = sum((value - mean) ** 2 * self.values[value].weight for value in sorted(self.values))
        return spread / self.total.weight
