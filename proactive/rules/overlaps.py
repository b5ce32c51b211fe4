"""Rules of one event that may both hold and call by one campaign, with nothing that says which is meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product
from math import prod
from typing import Final

from ivr.language import Expression
from ivr.language.expressions import Comparison, Constant, Joined, Membership, Node, Not, Variable
from proactive.rules.book import RuleBook
from proactive.rules.rule import Rule
from values import Scalar

_MOST: Final = 20_000
"""Cases looked at; two conditions with more count as ones that may both hold."""
_OTHER: Final = "\0"
"""A text that no condition names."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules of one priority that may both hold."""

    first: Rule
    """The one that calls then."""
    second: Rule

    def __str__(self) -> str:
        """In words, with what to do."""
        types = ", ".join(sorted(self.first.on & self.second.on))
        one, two, campaign = self.first.name, self.second.name, self.first.campaign
        return (
            f"{one} and {two} may both hold for the same {types}; {one} calls by {campaign} then, as it "
            f"comes first, and whom either leaves alone neither calls. Give the one that is meant a higher "
            f"priority, let their when: exclude each other, or give {two} the name of the rule it replaces"
        )


def overlaps(book: RuleBook) -> Sequence[Overlap]:
    """Every two rules of which nobody has said which goes first. Higher priority says so."""
    return [
        Overlap(first, second)
        for first, second in combinations(book.rules, 2)
        if first.campaign
        and (first.campaign, first.priority) == (second.campaign, second.priority)
        and first.on & second.on
        and _may_both_hold(first.when, second.when)
    ]


def _may_both_hold(first: Expression | None, second: Expression | None) -> bool:
    """Tried on the values that the two conditions tell apart."""
    asked = [each for each in (first, second) if each is not None]
    cases: dict[str, list[Scalar]] = {
        name: [True, False, None, _OTHER] for each in asked for name in each.names
    }
    for each in asked:
        for name, value in _compared(each.node):
            cases[name] += _around(value)
    if prod(map(len, cases.values())) > _MOST:
        return True
    return any(
        all(each.evaluate(dict(zip(cases, values, strict=True))) for each in asked)
        for values in product(*cases.values())
    )


def _compared(node: Node) -> Iterator[tuple[str, Scalar]]:
    """Which variable is compared with which value."""
    match node:
        case Not(part):
            yield from _compared(part)
        case Joined(_, parts):
            for part in parts:
                yield from _compared(part)
        case Comparison(Variable(name), _, Constant(value)) | Comparison(Constant(value), _, Variable(name)):
            yield name, value
        case Membership(Variable(name), among):
            for each in among:
                if isinstance(each, Constant):
                    yield name, each.constant
        case _:
            return


def _around(value: Scalar) -> list[Scalar]:
    """A value, and for what has an order those just before and after it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [value - 1, value, value + 1]
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return [value]
        return [value, day, day - timedelta(days=1), day + timedelta(days=1)]
    return [value]
