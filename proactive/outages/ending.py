"""The end of an outage: faults under it are restored with it, and everybody is asked once, some at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, FaultCard, FaultStatus
from proactive.assurance import Asking, Policy, Repaired, repaired
from proactive.assurance.mirrors import BY
from proactive.outages import book
from proactive.outages.models import Outage
from store import Database, StoreUnavailableError
from values import Clock, CustomerId

log = structlog.get_logger(__name__)

BROKEN: Final = frozenset({FaultStatus.OPEN, FaultStatus.REOPENED})
LOOK_SECONDS: Final = 2.0
PAUSE_SECONDS: Final = 0.05
"""Between two portions, for whoever else has something to write: calls on the line do."""
MOST: Final = 300
"""How many customers are asked in one transaction."""
_CHUNK: Final = 400


class Ending:
    """Takes outages that are over through all they touched; each portion is committed with how far it is."""

    def __init__(
        self,
        db: Database,
        customers: Customers,
        asking: Asking,
        policy: Policy,
        clock: Clock,
        *,
        most: int = MOST,
    ) -> None:
        self._db = db
        self._customers = customers
        self._asking = asking
        self._policy = policy
        self._clock = clock
        self._most = most

    async def run(self) -> None:
        """Look every other second, for ever."""
        while True:
            more = False
            try:
                more = await self.step()
            except StoreUnavailableError as problem:
                log.warning("outages.waits", why=str(problem)[:200])
            except Exception:
                log.exception("outages.ending_failed")
            await self._clock.sleep(PAUSE_SECONDS if more else LOOK_SECONDS)

    async def once(self) -> None:
        """See all outages that are over through. Raises `StoreUnavailableError`."""
        while await self.step():
            pass

    async def step(self) -> bool:
        """One portion of each outage that is over; whether there is more. Raises `StoreUnavailableError`."""
        async with self._db.read() as session:
            ended = await book.to_ask(session)
        more = False
        for outage_id in ended:
            try:
                async with self._db.write() as session:
                    more |= await self.portion(session, outage_id)
            except StoreUnavailableError:
                raise
            except Exception:  # whatever is wrong with one, the others go on
                log.exception("outages.portion_failed", outage=outage_id)
        return more

    async def portion(self, session: AsyncSession, outage_id: str) -> bool:
        """The next customers of an outage; whether there may be more."""
        outage = await book.hold(session, outage_id)
        if outage is None or outage.restored is None:
            return False
        whom = await book.touched_by(session, outage_id, after=outage.asked_to, most=self._most)
        if whom:
            await self._ask(session, outage, outage.restored, whom)
            outage.asked_to = max(whom)
        if len(whom) < self._most:
            outage.asked_at = self._clock.now()
            log.info("outages.all_asked", outage=outage_id)
            return False
        return True

    async def _ask(
        self, session: AsyncSession, outage: Outage, end: datetime, whom: Mapping[str, Sequence[str]]
    ) -> None:
        # by fault and not by customer: whoever else locks faults takes them in this order
        linked = sorted(fault for theirs in whom.values() for fault in theirs)
        faults = await self._faults(session, linked)
        broken = [each for each in linked if each in faults and _ended_with(faults[each], end)]
        for first in range(0, len(broken), _CHUNK):
            some = broken[first : first + _CHUNK]
            await self._customers.set_fault_status(session, some, FaultStatus.RESTORED, at=end, reason=BY)
        after = await self._faults(session, broken)
        repairs = [repaired(fault, outage.id) for fault in after.values()]
        if self._policy.asks_without_fault:
            repairs += [
                Repaired(
                    customer_id=CustomerId(customer_id),
                    opened=outage.opened,
                    restored=end,
                    outage_id=outage.id,
                )
                for customer_id, theirs in whom.items()
                if not theirs  # a fault of theirs has a question of its own, or has had it
            ]
        await self._asking.ask(session, repairs, self._clock.now())

    async def _faults(self, session: AsyncSession, ids: Sequence[str]) -> dict[str, FaultCard]:
        found: dict[str, FaultCard] = {}
        for first in range(0, len(ids), _CHUNK):
            found |= await self._customers.faults(session, ids[first : first + _CHUNK])
        return found


def _ended_with(fault: FaultCard, end: datetime) -> bool:
    """Whether the end of an outage is a fault's too: not of one that was opened, or opened again, since."""
    spoken = max(fault.opened_at, fault.reopened_at or fault.opened_at)
    return fault.status in BROKEN and spoken <= end
