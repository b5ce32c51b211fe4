"""The dial loop: whose turn it is, as fast as lines, agents and law bear, each attempt committed first."""

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from agents import AgentState, Desk, Seat
from dialer.campaigns import Demand
from dialer.campaigns import share as share_lines
from dialer.crew import Crew, Variables, call_variables, log_death
from dialer.facts import Consents, no_consents
from dialer.gate import Formula, Gate
from dialer.launch import BATCH, Launcher
from dialer.ledger import Ledger
from dialer.models import Campaign, Mode
from dialer.outside import OutsideLegs
from dialer.pilot import Pilot
from dialer.placement import Placement
from dialer.ports import Lines
from dialer.program import Program, ProgramReader
from dialer.pulse import Pulse, pulses
from dialer.recall import Recall
from dialer.results import law_of
from dialer.rhythm import Rhythm
from dialer.standing import Overseer
from dialer.trunks import Trunk, Trunks, TrunkState
from dialer.watch import LOOK_SECONDS, Watch
from dialer.witness import Witness
from store import Database, StoreUnavailableError
from values import AttemptId, BadInputError, Clock, new_id

log = structlog.get_logger(__name__)

AWAY_SECONDS = 1.0
"""How long to wait before asking a database or a switch again that is away."""
SHORTEST_WAIT = 0.01
REST_SECONDS = 0.1
"""Between two rounds that only a pace holds back: what may start meanwhile starts together."""


class DialLoop:
    """Calls the contacts that are due. One a process; `node` is whose attempts are whose.

    `desk` has the agents of campaigns that need some. `records` is Asterisk's call record file, for finding
    out about attempts after a crash. The wiring tells `witness` what becomes of answered
    calls; `outside` has lines for transfers.
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
        look: float = LOOK_SECONDS,
        batch: int = BATCH,
        rest: float = REST_SECONDS,
    ) -> None:
        """`batch` is how many attempts one transaction commits at most.

        `rest` is how many seconds lie between two rounds that only a pace holds back.
        `poll` and `look` are the seconds between two looks for contacts that have become due, and at calls in
        the air.
        """
        self._desk = Desk(clock.monotonic) if desk is None else desk  # an empty one is one, too
        self._crew = Crew(
            db,
            lines,
            gate,
            clock,
            node,
            Trunks(trunks, clock),
            Ledger(db, gate, clock),
            consents,
            records,
            Rhythm(clock, self._desk, lambda campaign: _limit(gate, campaign)),
            variables,
        )
        self._desk.on_change(self._agent_freed)
        self.witness = Witness(self._crew)
        self.outside = OutsideLegs(self._crew)
        self._poll = poll
        self._pilot = Pilot(self._crew)
        self._watch = Watch(self._crew, self._pilot, look=look)
        self._workers = f"{node}/"
        self._launcher = Launcher(self._crew, self._pilot, new_id(self._workers), self._spawn, batch=batch)
        self._reader = ProgramReader(db, gate, clock)
        self._overseer = Overseer(db, gate, self._crew.rhythm, clock)
        self._recall = Recall(self._crew, self._desk)
        self._owed: Mapping[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unreadable: set[str] = set()
        self._away = ""
        self._rest = 0.0
        self._paced_rest = rest

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
        self._reader.outdated()
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

    def trunk_states(self) -> list[TrunkState]:
        """How the trunks stand: lines in use, resting, being probed."""
        return self._crew.trunks.states()

    def pulses(self) -> dict[str, Pulse]:
        """How each campaign stands that may call now or has a call in the air."""
        return pulses(self._crew, self._reader.latest, self._overseer.standing)

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
            self._rest = 0.0
            wait = await self._guarded_round()
            await self._crew.clock.sleep(self._rest)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(wait - self._rest, SHORTEST_WAIT)):
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
        await self._recall.look()
        program, due = await self._reader.now()
        self._complain(self._reader.unreadable)
        if program.trunks:
            crew.trunks.reload(program.trunks)
        crew.waiting = bool(due)
        if not due:
            return self._poll
        await crew.lines.live()  # a switch that is away raises here, before anything is committed
        standing = await self._overseer.look([each for each in program.campaigns if each.name in due])
        due -= standing.barred
        campaigns = [each for each in program.campaigns if each.name in due]
        wants = crew.rhythm.wants(campaigns, self._launcher.room)
        grants = self._granted(campaigns, wants)
        waits = [await self._guarded_call(each, grants[each.name], program) for each in campaigns]
        self._rest = self._paced_rest if self._only_paced(campaigns) else 0.0
        return min(waits, default=self._poll)

    def _only_paced(self, campaigns: Sequence[Campaign]) -> bool:
        """Whether nobody gains by a round before its time: no agent waits, no line that has become free.

        `campaigns` are those that have somebody to call: an agent gains nothing by the others.
        """
        return all(
            each.mode is Mode.AGENTLESS and self._launcher.wait(each) is not None for each in campaigns
        )

    def _granted(self, campaigns: Sequence[Campaign], wants: Mapping[str, int]) -> Mapping[str, int]:
        """Share the free lines by priority and weight."""
        trunks, flights = self._crew.trunks, self._crew.flights
        demands = [
            Demand(each.name, each.priority, each.weight, wants[each.name], flights.of(each.name), each.lines)
            for each in campaigns
        ]
        shares = share_lines(trunks.room(trunks.allowed(())), demands, self._owed)
        self._owed = shares.owed
        return shares.grants

    async def _guarded_call(self, campaign: Campaign, most: int, program: Program) -> float:
        """One campaign that nobody can read must not stop the others."""
        try:
            return await self._call(campaign, most, program)
        except BadInputError as problem:
            self._complain({campaign.name: problem})
            return self._poll

    async def _call(self, campaign: Campaign, most: int, program: Program) -> float:
        """Call contacts of one campaign as far as it was granted; seconds until it may go on."""
        if most > 0:
            agents = self._crew.rhythm.free_agents(campaign)
            zones = program.zones(campaign.name)
            certain = campaign.name in self._overseer.standing.certain
            most = min(most, max(0, self._crew.rhythm.spare(campaign))) if certain else most
            if not await self._launcher.launch(campaign, most, agents=agents, zones=zones, certain=certain):
                return self._poll  # nobody else is due
        wait = self._launcher.wait(campaign)
        if wait is None or (wait <= 0 and campaign.mode is not Mode.AGENTLESS):
            return self._poll  # or sooner: every answer, end and free agent nudges
        return wait

    def _complain(self, problems: Mapping[str, BadInputError]) -> None:
        for name, problem in problems.items():
            if name not in self._unreadable:
                self._unreadable.add(name)
                log.error("dialer.campaign_unreadable", campaign=name, why=str(problem))

    def _agent_freed(self, seat: Seat, _before: AgentState) -> None:
        if seat.state is AgentState.READY:
            self._crew.nudged.set()

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(log_death)


def _limit(gate: Gate, campaign: Campaign) -> float:
    """The share of live answers a campaign may abandon: its own choice, never above the law's.

    Where the law counts abandoned calls against completed ones (Italy), its limit is that of a/y; the
    pacer's is of a/(a+y).
    """
    law = law_of(gate.profile(campaign.profile), campaign)
    return law.limit / (1 + law.limit) if law.rule.formula is Formula.COMPLETED else law.limit
