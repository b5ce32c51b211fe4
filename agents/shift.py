"""The line side of a node's desk: agents' legs rung, followed from bridge to bridge, rung again when lost.

One process, the node's core, owns its agents. What happens on the line is told by plain functions
(`heard_…`), what agents want by `sign_in` and its neighbours. A call is joined like this:

    reservation = desk.reserve(call, skill=skill, campaign=campaign, wrap=wrap_seconds)
    leg = shift.leg(reservation.agent)        # None: it is not known to wait in its park
    try:
        bridged = await session.bridge(leg)   # until either hangs up
    finally:
        desk.release(reservation)             # does nothing, unless the leg never left its park

That they talk, and no more, is seen here: the leg is in the talk's bridge and leaves it, the wrap-up begins,
and ends by itself. Whoever joins may tell the desk first.
"""

from collections.abc import Callable, Iterable
from typing import Final

import structlog

from agents.cards import AgentCard
from agents.desk import Desk
from agents.homecoming import Homecoming
from agents.ports import Lines
from agents.post import Post
from agents.posts import Posts
from agents.seat import BUSY, AgentState, Reservation, Seat
from agents.wrapping import WRAP_SECONDS, WrapUps
from values import BadInputError, Clock

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 1.0
GRACE_SECONDS: Final = 10.0
"""How long after leases could not be renewed they hold at least."""
STRAYED_SECONDS: Final = 3.0
"""After so long in no bridge a leg is looked for."""
SETTLED_SECONDS: Final = 2.0
"""How long the switch may take to tell what became of a leg that has left a talk. Its word takes milliseconds
and ends the wait; a busy one is waited for, since a customer who was cut off must not be thanked."""
LONGEST_HOLD: Final = 180.0
"""Seconds after which a reservation that nobody used or gave back is taken for forgotten."""
LONGEST_ALONE: Final = 5.0
"""Seconds after which a talk is over for somebody whose leg is in its park or gone all that time, and whose
customer is not on hold."""


