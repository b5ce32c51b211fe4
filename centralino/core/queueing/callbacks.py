"""Places that are kept for customers who are called back: when their turn comes an agent is held and we call.

The call goes through the dialler like any other: a contact of the campaign `queue_call_backs`, promised to
the agent who is kept free for it, through the gate, its attempt committed before it is placed. So nobody is
called twice for one try, whatever crashes.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select

from agents import AgentState, Desk, Seat
from agents.queues import Queue, Visit, is_open, rules
from agents.queues.models import PlaceState, QueueCallBack, QueueVisit
from agents.queues.service import change_place, keep_place, places, visit_of
from calls import CallEnd, CallStart
from centralino.core.joining.waiting import Waiter
from centralino.core.queueing.hall import Hall
from dialer import CampaignPlan, Mode, NewContact, Purpose, enqueue, promise, withdraw
from dialer.gate import destination_problem
from dialer.models import Attempt, AttemptState, Contact, ContactState
from store import Database, StoreUnavailableError
from values import BadInputError, Clock, PhoneNumber

log = structlog.get_logger(__name__)

CAMPAIGN: Final = "queue_call_backs"
PLACED_SECONDS: Final = 10.0
"""How long the dialler may take to place a call whose turn has come; then the agent goes to somebody else."""
LOOK_SECONDS: Final = 5.0
NOT_PLACED: Final = timedelta(minutes=5)
"""When a call is tried again that the gate did not let through."""
KEPT: Final = timedelta(days=2)
"""After so long nobody expects a call any more."""
ENDED: Final = frozenset({"talked"})


def call_back_campaign(*, profile: str, caller_id: str, flow: str) -> CampaignPlan:
    """The campaign of these calls. It calls nobody by itself: each call is asked for when its turn comes."""
    return CampaignPlan(
        name=CAMPAIGN,
        title="Call-backs of queues",
        flow=flow,
        purpose=Purpose.SERVICE,
        profile=profile,
        caller_id=caller_id,
        mode=Mode.PREVIEW,
        priority=100,
        lines=50,
        retry={"max_attempts": 1, "outcomes": {}},
    )


@dataclass(slots=True, eq=False)
class _Place:
    """One of them, while we look after it."""

    row: QueueCallBack
    queue: Queue
    waiter: Waiter | None = None
    task: "asyncio.Task[None] | None" = None
    attempt: str = ""
    placed: asyncio.Event = field(default_factory=asyncio.Event)
    talked: bool = False


class CallBacks:
    """Keeps them (`queueing.Keeping`). One a node."""

    def __init__(
        self, db: Database, hall: Hall, desk: Desk, nudge: Callable[[], None], clock: Clock, *, country: str
    ) -> None:
        """`nudge` has the dialler look at once."""
        self._db = db
        self._hall = hall
        self._desk = desk
        self._nudge = nudge
        self._clock = clock
        self._country = country
        self._places: dict[str, _Place] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        desk.on_change(self._turned)

    def __len__(self) -> int:
        return len(self._places)

    def waiting(self, queue: str) -> int:
        """How many of a queue keep their place."""
        return sum(each.row.queue == queue for each in self._places.values())

    def may(self, number: PhoneNumber) -> bool:
        """Whether this number may be called back at all."""
        return number.startswith("+") and not destination_problem(number, {self._country})

    async def keep(self, queue: Queue, visit: Visit, number: PhoneNumber, *, now: datetime) -> None:
        """From now on they have a place without being on the line. Raises `StoreUnavailableError`."""
        columns: dict[str, Any] = {
            "visit_id": visit.visit_id,
            "call_id": visit.call_id,
            "queue": queue.name,
            "node": self._hall.node,
            "number": number,
            "customer_id": visit.customer_id,
            "language": visit.language,
            "reason": visit.reason,
            "tier": visit.tier,
            "points": visit.points,
            "since": visit.since,
            "asked": now,
            "not_before": None,
            "state": PlaceState.WAITING,
            "tries": 0,
            "contact_id": "",
            "agent": "",
            "outcome": "",
            "settled": None,
        }
        async with self._db.write() as session:
            await keep_place(session, columns)
        self._take_up(QueueCallBack(**columns))
        log.info("queue.place_kept", queue=queue.name, visit=visit.visit_id)

    async def run(self) -> None:
        """Take up what an earlier process left, then look after all of them until cancelled."""
        inherited = False
        while True:
            try:
                if not inherited:
                    await self._inherit()
                    inherited = True
                await self._look()
            except StoreUnavailableError:
                log.warning("queue.places_wait")
            except Exception:
                log.exception("queue.places_failed")
            await self._clock.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Let go; the places stay in the database."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def call_ended(self, start: CallStart, end: CallEnd) -> None:
        """A call is over (`Register.on_end`)."""
        for place in self._places.values():
            if place.attempt and place.attempt == start.attempt_id:
                if place.talked:
                    self._spawn(self._done_with(place, end.outcome or "talked"))
                else:  # perhaps the dialler takes it to the next trunk: its books say so (`_find_out`)
                    place.attempt = ""
                return

    # Their turn.

    async def _inherit(self) -> None:
        async with self._db.read() as session:
            left = await places(session, self._hall.node, [PlaceState.WAITING, PlaceState.CALLING])
        for row in left:
            if row.visit_id not in self._places:
                self._take_up(row)
        if left:
            log.info("queue.places_inherited", places=len(left))

    def _take_up(self, row: QueueCallBack) -> None:
        queue = self._hall.queues.get(row.queue)
        if queue is not None:
            self._places[row.visit_id] = _Place(row, queue)
            self._wait(self._places[row.visit_id])

    async def _look(self) -> None:
        now = self._clock.now()
        for place in list(self._places.values()):
            if place.row.state is PlaceState.CALLING and not place.attempt and place.task is None:
                await self._find_out(place)
            elif now - place.row.asked > KEPT and place.task is None:
                await self._settled(place, PlaceState.LOST, "expired")
            else:
                self._wait(place)

    def _wait(self, place: _Place) -> None:
        """Stand in the line, if it is open and their time has come."""
        row, queue = place.row, self._hall.queues.get(place.row.queue, place.queue)
        now = self._clock.now()
        early = row.not_before is not None and row.not_before > now
        if place.task is not None or row.state is not PlaceState.WAITING or early or not is_open(queue, now):
            return
        place.queue = queue
        since = self._desk.seconds() - max(0.0, (now - row.since).total_seconds())
        place.waiter = Waiter(
            row.visit_id,
            since,
            wrap=queue.wrap_seconds,
            inbound=True,
            need=rules.need_for(queue, row.language),
            queue=queue.name,
            head=rules.head_start(queue, row.points),
            absent=True,
        )
        self._hall.waiting.enter(place.waiter)
        place.task = self._spawn(self._until_called(place, place.waiter))

    async def _until_called(self, place: _Place, waiter: Waiter) -> None:
        try:
            reservation = await waiter.served
            # nobody else gets them between this line and the dialler's holding them for its call
            self._desk.spare(reservation.agent, CAMPAIGN)
            self._desk.release(reservation)
            await self._call(place, reservation.agent)
        except BaseException:
            self._hall.waiting.leave(waiter)
            raise
        finally:
            place.task = None

    async def _call(self, place: _Place, agent: str) -> None:
        row, now = place.row, self._clock.now()
        row.agent = agent
        try:
            async with self._db.write() as session:
                (contact,) = await enqueue(session, [_contact(row, now)], now)
                await promise(session, contact, now, now=now, agent=agent, number=PhoneNumber(row.number))
                await change_place(
                    session, row.visit_id, state=PlaceState.CALLING, contact_id=contact, agent=agent
                )
        except (StoreUnavailableError, BadInputError) as problem:
            log.warning("queue.not_called_back", visit=row.visit_id, why=str(problem)[:200])
            self._give_back(agent)
            return
        row.state, row.contact_id = PlaceState.CALLING, contact
        self._nudge()
        try:
            async with asyncio.timeout(PLACED_SECONDS):
                await place.placed.wait()
        except TimeoutError:
            await self._not_placed(place, agent)

    async def _not_placed(self, place: _Place, agent: str) -> None:
        """The gate, or a trunk, did not let it through."""
        self._give_back(agent)
        now = self._clock.now()
        log.info("queue.call_back_put_off", visit=place.row.visit_id)
        async with self._db.write() as session:
            await withdraw(session, [_event_of(place.row)], "queue_put_off", now)
            contact = await session.get(Contact, place.row.contact_id)
            called = contact is not None and contact.state is ContactState.CALLING
        if not called:  # else it was placed all the same, and `_find_out` sees to it
            await self._again(place, "not_placed", now + NOT_PLACED)

    def _give_back(self, agent: str) -> None:
        self._desk.spare(agent, "")
        self._hall.waiting.look()

    def _turned(self, seat: Seat, before: AgentState) -> None:
        """The dialler holds the agent for its call, and then they talk."""
        if seat.campaign != CAMPAIGN:
            return
        for place in self._places.values():
            if seat.state is AgentState.RESERVED and not place.attempt and self._expects(place, seat.agent):
                place.attempt = seat.call
                if not place.placed.is_set():  # else a trunk refused it, and this is the same try
                    place.placed.set()
                    place.row.tries += 1
                    self._spawn(self._tried(place))
            elif place.attempt == seat.call and AgentState.TALKING is seat.state is not before:
                place.talked = True
                self._spawn(self._talks(place, seat.call, seat.agent))

    @staticmethod
    def _expects(place: _Place, agent: str) -> bool:
        return place.row.state is PlaceState.CALLING and place.row.agent == agent

    async def _tried(self, place: _Place) -> None:
        async with self._db.write() as session:
            await change_place(session, place.row.visit_id, tries=place.row.tries)

    async def _talks(self, place: _Place, call_id: str, agent: str) -> None:
        """Their talk is written down with the visit in which they chose this."""
        async with self._db.read() as session:
            found = await session.get(QueueVisit, place.row.visit_id)
        if found is not None:
            self._hall.keeper.follow(visit_of(found), call_id, agent)

    # What came of it.

    async def _done_with(self, place: _Place, outcome: str) -> None:
        try:
            await self._settled(place, PlaceState.DONE, outcome)
        except StoreUnavailableError:
            place.attempt = ""  # `_find_out` settles it
            log.warning("queue.place_waits", visit=place.row.visit_id)

    async def _over(self, place: _Place, outcome: str) -> None:
        if place.row.tries >= place.queue.call_back_tries:
            await self._settled(place, PlaceState.LOST, outcome)
        else:
            again = self._clock.now() + timedelta(seconds=place.queue.call_back_again)
            await self._again(place, outcome, again)

    async def _again(self, place: _Place, outcome: str, at: datetime) -> None:
        place.attempt = ""
        place.placed.clear()
        place.row.state, place.row.not_before = PlaceState.WAITING, at
        async with self._db.write() as session:
            await change_place(
                session, place.row.visit_id, state=PlaceState.WAITING, not_before=at, outcome=outcome
            )

    async def _settled(self, place: _Place, state: PlaceState, outcome: str) -> None:
        now = self._clock.now()
        async with self._db.write() as session:
            await change_place(session, place.row.visit_id, state=state, outcome=outcome, settled=now)
        self._places.pop(place.row.visit_id, None)
        log.info("queue.call_back_over", visit=place.row.visit_id, state=state.value, outcome=outcome)

    async def _find_out(self, place: _Place) -> None:
        """We were calling them, or an earlier process: the dialler's own books say what came of it."""
        async with self._db.read() as session:
            contact = await session.get(Contact, place.row.contact_id)
            last = await session.scalar(
                select(Attempt)
                .where(Attempt.contact_id == place.row.contact_id)
                .order_by(Attempt.committed.desc())
                .limit(1)
            )
        if last is not None and last.agent and last.state is AttemptState.DONE:
            await self._settled(place, PlaceState.DONE, last.outcome)
            return
        if contact is not None and contact.state is ContactState.CALLING:
            return  # it is still on
        if not place.placed.is_set():  # by an earlier process
            place.row.tries += last is not None
        if contact is not None and contact.state is ContactState.READY:
            async with self._db.write() as session:
                await withdraw(session, [_event_of(place.row)], "queue_put_off", self._clock.now())
        await self._over(place, last.outcome if last is not None else "not_placed")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            log.error("queue.place_failed", exc_info=problem)


def _event_of(row: QueueCallBack) -> str:
    return f"queue-{row.visit_id}"


def _contact(row: QueueCallBack, now: datetime) -> NewContact:
    return NewContact(
        campaign=CAMPAIGN,
        event_id=_event_of(row),
        customer_id=row.customer_id,
        number=PhoneNumber(row.number),
        fields={
            "language": row.language,
            "queue": row.queue,
            "reason": row.reason,
            "waited": round((now - row.since).total_seconds()),
        },
        priority=100,
    )
