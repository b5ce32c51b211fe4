"""Watches over attempts that nobody else will end: after a crash, a lost switch, a lost database."""

import asyncio
from collections.abc import Sequence

import structlog

from dialer.attempts import open_attempts, placements_of
from dialer.callrecords import read_our_calls
from dialer.contacts import expire, release
from dialer.crew import Crew, log_death
from dialer.endings import settle_unsaid
from dialer.flights import Flight, Stage
from dialer.pilot import Pilot
from dialer.placement import Placement
from dialer.readback import read_back
from dialer.reconciliation import look_up
from store import StoreUnavailableError
from values import AttemptId

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0
"""How often the calls in the air are compared with the switch."""
MISSING = 2
"""In how many looks in a row the switch must not know a call before it counts as gone."""
ORPHANS_EVERY = 6
"""How many looks between two searches for attempts in nobody's hands."""
EXPIRE_EVERY = 3
SETTLE_SECONDS = 1.0
"""How long after a restart the switch is asked again: an order may have been on its way to it."""
AGAIN_SECONDS = 2.0


class Watch:
    """Finds out about attempts in doubt, and closes contacts whose time has run out."""

    def __init__(self, crew: Crew, pilot: Pilot, *, look: float = LOOK_SECONDS) -> None:
        """`look` is how many seconds lie between two looks."""
        self._crew = crew
        self._pilot = pilot
        self._seconds = look
        self._tasks: set[asyncio.Task[None]] = set()

    async def until_reconciled(self, *, leases_of: str = "") -> None:
        """Settle what an earlier process left open. Tries until switch and database can be asked.

        `leases_of` says how the names of this node's workers begin; what dead ones leased is freed.
        """
        told = False
        while True:
            try:
                await self._read_back()
                await self.adopt_orphans()
                if leases_of:
                    async with self._crew.db.write() as session:
                        await release(session, leases_of)
            except Exception as problem:  # noqa: BLE001  (the switch's own errors are its room's)
                if not told:
                    told = True
                    log.warning(
                        "dialer.cannot_reconcile",
                        why=str(problem)[:300],
                        meaning="no call is placed until then",
                    )
                await self._crew.clock.sleep(AGAIN_SECONDS)
            else:
                return

    async def _read_back(self) -> None:
        """Attempts that the switch knows of and a restored database does not."""
        crew = self._crew
        if crew.records is not None:
            known = await asyncio.to_thread(read_our_calls, crew.records)  # first: it may take a while
            async with crew.db.write() as session:
                await read_back(session, crew.gate, known, crew.node, crew.clock.now())

    async def run(self) -> None:
        """Look for ever."""
        look = 0
        while True:
            await self._crew.clock.sleep(self._seconds)
            look += 1
            try:
                await self.look()
                if look % ORPHANS_EVERY == 0:
                    await self.adopt_orphans()
                if look % EXPIRE_EVERY == 0:
                    await self._close_over()
            except StoreUnavailableError:
                continue  # the loop has said so
            except Exception as problem:  # noqa: BLE001  (likewise; a watch that dies watches nothing)
                log.warning("dialer.watch_failed", why=str(problem)[:300])

    async def _close_over(self) -> None:
        """Close contacts whose time has run out, some in each transaction, and those nobody tells about."""
        crew, most = self._crew, 500
        gone = most
        while gone == most:
            async with crew.db.write() as session:
                gone = len(await expire(session, crew.clock.now(), most=most))
        async with crew.db.write() as session:
            await settle_unsaid(session, crew.clock.now())

    async def look(self) -> None:
        """Compare the calls in the air with the switch; those gone without a word are found out about."""
        live = await self._crew.lines.live()
        gone = []
        for flight in self._crew.flights:
            known = flight.stage is Stage.DIALLING or flight.placement.attempt_id in live
            flight.missing = 0 if known else flight.missing + 1
            if flight.missing >= MISSING and not flight.ended.done():
                gone.append(flight)
        if not gone:
            return
        async with self._crew.db.read() as session:
            ids = [flight.placement.attempt_id for flight in gone]
            results = await look_up(session, ids, self._crew.records, self._crew.clock.now())
        for flight, result in zip(gone, results, strict=True):
            flight.end(result)

    async def adopt_orphans(self) -> None:
        """Take up attempts of this node that are open in the database and in nobody's hands here.

        Those still on the line are adopted; the others are finished with what can be found out. Raises what
        the switch or the database raises when it is away; nothing is decided then.
        """
        crew = self._crew
        orphans = await self._orphans()
        if not orphans:
            return
        live = await crew.lines.live()
        if any(each not in live for each in orphans):
            await crew.clock.sleep(SETTLE_SECONDS)
            live |= await crew.lines.live()
        async with crew.db.read() as session:
            told = [each for each in orphans if each in live or crew.flights.knows_end(each)]
            up = await placements_of(session, told)
            gone = [each for each in orphans if each not in up]
            results = await look_up(session, gone, crew.records, crew.clock.now())
        for placement in up.values():
            self._adopt(placement)
        for result in results:
            crew.ledger.finished(result)
        await crew.ledger.flush()
        log.info("dialer.orphans", adopted=len(up), finished=len(results))

    async def _orphans(self) -> Sequence[AttemptId]:
        crew = self._crew
        async with crew.committing, crew.db.read() as session:
            ids = [AttemptId(attempt.id) for attempt in await open_attempts(session, crew.node)]
            return [each for each in ids if each not in crew.flights and each not in crew.ledger.unwritten]

    def _adopt(self, placement: Placement) -> None:
        log.info("dialer.adopted", attempt=placement.attempt_id)
        self._crew.trunks.occupy(placement.trunk)
        flight = self._crew.flights.add(placement, Stage.UNSURE)
        self._spawn(flight)

    def _spawn(self, flight: Flight) -> None:
        task = asyncio.get_running_loop().create_task(self._pilot.see_down(flight))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(log_death)

    async def close(self) -> None:
        """Let go of the adopted calls; they stay up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
