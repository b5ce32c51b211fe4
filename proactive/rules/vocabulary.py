"""Which values rules may name, by type of fact, and which campaigns and flows there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from proactive.rules.book import FACT_VALUES, PERSON_VALUES


@dataclass(frozen=True, slots=True)
class FlowInputs:
    """What a flow wants to be started with."""

    needed: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a file of rules is checked against."""

    types: Mapping[str, frozenset[str]]
    """The values of each type of fact: its event's own and those of look-ups."""
    campaigns: Collection[str] | None = None
    """Those that are set up; None: not checked."""
    flows: Mapping[str, FlowInputs] = field(default_factory=dict)
    """Those that are known; others are not checked."""

    def names(self, types: Collection[str]) -> frozenset[str]:
        """What a rule for these types may name: what all of them have."""
        own = [self.types[each] for each in types if each in self.types]
        shared = frozenset.intersection(*own) if own else frozenset()
        return shared | frozenset(FACT_VALUES) | frozenset(PERSON_VALUES) | {"now"}
