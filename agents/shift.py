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

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Final

import structlog

from agents.cards import AgentCard
from agents.desk import Desk
from agents.ports import Lines, LiveLeg, Where, agent_of
from agents.post import Post
from agents.seat import BUSY, AgentState, Reservation, Seat
from values import BadInputError, Clock

log = structlog.get_logger(__name__)

WRAP_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 1.0
GRACE_SECONDS: Final = 10.0
"""How long after leases could not be renewed they hold at least."""
STRAYED_SECONDS: Final = 3.0
"""After so long in no bridge a leg is looked for."""
LONGEST_HOLD: Final = 180.0
"""Seconds after which a reservation that nobody used or gave back is taken for forgotten."""


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
        self._wrap_seconds = wrap_seconds
        self._leases_run = leases_run
        self._posts: dict[str, Post] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._wraps: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_step = False
        desk.on_change(self._turned)

    # What agents want.

    def sign_in(self, card: AgentCard, *, lease: float | None = None) -> None:
        """An agent is here; their telephone is rung and kept up.

        With a `lease` only for so many seconds, unless it is renewed by `keep`. Raises `BadInputError` when
        they do not work here, or have another telephone in the middle of a call.
        """
        if not card.active:
            raise BadInputError(f"{card.name} works here no more", field="agent")
        post = self._posts.get(card.name)
        known = self.desk.seat(card.name)
        if post is None or post.card.endpoint != card.endpoint:
            if known is not None and known.state in BUSY:
                raise BadInputError(f"{card.name} is busy on another telephone", field="agent")
            self.desk.lost(card.name, "moved")
            self._drop(card.name)
            post = self._posts[card.name] = Post(card)
        post.card = card
        post.lease_until = None if lease is None else self._clock.monotonic() + lease
        self.desk.sign_in(card.name, card.skills, parked=known is not None and known.parked)
        self._keep(post)

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
        seat, post = self.desk.seat(agent), self._posts.get(agent)
        if seat and post and seat.state is AgentState.WRAP_UP and post.up and not seat.parked:
            seat.leaving = seat.going_home = False
            post.due = True  # the leg is on its way back
        else:
            self.desk.ready(agent)

    def more_time(self, agent: str, seconds: float) -> bool:
        """So many seconds of wrap-up more. False when they are in none."""
        seat, post = self.desk.seat(agent), self._posts.get(agent)
        if seat is None or post is None or seat.state is not AgentState.WRAP_UP or post.due:
            return False
        post.wrap_until += seconds
        return True

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

    def post(self, agent: str) -> Post | None:
        """Where an agent is to be reached; None when they are not signed in."""
        return self._posts.get(agent)

    # What happens on the line.

    def heard_entered(self, leg: str, channel: str, *, parked: bool) -> None:
        """A leg is in a bridge: its park, or a talk."""
        post = self._post_of(leg, channel)
        if post is None:
            return
        post.heard += 1
        if parked:
            self._is_parked(post)
        else:
            self._is_talking(post, "")

    def heard_left(self, leg: str, *, parked: bool) -> None:
        """A leg has left its park, or a talk."""
        post = self._posts.get(agent_of(leg) or "")
        if post is None or post.leg != leg:
            return
        post.heard += 1
        post.out = True
        self.desk.unparked(post.card.name)
        if not parked:
            self.desk.talked(post.card.name)

    def heard_hangup(self, leg: str) -> None:
        """A leg is gone."""
        post = self._posts.get(agent_of(leg) or "")
        if post is not None and post.up and post.leg == leg:
            self._is_lost(post)

    def heard_phone(self, endpoint: str) -> None:
        """A telephone is there (again)."""
        for post in self._posts.values():
            if post.card.endpoint == endpoint:
                post.wake.set()

    def heard_disconnected(self) -> None:
        """The switch cannot be heard: no leg is known to be parked any more."""
        self._in_step = False
        for seat in self.desk:
            self.desk.unparked(seat.agent)

    async def resynced(self) -> None:
        """The switch is heard again: look where every leg is, take over those that are up, ring the others.

        Raises what the switch raises when it is lost again.
        """
        await self._look_at_legs()
        for post in list(self._posts.values()):
            self._keep(post)
            post.wake.set()

    async def _look_at_legs(self) -> None:
        before = {name: post.heard for name, post in self._posts.items()}
        live = await self._lines.legs()
        self._in_step = True
        by_agent: dict[str, LiveLeg] = {}
        for each in live.values():
            agent = agent_of(each.leg) or ""
            post = self._posts.get(agent)
            if post is None or agent in by_agent or (post.up and post.leg != each.leg):
                self._spawn(self._lines.hang_up(each.leg))
            else:
                by_agent[agent] = each
        for name, post in list(self._posts.items()):
            if post.heard == before.get(name):
                self._found(post, by_agent.get(name))
            post.inherited = False

    def inherit(self, seat: Seat, card: AgentCard, *, lease: float | None = None) -> None:
        """Take over an agent as an earlier process left them; `resynced` then finds their leg."""
        post = self._posts[card.name] = Post(card, inherited=True)
        post.lease_until = None if lease is None else self._clock.monotonic() + lease
        self.desk.restore(seat)
        if seat.state is AgentState.WRAP_UP:
            self._wrap(seat, post)

    async def watch(self) -> None:
        """See after leases and forgotten reservations, until cancelled."""
        while True:
            await self._clock.sleep(LOOK_SECONDS)
            self._look()

    async def close(self) -> None:
        """Stop following; legs that are up stay up for the next process."""
        tasks = [*self._keepers.values(), *self._wraps.values(), *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Inside.

    def _post_of(self, leg: str, channel: str) -> Post | None:
        """Whose leg this is; one that answered late is taken all the same, a second one is sent away."""
        post = self._posts.get(agent_of(leg) or "")
        if post is None or (post.up and post.leg != leg):
            if agent_of(leg) and self._in_step:
                self._spawn(self._lines.hang_up(leg))
            return None
        if not post.up:
            post.is_up(leg, channel)
        return post

    def _found(self, post: Post, leg: LiveLeg | None) -> None:
        """Bring one agent in step with what the switch says."""
        if leg is None:
            if post.up or post.inherited:
                self._is_lost(post)
        else:
            post.is_up(leg.leg, leg.channel)
            if leg.where is Where.PARKED:
                self._is_parked(post)
            elif leg.where is Where.TALKING:
                self._is_talking(post, leg.call)

    def _is_parked(self, post: Post) -> None:
        agent = post.card.name
        seat = self.desk.seat(agent)
        if seat is None:
            return
        self.desk.parked(agent)
        if seat.state is AgentState.TALKING and (post.met or post.inherited):
            self.desk.talked(agent)
        elif post.out or post.inherited:  # it went to a talk that was not there any more
            self.desk.release(Reservation(agent, seat.call, seat.token))
        post.met = post.out = False
        if post.due:
            self.desk.wrapped_up(agent)

    def _is_talking(self, post: Post, call: str) -> None:
        agent = post.card.name
        seat = self.desk.seat(agent)
        if seat is None:
            return
        post.met = post.out = True
        self.desk.unparked(agent)
        if not self.desk.talking(Reservation(agent, seat.call, seat.token)):
            self.desk.found_talking(agent, call)

    def _is_lost(self, post: Post) -> None:
        post.is_gone()
        self.desk.lost(post.card.name, "lost")
        if post.due:
            self.desk.wrapped_up(post.card.name)

    def _turned(self, seat: Seat, _before: AgentState) -> None:
        post = self._posts.get(seat.agent)
        if post is None:
            return
        if seat.state is AgentState.WRAP_UP:
            self._wrap(seat, post)
        else:
            post.due = False
            if timer := self._wraps.pop(seat.agent, None):
                timer.cancel()
        if self.desk.seat(seat.agent) is None:
            self._drop(seat.agent)

    def _wrap(self, seat: Seat, post: Post) -> None:
        wrap = self._wrap_seconds if seat.wrap is None else seat.wrap
        post.wrap_until = seat.since + wrap
        self._wraps[seat.agent] = asyncio.get_running_loop().create_task(self._wrap_up(post))

    async def _wrap_up(self, post: Post) -> None:
        while (left := post.wrap_until - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
        self._wraps.pop(post.card.name, None)
        seat = self.desk.seat(post.card.name)
        if seat is None or seat.parked or not post.up:
            self.desk.wrapped_up(post.card.name)
        else:
            post.due = True

    def _look(self) -> None:
        now = self._clock.monotonic()
        for name, post in list(self._posts.items()):
            if post.lease_until is None:
                continue
            if not self._leases_run():
                post.lease_until = max(post.lease_until, now + GRACE_SECONDS)
            elif post.lease_until < now:
                log.warning("agent.lease_over", agent=name)
                post.lease_until = None
                self.desk.sign_out(name)
                if self.desk.seat(name) and post.leg:  # nobody would end their talk
                    self._spawn(self._lines.hang_up(post.leg))
        if self._in_step and any(self._strayed(seat, now) for seat in self.desk):
            self._spawn(self._look_at_legs())
        for seat in self.desk:
            held = seat.state is AgentState.RESERVED and seat.parked
            if held and now - seat.since > LONGEST_HOLD:
                log.error("agent.forgotten", agent=seat.agent, call=seat.call)
                self.desk.release(Reservation(seat.agent, seat.call, seat.token))

    def _strayed(self, seat: Seat, now: float) -> bool:
        """Whether a leg is up that should be in its park, and nobody knows it to be."""
        post = self._posts.get(seat.agent)
        idle = seat.state in {AgentState.OFFLINE, AgentState.READY, AgentState.PAUSED}
        return bool(post and post.up and idle and not seat.parked and now - seat.since > STRAYED_SECONDS)

    def _keep(self, post: Post) -> None:
        name = post.card.name
        if self._in_step and name not in self._keepers:
            self._keepers[name] = self._spawn(post.keep(self._lines))

    def _drop(self, agent: str) -> None:
        post = self._posts.pop(agent, None)
        if keeper := self._keepers.pop(agent, None):
            keeper.cancel()
        if timer := self._wraps.pop(agent, None):
            timer.cancel()
        if post is not None and post.leg:
            self._spawn(self._lines.hang_up(post.leg))

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(_told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _told(work: Coroutine[object, object, None]) -> None:
    """For tasks nobody awaits: one that ends by an error says so."""
    try:
        await work
    except Exception as problem:  # noqa: BLE001  (the switch's own errors are its room's)
        log.warning("agent.line_failed", kind=type(problem).__name__, why=str(problem)[:300])
