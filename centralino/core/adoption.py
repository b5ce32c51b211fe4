"""Whenever the manager is (back) there: which calls are still up, and which ended while nobody looked."""

import structlog

from ami import AmiUnavailableError, Gateway
from calls import queries
from centralino.core.register import Register
from store import Database, StoreUnavailableError
from values import CallId, Clock

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 1.0


class Adoption:
    """Brings our record of this node's calls in step with the switch."""

    def __init__(self, db: Database, gateway: Gateway, register: Register, clock: Clock, node: str) -> None:
        self._db = db
        self._gateway = gateway
        self._register = register
        self._clock = clock
        self._node = node

    async def settle(self) -> None:
        """Adopt calls that an earlier process left and that are up; close those that are not.

        Waits for a database that is away. Gives up when the manager is lost again: its return begins anew.
        """
        try:
            self._register.resynced(frozenset(self._gateway.live()))
            while not await self._settled():
                await self._clock.sleep(AGAIN_SECONDS)
        except AmiUnavailableError:
            log.info("calls.adoption_put_off")

    async def _settled(self) -> bool:
        try:
            async with self._db.read() as session:
                left = await queries.still_up(session, self._node)
            live = self._gateway.live()  # asked after the reading, so that none of them has ended in between
            unknown = [call for call in left if self._register.get(CallId(call.call_id)) is None]
            self._register.adopt(call for call in unknown if call.call_id in live)
            gone = [CallId(call.call_id) for call in unknown if call.call_id not in live]
            async with self._db.write() as session:
                closed = await queries.close_interrupted(session, gone, self._clock.now())
        except StoreUnavailableError:
            return False
        if closed:
            log.warning("calls.interrupted", calls=closed)
        return True
