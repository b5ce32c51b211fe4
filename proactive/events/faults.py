"""What rules get to know of a fault besides its event."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from proactive.rules.facts import Fact
from proactive.rules.lookups import Lookups
from values import Scalar

TYPES = ("fault.opened", "fault.restored", "fault.closed")
VALUES = ("status", "opened", "restored", "line", "symptom")


class FaultLookup:
    """Looks faults up in our mirror: `status`, when it was `opened` and `restored`, `line`, `symptom`."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    def register(self, lookups: Lookups) -> None:
        """Tell the rules."""
        for each in TYPES:
            lookups.register(each, self.look, VALUES)

    async def look(self, session: AsyncSession, facts: Sequence[Fact]) -> Mapping[str, Mapping[str, Scalar]]:
        """By the facts' ids."""
        faults = await self._customers.faults(session, sorted({fact.key for fact in facts}))
        return {
            fact.id: {
                "status": found.status.value,
                "opened": found.opened_at,
                "restored": found.restored_at,
                "line": found.line_id,
                "symptom": found.symptom,
            }
            for fact in facts
            if (found := faults.get(fact.key)) is not None
        }
