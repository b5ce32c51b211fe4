"""Where every agent's leg is: told by the line, bridge by bridge, asked of the switch after an outage."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator

import structlog

from agents.cards import AgentCard
from agents.desk import Desk
from agents.ports import Lines, LiveLeg, Where, agent_of
from agents.post import Post
from agents.seat import AgentState, Reservation

log = structlog.get_logger(__name__)


class Posts:
    """All legs of a desk's agents. The desk is told what they do; `settled` hears of a leg parked or gone."""

    def __init__(self, desk: Desk, lines: Lines, settled: Callable[[str], None]) -> None:
        self._desk = desk
        self._lines = lines
        self._settled = settled
        self._posts: dict[str, Post] = {}
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_step = False

    def __iter__(self) -> Iterator[Post]:
        return iter(list(self._posts.values()))

    def get(self, agent: str) -> Post | None:
        """One agent's post; None when they are not signed in."""
        return self._posts.get(agent)

    @property
    def in_step(self) -> bool:
        """Whether the switch is heard."""
        return self._in_step

    def open(self, card: AgentCard, *, inherited: bool = False) -> Post:
        """A post for an agent; it has no leg yet."""
        post = self._posts[card.name] = Post(card, inherited=inherited)
        return post

    def keep(self, post: Post) -> None:
        """Ring its leg and keep it up, as soon as the switch is heard."""
        name = post.card.name
        if self._in_step and name not in self._keepers:
            self._keepers[name] = self.spawn(post.keep(self._lines))

    def drop(self, agent: str) -> None:
        """Let an agent's leg go."""
        post = self._posts.pop(agent, None)
        if keeper := self._keepers.pop(agent, None):
            keeper.cancel()
        if post is not None and post.leg:
            self.spawn(self._lines.hang_up(post.leg))

    # What happens on the line.

    def entered(self, leg: str, channel: str, *, parked: bool) -> None:
        """A leg is in a bridge: its park, or a talk."""
        post = self._post_of(leg, channel)
        if post is None:
            return
        post.heard += 1
        if parked:
            self._is_parked(post)
        else:
            self._is_talking(post, "")

    def left(self, leg: str, *, parked: bool) -> None:
        """A leg has left its park, or a talk."""
        post = self._posts.get(agent_of(leg) or "")
        if post is None or post.leg != leg:
            return
        post.heard += 1
        post.out = True
        self._desk.unparked(post.card.name)
        seat = self._desk.seat(post.card.name)
        if not parked and seat is not None and not seat.kept:
            self._desk.talked(post.card.name)

    def hung_up(self, leg: str, *, lost: bool = False) -> None:
        """A leg is gone; `lost` with its network."""
        post = self._posts.get(agent_of(leg) or "")
        if post is not None and post.up and post.leg == leg:
            self._is_lost(post, lost=lost)

    def disconnected(self) -> None:
        """The switch cannot be heard: no leg is known to be parked any more."""
        self._in_step = False
        for post in self:
            self._desk.unparked(post.card.name)

    async def look(self) -> None:
        """Ask the switch where every leg is. Raises what the switch raises when it cannot be asked."""
        before = {name: post.heard for name, post in self._posts.items()}
        live = await self._lines.legs()
        self._in_step = True
        found: dict[str, LiveLeg] = {}
        for each in live.values():
            agent = agent_of(each.leg) or ""
            post = self._posts.get(agent)
            if post is None or agent in found or (post.up and post.leg != each.leg):
                self.spawn(self._lines.hang_up(each.leg))
            else:
                found[agent] = each
        for name, post in list(self._posts.items()):
            if post.heard == before.get(name):  # else what was asked is outdated by what was heard
                self._found(post, found.get(name))
            post.inherited = False

    def spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """See work through in the background; one that fails says so."""
        task = asyncio.get_running_loop().create_task(_told(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Stop following; legs that are up stay up."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Inside.

    def _post_of(self, leg: str, channel: str) -> Post | None:
        """Whose leg this is; one that answered late is taken all the same, a second one is sent away."""
        post = self._posts.get(agent_of(leg) or "")
        if post is None or (post.up and post.leg != leg):
            if agent_of(leg) and self._in_step:
                self.spawn(self._lines.hang_up(leg))
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
        seat = self._desk.seat(agent)
        if seat is None:
            return
        self._desk.parked(agent)
        if seat.kept:
            pass  # their talk goes on elsewhere
        elif seat.state is AgentState.TALKING and (post.met or post.inherited):
            self._desk.talked(agent)
        elif post.out or post.inherited:  # it went to a talk that was not there any more
            self._desk.release(Reservation(agent, seat.call, seat.token))
        post.met = post.out = False
        self._settled(agent)

    def _is_talking(self, post: Post, call: str) -> None:
        agent = post.card.name
        seat = self._desk.seat(agent)
        if seat is None:
            return
        post.met = post.out = True
        self._desk.unparked(agent)
        if not seat.kept and not self._desk.talking(Reservation(agent, seat.call, seat.token)):
            self._desk.found_talking(agent, call)

    def _is_lost(self, post: Post, *, lost: bool = False) -> None:
        post.is_gone(lost=lost)
        self._desk.lost(post.card.name, "lost")
        self._settled(post.card.name)


async def _told(work: Coroutine[object, object, None]) -> None:
    """For tasks nobody awaits: one that ends by an error says so."""
    try:
        await work
    except Exception as problem:  # noqa: BLE001  (the switch's own errors are its room's)
        log.warning("agent.line_failed", kind=type(problem).__name__, why=str(problem)[:300])
