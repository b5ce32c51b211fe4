"""The town's network: now and then a line is repaired, as a telco's own systems would tell us."""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, FaultStatus
from store import Database, StoreUnavailableError
from values import Clock

log = structlog.get_logger(__name__)


class Network:
    """Repairs lines, one every so many seconds: what customers say is not repaired first."""

    def __init__(self, db: Database, customers: Customers, clock: Clock, *, every: float) -> None:
        self._db = db
        self._customers = customers
        self._clock = clock
        self._every = every

    async def run(self) -> None:
        """Repair until cancelled."""
        while True:
            await self._clock.sleep(self._every)
            try:
                async with self._db.write() as session:
                    await self.repair(session)
            except StoreUnavailableError:
                log.warning("city.database_away")

    async def repair(self, session: AsyncSession) -> None:
        """Repair the one that comes first. Who was told that theirs has priority is not kept waiting."""
        for status in (FaultStatus.REOPENED, FaultStatus.OPEN):
            for fault in await self._customers.faults_with_status(session, status, most=1):
                await self._customers.set_fault_status(
                    session, [fault.id], FaultStatus.RESTORED, at=self._clock.now()
                )
                log.info("city.repaired", fault=fault.id)
                return