class Shift:
    """Everybody who is signed in at this node, and their legs."""

    def __init__(
        self,
        desk: Desk,
        lines: Lines,
        clock: Clock,
        *,
        wrap_seconds: float = WRAP_SECONDS,
        leases_run: Callable[[], bool] = lambda: True,
    ) -> None:
        """`desk` must count by `clock.monotonic`. `leases_run`: whether a lease can be renewed at present."""
        self.desk = desk
        self._lines = lines
        self._clock = clock
        self._leases_run = leases_run
        self._wraps = WrapUps(desk, clock, on_its_way=self._on_its_way, usual=wrap_seconds)
        self._homecoming = Homecoming()
        self._alone: dict[str, float] = {}
        self._unkept: dict[str, float] = {}
        self._keeps: Callable[[str], bool] = lambda _agent: True
        self._posts = Posts(desk, lines, self._settled)
        desk.on_change(self._turned)

    # What agents want.

    def sign_in(self, card: AgentCard, *, lease: float | None = None) -> None:
        """An agent is here; their telephone is rung and kept up.

        With a `lease` only for so many seconds, unless it is renewed by `keep`. Raises `BadInputError` when
        they do not work here, have another telephone in the middle of a call, or would share one: it would
        be joined with two customers.
        """
        if not card.active:
            raise BadInputError(f"{card.name} works here no more", field="agent")
        for other in self._posts:
            if other.card.endpoint == card.endpoint and other.card.name != card.name:
                raise BadInputError(f"{other.card.name} is signed in at {card.endpoint}", field="agent")
        post, known = self._posts.get(card.name), self.desk.seat(card.name)
        if post is None or post.card.endpoint != card.endpoint:
            if known is not None and known.state in BUSY:
                raise BadInputError(f"{card.name} is busy on another telephone", field="agent")
            self.desk.lost(card.name, "moved")
            self._posts.drop(card.name)
            post = self._posts.open(card)
        post.card = card
        post.lease_until = None if lease is None else self._clock.monotonic() + lease
        self.desk.sign_in(card.name, card.skills, parked=known is not None and known.parked)
        self._posts.keep(post)

    def keep(self, agents: Iterable[str], seconds: float) -> list[str]:
        """Renew leases: these are here for so many seconds more. Gives those who are not signed in."""
        until = self._clock.monotonic() + seconds
        gone = []
        for agent in agents:
            if post := self._posts.get(agent):
                post.lease_until = until
            else:
                gone.append(agent)
        return gone

    def sign_out(self, agent: str) -> None:
        """They go home, after the talk that is on."""
        self.desk.sign_out(agent)

    def pause(self, agent: str, reason: str = "") -> None:
        """They take no calls for a while, after the talk that is on."""
        self.desk.pause(agent, reason)

    def ready(self, agent: str) -> None:
        """They take calls (again); a wrap-up is over."""
        self._wraps.ready(agent)

    def wrapped_up(self, agent: str) -> None:
        """Their wrap-up is over; a pause or a sign-out that they asked for before holds now."""
        self._wraps.end(agent)

    def more_time(self, agent: str, seconds: float) -> bool:
        """So many seconds of wrap-up more. False when they are in none."""
        return self._wraps.more(agent, seconds)

    async def hang_up(self, agent: str) -> bool:
        """End the call they talk to. False when they talk to nobody."""
        seat = self.desk.seat(agent)
        if seat is None or seat.state is not AgentState.TALKING or not seat.call:
            return False
        await self._lines.hang_up(seat.call)
        return True

    # What joining asks.

    def leg(self, agent: str) -> str | None:
        """The channel to bridge for one who is reserved; None unless it is known to wait in its park."""
        seat, post = self.desk.seat(agent), self._posts.get(agent)
        if seat is None or post is None or not seat.parked:
            return None
        held = seat.state in {AgentState.RESERVED, AgentState.TALKING}
        return post.channel or None if held else None

    def channel(self, agent: str) -> str | None:
        """The channel of an agent's leg, wherever it is; None while it is not up."""
        post = self._posts.get(agent)
        return (post.channel or None) if post else None

    def post(self, agent: str) -> Post | None:
        """Where an agent is to be reached; None when they are not signed in."""
        return self._posts.get(agent)

    def legs_of(self, endpoint: str) -> list[tuple[str, str]]:
        """The legs that are up at a telephone, each with its channel's name."""
        return [
            (post.leg, post.channel) for post in self._posts if post.up and post.card.endpoint == endpoint
        ]

    def rung_at(self, endpoint: str) -> list[str]:
        """The legs that are being rung at a telephone."""
        return [post.leg for post in self._posts if post.rings and post.card.endpoint == endpoint]

    async def lost(self, agent: str) -> bool:
        """Whether the leg that has just left a talk is gone with its network, and was not put down.

        Waits for word of it, for two seconds at most; not while the switch is away and no word can come.
        """
        post, seat = self._posts.get(agent), self.desk.seat(agent)
        told = self._posts.in_step and post is not None and post.up
        if told and seat is not None and not seat.parked:
            await self._homecoming.next(agent, SETTLED_SECONDS)
        return post is not None and post.lost

    async def rejoin(self, reservation: Reservation, seconds: float) -> bool:
        """Wait for so long for a lost leg; True when it waits in its park again and the talk may go on.

        False also when the agent has been given to somebody else by then, or is gone home.
        """
        until = self._clock.monotonic() + seconds
        while True:
            seat = self.desk.seat(reservation.agent)
            if seat is None or seat.token != reservation.token:
                return False
            if seat.parked:
                return self.desk.talks_on(reservation.agent, reservation.call)
            left = until - self._clock.monotonic()
            if left <= 0:
                return False
            await self._homecoming.next(reservation.agent, left)

    def kept_by(self, keeps: Callable[[str], bool]) -> None:
        """Ask this whether somebody still sees to the end of what an agent is kept for (`Seat.kept`)."""
        self._keeps = keeps

    # What happens on the line.

    def heard_entered(self, leg: str, channel: str, *, parked: bool) -> None:
        """A leg is in a bridge: its park, or a talk."""
        self._posts.entered(leg, channel, parked=parked)

    def heard_left(self, leg: str, *, parked: bool) -> None:
        """A leg has left its park, or a talk."""
        self._posts.left(leg, parked=parked)

    def heard_hangup(self, leg: str, *, lost: bool = False) -> None:
        """A leg is gone; `lost` with its network: it is rung again as soon as its telephone is back."""
        self._posts.hung_up(leg, lost=lost)

    def heard_phone(self, endpoint: str, *, came: bool = False) -> None:
        """A telephone is there (again); one that `came` has just registered, and is rung without waiting."""
        for post in self._posts:
            if post.card.endpoint == endpoint:
                post.came = post.came or came
                post.wake.set()

    def heard_disconnected(self) -> None:
        """The switch cannot be heard: nobody is handed out until `resynced`."""
        self._posts.disconnected()

    async def resynced(self) -> None:
        """The switch is heard again: look where every leg is, take over those that are up, ring the others.

        Raises what the switch raises when it is lost again.
        """
        await self._posts.look()
        for post in self._posts:
            self._posts.keep(post)
            post.wake.set()

    def inherit(self, seat: Seat, card: AgentCard, *, lease: float | None = None) -> None:
        """Take over an agent as an earlier process left them; `resynced` then finds their leg."""
        post = self._posts.open(card, inherited=True)
        post.lease_until = None if lease is None else self._clock.monotonic() + lease
        self.desk.restore(seat)
        if seat.state is AgentState.WRAP_UP:
            self._wraps.begin(seat)

    async def watch(self) -> None:
        """See after leases, strayed legs and forgotten reservations, until cancelled."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            now = self._clock.monotonic()
            for post in self._posts:
                self._see_to_lease(post, now)
            for seat in self.desk:
                held = seat.state is AgentState.RESERVED and seat.parked
                if held and now - seat.since > LONGEST_HOLD:
                    log.error("agent.forgotten", agent=seat.agent, call=seat.call)
                    self.desk.release(Reservation(seat.agent, seat.call, seat.token))
                if self._is_kept_for_nothing(seat, now):
                    log.error("agent.kept_for_nothing", agent=seat.agent, call=seat.call, state=seat.state)
                    self.desk.keep(seat.agent, kept=False)
                if self._is_alone(seat, now):
                    log.error("agent.talks_to_nobody", agent=seat.agent, call=seat.call)
                    self.desk.talked(seat.agent)
            if self._posts.in_step and any(self._strayed(seat, now) for seat in self.desk):
                self._posts.spawn(self._posts.look())

    async def close(self) -> None:
        """Stop following; legs that are up stay up for the next process."""
        await self._wraps.close()
        await self._posts.close()

    # Inside.

    def _settled(self, agent: str) -> None:
        self._wraps.leg_settled(agent)
        self._homecoming.settled(agent)

    def _turned(self, seat: Seat, _before: AgentState) -> None:
        if self.desk.seat(seat.agent) is None:
            self._posts.drop(seat.agent)

    def _on_its_way(self, agent: str) -> bool:
        seat, post = self.desk.seat(agent), self._posts.get(agent)
        return bool(seat and post and post.up and not seat.parked)

    def _see_to_lease(self, post: Post, now: float) -> None:
        if post.lease_until is None:
            return
        if not self._leases_run():
            post.lease_until = max(post.lease_until, now + GRACE_SECONDS)
        elif post.lease_until < now:
            log.warning("agent.lease_over", agent=post.card.name)
            post.lease_until = None
            self.desk.sign_out(post.card.name)
            if self.desk.seat(post.card.name) and post.leg:  # nobody would end their talk
                self._posts.spawn(self._lines.hang_up(post.leg))

    def _is_alone(self, seat: Seat, now: float) -> bool:
        """Whether somebody counts as talking whose leg has been in its park, or gone, for too long."""
        kept = seat.kept and self._keeps(seat.agent)
        there = not self._posts.in_step or self._on_its_way(seat.agent)
        alone = seat.state is AgentState.TALKING and not kept and not there
        return _lasts(self._alone, seat.agent, now, alone) > LONGEST_ALONE

    def _is_kept_for_nothing(self, seat: Seat, now: float) -> bool:
        """Whether nobody sees any more to what an agent is kept for."""
        forgotten = seat.kept and not self._keeps(seat.agent)
        return _lasts(self._unkept, seat.agent, now, forgotten) > LONGEST_ALONE

    def _strayed(self, seat: Seat, now: float) -> bool:
        """Whether a leg is up that should be in its park, and nobody knows it to be."""
        idle = seat.state in {AgentState.OFFLINE, AgentState.READY, AgentState.PAUSED}
        over = seat.state is AgentState.WRAP_UP and self._wraps.is_due(seat.agent)
        since = seat.wrap_until if over else seat.since
        away = (idle or over) and not seat.kept and self._on_its_way(seat.agent)
        return away and now - since > STRAYED_SECONDS


def _lasts(since: dict[str, float], agent: str, now: float, holds: bool) -> float:
    """For how many seconds something has held of an agent."""
    if holds:
        return now - since.setdefault(agent, now)
    since.pop(agent, None)
    return 0.0
