"""Calls that an agent dials: through the dialler and its gate like all calls, each attempt committed first.

What is dialled becomes a contact promised to the agent, who is kept free for it and hears it ring. It is
called once: whoever is not reached is not called again by itself.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select

from agents import AgentState, Desk, Seat
from calls import CallEnd, CallStart
from centralino.core.control.errors import ForbiddenTargetError, NotFreeError
from centralino.core.control.told import Bulletins
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, promise, set_up, withdraw
from dialer.campaigns import OPEN, UnknownCampaignError, campaign, is_open
from dialer.facts import Consents
from dialer.models import Contact, ContactState, Refusal
from dialer.questions import explain_call
from store import Database, StoreUnavailableError
from values import BadInputError, Clock, PhoneNumber, mask_number, new_id, parse_phone

log = structlog.get_logger(__name__)

CAMPAIGN: Final = "manual"
"""The campaign of numbers that are dialled for none."""
PLACED_SECONDS: Final = 10.0
"""How long the dialler may take to place it; then it is not called any more."""
LOOK_SECONDS: Final = 0.5
RINGS: Final = timedelta(minutes=3)
"""After so long it is certainly over."""
_DIALLING, _OVER = "dialling", "over"


@dataclass(frozen=True, slots=True)
class ManualHouse:
    """What holds for all such calls."""

    country: str
    profile: str
    """The jurisdiction of those for no campaign."""
    caller_id: str
    flow: str


@dataclass(slots=True, eq=False)
class _Dialled:
    """One call, until it is answered or over."""

    agent: str
    shown: str
    campaign: str
    event: str
    contact: str = ""
    attempt: str = ""
    placed: asyncio.Event = field(default_factory=asyncio.Event)
    moves: bool = False
    """Whether its attempt is over, and another may follow on the next trunk."""


class ManualCalls:
    """Dials for agents. One a node."""

    def __init__(
        self,
        db: Database,
        gate: Gate,
        consents: Consents,
        desk: Desk,
        bulletins: Bulletins,
        nudge: Callable[[], None],
        clock: Clock,
        house: ManualHouse,
    ) -> None:
        """`nudge` has the dialler look at once."""
        self._db = db
        self._gate = gate
        self._consents = consents
        self._desk = desk
        self._bulletins = bulletins
        self._nudge = nudge
        self._clock = clock
        self._house = house
        self._dialled: dict[str, _Dialled] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        desk.on_change(self._turned)

    async def call(self, agent: str, number: str, name: str = "", customer_id: str = "") -> dict[str, Any]:
        """Ring a number for an agent, in a campaign's name or in the house's.

        Raises `NotFreeError`, `BadInputError` for what is no number or no campaign with agents, and
        `ForbiddenTargetError` with the gate's words, or for a campaign that calls by other rules than the
        strictest: whom that calls is not an agent's to say.
        """
        seat = self._desk.seat(agent)
        if seat is None or seat.state is not AgentState.READY or agent in self._dialled:
            raise NotFreeError(f"{agent[:40]} must be ready to dial, and have no other call.")
        known = parse_phone(number, self._house.country)
        dialled = _Dialled(agent, mask_number(known), name or CAMPAIGN, new_id("manual-"))
        self._dialled[agent] = dialled
        try:
            await self._committed(dialled, known, customer_id)
        except BaseException:
            self._forget(dialled)
            raise
        self._spawn(self._see_placed(dialled))
        return self._told(dialled, _DIALLING)

    def call_ended(self, start: CallStart, end: CallEnd) -> None:
        """A call is over (`Register.on_end`)."""
        for dialled in list(self._dialled.values()):
            if dialled.attempt and dialled.attempt == start.attempt_id:
                self._spawn(self._see_over(dialled, end.outcome or "hangup"))

    async def close(self) -> None:
        """Stop; what rings goes on ringing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Inside.

    async def _committed(self, dialled: _Dialled, number: PhoneNumber, customer_id: str) -> None:
        now = self._clock.now()
        async with self._db.write() as session:
            if dialled.campaign == CAMPAIGN:
                await self._house_campaign(session)
            found = await campaign(session, dialled.campaign)
            if found.mode is Mode.AGENTLESS:
                raise BadInputError("its calls go to no agent", field="campaign")
            own = found.name == CAMPAIGN
            if not own and not is_open(found.purpose, found.profile, self._house.profile):
                open_ = " or ".join(OPEN)
                raise ForbiddenTargetError(
                    f"By hand you dial for {open_} in the house's own jurisdiction, or for no campaign."
                )
        async with self._db.read() as session:
            explained = await explain_call(
                session,
                self._gate,
                number,
                dialled.campaign,
                now,
                customer_id=customer_id,
                consents=self._consents,
            )
        if not explained.verdict.allowed:
            raise ForbiddenTargetError(f"This may not be called now: {explained.verdict.words}.")
        self._desk.spare(dialled.agent, dialled.campaign)
        contact = NewContact(
            campaign=dialled.campaign,
            event_id=dialled.event,
            customer_id=customer_id,
            number=number,
            priority=100,
            expires=now + RINGS,
        )
        async with self._db.write() as session:
            (dialled.contact,) = await enqueue(session, [contact], now)
            await promise(session, dialled.contact, now, now=now, agent=dialled.agent, number=number)
        self._nudge()
        log.info("manual.dialled", agent=dialled.agent, number=dialled.shown, campaign=dialled.campaign)

    async def _house_campaign(self, session: Any) -> None:
        try:
            await campaign(session, CAMPAIGN)
        except UnknownCampaignError:
            plan = CampaignPlan(
                name=CAMPAIGN,
                title="Dialled by agents",
                flow=self._house.flow,
                purpose=Purpose.SERVICE,
                profile=self._house.profile,
                caller_id=self._house.caller_id,
                mode=Mode.PREVIEW,
                priority=100,
                retry={"max_attempts": 1, "outcomes": {}},
            )
            await set_up(session, self._gate, plan)

    async def _see_placed(self, dialled: _Dialled) -> None:
        try:
            async with asyncio.timeout(PLACED_SECONDS):
                await dialled.placed.wait()
        except TimeoutError:
            why = None
            try:
                async with self._db.write() as session:
                    await withdraw(session, [dialled.event], "not_placed", self._clock.now())
                    newest = select(Refusal.words).where(Refusal.contact_id == dialled.contact)
                    why = await session.scalar(newest.order_by(Refusal.seq.desc()).limit(1))
            except StoreUnavailableError:
                why = "the database is away"  # the contact expires by itself
            finally:
                self._not_reached(dialled, why or "no line was free")

    async def _see_over(self, dialled: _Dialled, why: str) -> None:
        """An attempt is over; its trunk may have refused it, and the dialler takes the call to the next."""
        ended, until = dialled.attempt, self._clock.now() + RINGS
        dialled.moves = True
        with suppress(StoreUnavailableError):  # then it was taken nowhere
            while self._clock.now() < until and await self._is_called(dialled):
                await self._clock.sleep(LOOK_SECONDS)
                if dialled.attempt != ended:
                    return
        if dialled.attempt == ended:
            self._not_reached(dialled, why)

    async def _is_called(self, dialled: _Dialled) -> bool:
        async with self._db.read() as session:
            contact = await session.get(Contact, dialled.contact)
            return contact is not None and contact.state is ContactState.CALLING

    def _turned(self, seat: Seat, before: AgentState) -> None:
        """The dialler holds the agent for the call, and then they talk, or are free again."""
        dialled = self._dialled.get(seat.agent)
        if dialled is None:
            return
        new = seat.call != dialled.attempt and (dialled.moves or not dialled.attempt)
        if seat.state is AgentState.RESERVED and seat.campaign == dialled.campaign and new:
            dialled.attempt, dialled.moves = seat.call, False
            dialled.placed.set()
            self._told(dialled, _DIALLING)
        elif seat.state is AgentState.TALKING or (before is AgentState.RESERVED and not dialled.attempt):
            self._forget(dialled)

    def _not_reached(self, dialled: _Dialled, why: str) -> None:
        if self._dialled.get(dialled.agent) is dialled:
            self._forget(dialled)
            self._told(dialled, _OVER, {"not_reached": dialled.shown, "why": why})

    def _forget(self, dialled: _Dialled) -> None:
        if self._dialled.get(dialled.agent) is dialled:
            del self._dialled[dialled.agent]
        self._desk.spare(dialled.agent, "")

    def _told(self, dialled: _Dialled, state: str, note: dict[str, str] | None = None) -> dict[str, Any]:
        word = {
            "agent": dialled.agent,
            "call": dialled.attempt,
            "state": state,
            "parties": [
                {"who": dialled.agent, "role": "agent", "place": "parked"},
                {"who": dialled.shown, "role": "customer", "place": "ringing"},
            ]
            if state == _DIALLING
            else [],
            "recording": "off",
            "since": self._clock.now(),
            "note": note or {},
        }
        self._bulletins.put(dialled.agent, word)
        return word

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("manual.part_failed", exc_info=problem)
