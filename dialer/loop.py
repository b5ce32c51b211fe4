"""The dial loop: whose turn it is, as fast as lines, agents and law bear, each attempt committed first."""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from agents import AgentState, Desk, Seat
from dialer.attempts import commit_attempts
from dialer.campaigns import callable_now
from dialer.contacts import Lease, claim, with_due_contacts
from dialer.crew import Crew, Variables, call_variables, log_death
from dialer.facts import Consents, no_consents
from dialer.gate import Gate
from dialer.ledger import Ledger
from dialer.models import Campaign
from dialer.pilot import Pilot
from dialer.placement import Placement, Wanted
from dialer.ports import Lines
from dialer.rhythm import PACED, Rhythm
from dialer.trunks import Bucket, Trunk, Trunks
from dialer.watch import Watch
from dialer.witness import Witness
from store import Database, StoreUnavailableError
from values import AttemptId, BadInputError, Clock, new_id

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
BATCH = 100
"""How many attempts are committed in one transaction at most."""
AWAY_SECONDS = 1.0
"""How long to wait before asking a database or a switch again that is away."""
SHORTEST_WAIT = 0.01
LIMIT = 0.03


class DialLoop:
    """Calls the contacts that are due. One a process; `node` is whose attempts are whose.

    `desk` has the agents of campaigns that need some. `records` is Asterisk's call record file, for finding
    out about attempts after a crash. The wiring tells `witness` what becomes of answered calls.
    """

    def __init__(
        self,
        db: Database,
        lines: Lines,
        gate: Gate,
        clock: Clock,
        *,
        node: str,
        trunks: Sequence[Trunk],
        records: Path | None = None,
        consents: Consents = no_consents,
        variables: Variables = call_variables,
        desk: Desk | None = None,
        poll: float = 1.0,
    ) -> None:
        self._desk = desk or Desk(clock.monotonic)
        self._crew = Crew(
            db,
            lines,
            gate,
            clock,
            node,
            Trunks(trunks, clock),
            Ledger(db, clock),
            consents,
            records,
            Rhythm(clock, self._desk, lambda campaign: _limit(gate, campaign)),
            variables,
        )
        self._desk.on_change(self._agent_freed)
        self.witness = Witness(self._crew)
        self._poll = poll
        self._pilot = Pilot(self._crew)
        self._watch = Watch(self._crew, self._pilot)
        self._workers = f"{node}/"
        self._worker = new_id(self._workers)
        self._buckets: dict[str, Bucket] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unreadable: set[str] = set()
        self._away = ""

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def start(self) -> None:
        """Settle what an earlier process left open, then call."""
        self._spawn(self._run())
        self._spawn(self._crew.ledger.run())
        self._spawn(self._watch.run())

    async def close(self, *, seconds: float = 5.0) -> None:
        """Place no more calls and write down what is known. Calls that are up stay up."""
        self.pause()
        for task in list(self._tasks):
            task.cancel()
        await self._watch.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError, StoreUnavailableError):
            async with asyncio.timeout(seconds):
                await self._crew.ledger.flush()

    def nudge(self) -> None:
        """There may be something to do: look now."""
        self._crew.nudged.set()

    def pause(self) -> None:
        """Commit no further attempt, at once; calls that are up go on."""
        self._crew.paused = True

    def resume(self) -> None:
        """Go on."""
        self._crew.paused = False
        self.nudge()

    @property
    def paused(self) -> bool:
        """Whether this loop is held."""
        return self._crew.paused

    @property
    def in_the_air(self) -> int:
        """How many calls are being placed or up."""
        return len(self._crew.flights)

    @property
    def lines_in_use(self) -> dict[str, int]:
        """Lines in use by trunk."""
        return self._crew.trunks.used

    def placement(self, attempt_id: AttemptId) -> Placement | None:
        """What a call in the air is about: contact, flow, fields. None for one not ours, or over."""
        flight = self._crew.flights.get(attempt_id)
        return flight.placement if flight else None

    def call_finished(self, attempt_id: AttemptId, outcome: str, *, goal: bool = False) -> None:
        """An answered call's flow ended: `Witness.call_finished`."""
        self.witness.call_finished(attempt_id, outcome, goal=goal)

    async def flush(self) -> None:
        """Write down now what is known. Raises `StoreUnavailableError`."""
        await self._crew.ledger.flush()

    async def _run(self) -> None:
        await self._watch.until_reconciled(leases_of=self._workers)
        while True:
            self._crew.nudged.clear()
            wait = await self._guarded_round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(wait, SHORTEST_WAIT)):
                    await self._crew.nudged.wait()

    async def _guarded_round(self) -> float:
        try:
            wait = await self._round()
        except StoreUnavailableError as problem:
            self._stay_away("database", problem)
        except Exception as problem:  # noqa: BLE001  (the switch's own errors are its room's)
            self._stay_away("switch or a campaign", problem)
        else:
            if self._away:
                log.info("dialer.resumed", after=self._away)
                self._away = ""
                await self._watch.until_reconciled()  # a commit may have come through that we took for lost
            return wait
        return AWAY_SECONDS

    def _stay_away(self, what: str, problem: Exception) -> None:
        if self._away != what:
            self._away = what
            log.error("dialer.stopped", missing=what, kind=type(problem).__name__, why=str(problem)[:300])

    async def _round(self) -> float:
        """Start what may start now; seconds until the next look."""
        crew = self._crew
        if crew.paused:
            return self._poll
        now = crew.clock.now()
        async with crew.db.read() as session:
            campaigns = await callable_now(session, now)
            due = await with_due_contacts(session, [each.name for each in campaigns], now)
        if not due:
            return self._poll
        await crew.lines.live()  # a switch that is away raises here, before anything is committed
        waits = [await self._guarded_call(each, due) for each in campaigns if each.name in due]
        return min(waits, default=self._poll)

    async def _guarded_call(self, campaign: Campaign, active: frozenset[str]) -> float:
        """One campaign that nobody can read must not stop the others."""
        try:
            return await self._call(campaign, active)
        except BadInputError as problem:
            if campaign.name not in self._unreadable:
                self._unreadable.add(campaign.name)
                log.error("dialer.campaign_unreadable", campaign=campaign.name, why=str(problem))  # noqa: TRY400  (its words say all)
            return self._poll

    async def _call(self, campaign: Campaign, active: frozenset[str]) -> float:
        """Call contacts of one campaign as far as lines and pace allow; seconds until it may go on."""
        crew = self._crew
        names = crew.trunks.allowed(campaign.trunks)
        paced = campaign.mode in PACED
        most = crew.rhythm.wanted(campaign, active) if paced else BATCH
        reserved = self._reserve(campaign, names, most)
        if reserved:
            leases = await self._claim(campaign, reserved)
            used = await self._commit(campaign, leases, reserved)
            if used < len(reserved):
                return self._poll  # nobody else is due
        if paced:
            return self._poll  # or sooner: every answer, end and free agent nudges
        pace = self._bucket(campaign).wait
        room = crew.trunks.wait(names) if crew.flights.of(campaign.name) < campaign.lines else None
        return self._poll if room is None else max(pace, room)

    def _reserve(self, campaign: Campaign, names: Sequence[str], most: int) -> list[str]:
        crew, bucket = self._crew, self._bucket(campaign)
        room = min(campaign.lines - crew.flights.of(campaign.name), most, BATCH)
        reserved: list[str] = []
        while len(reserved) < room and bucket.take():
            trunk = crew.trunks.take(names)
            if trunk is None:
                bucket.put_back()
                break
            reserved.append(trunk)
        return reserved

    async def _claim(self, campaign: Campaign, reserved: Sequence[str]) -> list[Lease]:
        crew = self._crew
        try:
            async with crew.db.write() as session:
                return await claim(
                    session,
                    campaign.name,
                    len(reserved),
                    worker=self._worker,
                    lease=LEASE,
                    now=crew.clock.now(),
                )
        except BaseException:
            self._put_back(campaign, reserved)
            raise

    async def _commit(self, campaign: Campaign, leases: Sequence[Lease], reserved: Sequence[str]) -> int:
        """Commit attempts for leased contacts, then let them take off; gives how many contacts there were."""
        crew = self._crew
        unused = list(reserved)
        try:
            if leases and not crew.paused:
                wanted = [Wanted(lease, trunk) for lease, trunk in zip(leases, reserved, strict=False)]
                async with crew.committing:
                    async with crew.db.write() as session:
                        placements = await commit_attempts(
                            session,
                            crew.gate,
                            wanted,
                            node=crew.node,
                            now=crew.clock.now(),
                            consents=crew.consents,
                        )
                    for placement in placements:
                        unused.remove(placement.trunk)
                        self._spawn(self._pilot.fly(crew.take_off(placement)))
        finally:
            self._put_back(campaign, unused)
        return len(leases)

    def _put_back(self, campaign: Campaign, trunks: Sequence[str]) -> None:
        for trunk in trunks:
            self._crew.trunks.put_back(trunk)
            self._bucket(campaign).put_back()

    def _bucket(self, campaign: Campaign) -> Bucket:
        bucket = self._buckets.get(campaign.name)
        if bucket is None or bucket.rate != campaign.calls_per_second:
            bucket = self._buckets[campaign.name] = Bucket(campaign.calls_per_second, self._crew.clock)
        return bucket

    def _agent_freed(self, seat: Seat, _before: AgentState) -> None:
        if seat.state is AgentState.READY:
            self.nudge()

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(log_death)


def _limit(gate: Gate, campaign: Campaign) -> float:
    """The share of live answers a campaign may abandon: its own choice, never above the law's."""
    law = LIMIT
    return law if campaign.max_abandon is None else min(law, campaign.max_abandon)
