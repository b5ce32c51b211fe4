"""What else is known about facts than their events say: processes tell it, rules use it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.ext.asyncio import AsyncSession

from proactive.rules.facts import Fact
from values import Scalar

Lookup = Callable[[AsyncSession, Sequence[Fact]], Awaitable[Mapping[str, Mapping[str, Scalar]]]]
"""More values about facts of one type, by the facts' ids. It only reads, as dry runs ask it too."""


@dataclass(slots=True)
class Lookups:
    """Who knows more about which type of fact. Filled once, at the start."""

    by_type: dict[str, list[Lookup]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    """Which values a type has besides its event's own, for the checker of rules."""

    def register(self, type: str, lookup: Lookup, names: Sequence[str]) -> None:  # noqa: A002
        """Let a process tell more about facts of this type: values by these names."""
        self.by_type.setdefault(type, []).append(lookup)
        self.names.setdefault(type, set()).update(names)

    async def enrich(self, session: AsyncSession, facts: Sequence[Fact]) -> list[Fact]:
        """The facts with all that is known about them."""
        found: dict[str, dict[str, Scalar]] = {}
        for kind in {fact.type for fact in facts} & self.by_type.keys():
            same = [fact for fact in facts if fact.type == kind]
            for lookup in self.by_type[kind]:
                for fact_id, values in (await lookup(session, same)).items():
                    found.setdefault(fact_id, {}).update(values)
        return [
            replace(fact, values={**fact.values, **found[fact.id]}) if fact.id in found else fact
            for fact in facts
        ]
