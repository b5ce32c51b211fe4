"""Simulated agents: they talk for a modelled time, hang the customer up, wrap up, and say what it came to.

Their telephones are the town's (`sim-agent-…`), their talks real calls; what they do they ask of the voice
core as any agent's screen would. They are there as long as this program is: without a word from it for some
seconds the core signs them out.
"""

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import structlog

from agents import AgentState
from agents.presence import CHANNEL, Present, read_presence
from store import Asker, CoreAwayError, LiveStore, RefusedError
from values import BadInputError, Clock

log = structlog.get_logger(__name__)

LEASE_SECONDS: Final = 10.0
RENEW_SECONDS: Final = 2.5
PATIENCE_SECONDS: Final = 120.0
"""How long the last talks may take when their time is over."""


@dataclass(frozen=True, slots=True)
class Model:
    """How long they take."""

    talk: float
    """Mean seconds of a talk."""
    wrap: float
    """Mean seconds of a wrap-up."""
    talk_cv: float = 0.5
    """Standard deviation over mean; 0: always the mean. Both are log-normal."""
    wrap_cv: float = 0.3
    dispositions: Sequence[tuple[str, float]] = (("done", 1.0),)
    """What they say of a talk, with weights."""

    def __post_init__(self) -> None:
        """Raises `BadInputError` naming what is impossible."""
        for name in ("talk", "wrap", "talk_cv", "wrap_cv"):
            if not 0 <= getattr(self, name) <= 3600:  # noqa: PLR2004  (an hour)
                raise BadInputError("write a number from 0 to 3600", field=name)
        if not self.dispositions or any(weight <= 0 for _, weight in self.dispositions):
            raise BadInputError("write names with weights above 0, as in done=8", field="dispositions")

    def talks(self, chance: Random) -> float:
        """Seconds of one talk."""
        return _log_normal(self.talk, self.talk_cv, chance)

    def wraps(self, chance: Random) -> float:
        """Seconds of one wrap-up."""
        return _log_normal(self.wrap, self.wrap_cv, chance)

    def says(self, chance: Random) -> str:
        """What a talk came to."""
        names, weights = zip(*self.dispositions, strict=True)
        return str(chance.choices(names, weights)[0])


def _log_normal(mean: float, cv: float, chance: Random) -> float:
    if mean == 0 or cv == 0:
        return mean
    spread = math.log1p(cv * cv)
    return chance.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))


@dataclass(slots=True)
class Tally:
    """What they did so far."""

    talks: int = 0
    talk_seconds: float = 0.0
    wrap_seconds: float = 0.0
    hung_up_on: int = 0
    """Talks that the customer ended."""
    not_told: int = 0
    """Dispositions that the core would not have."""


class Staff:
    """All simulated agents of one program."""

    def __init__(
        self, names: Sequence[str], model: Model, asker: Asker, live: LiveStore, clock: Clock, chance: Random
    ) -> None:
        self.tally = Tally()
        self._names = list(names)
        self._model = model
        self._asker = asker
        self._live = live
        self._clock = clock
        self._chance = chance
        self._seen: dict[str, tuple[AgentState, str]] = {}
        self._began: dict[str, datetime] = {}
        self._ended: set[str] = set()
        """Calls that they hung up themselves."""
        self._acts: dict[str, asyncio.Task[None]] = {}
        self._over = asyncio.Event()
        self._home = asyncio.Event()

    def finish(self) -> None:
        """They go home, each after the talk that is on."""
        self._over.set()

    async def run(self) -> None:
        """Work until `finish`; cancelled, they leave at once. Raises what the core refuses at first."""
        await self._sign_in(self._names)
        tasks = [asyncio.create_task(self._keep()), asyncio.create_task(self._listen())]
        try:
            await self._over.wait()
            await self._go_home()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._home.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            acts = list(self._acts.values())
            for act in acts:
                act.cancel()
            await asyncio.gather(*acts, return_exceptions=True)
            await self._go_home()

    def figures(self) -> dict[str, Any]:
        """The tally as JSON shows it."""
        return {"agents": len(self._names), **asdict(self.tally)}

    async def _sign_in(self, names: Sequence[str]) -> None:
        await self._asker.ask("agents.sign_in", {"agents": list(names), "lease": LEASE_SECONDS})

    async def _go_home(self) -> None:
        for name in self._names:
            try:
                await self._asker.ask("agents.sign_out", {"agent": name})
            except (CoreAwayError, RefusedError):
                return  # the lease ends by itself
            except BadInputError:
                continue  # gone already

    async def _keep(self) -> None:
        """Say that we are there, and come back when the core has forgotten us."""
        while True:
            await self._clock.sleep(RENEW_SECONDS)
            try:
                answer = await self._asker.ask(
                    "agents.keep", {"agents": self._names, "seconds": LEASE_SECONDS}
                )
                if self._over.is_set():
                    if set(answer["gone"]) >= set(self._names):
                        self._home.set()
                elif gone := answer["gone"]:
                    await self._sign_in(gone)
            except (CoreAwayError, RefusedError, BadInputError) as problem:
                log.warning("staff.core_away", why=str(problem))

    async def _listen(self) -> None:
        mine = set(self._names)
        async with aclosing(self._live.subscribe([CHANNEL])) as ear:
            async for _, told in ear:
                if isinstance(told, Mapping):
                    told_of = {str(each.get("agent")): each for each in told.get("agents", ())}
                    for agent, now in read_presence(told_of).items():
                        if agent in mine:
                            self._see(now)

    def _see(self, now: Present) -> None:
        """Act on a new state; the same told again changes nothing."""
        before = self._seen.get(now.agent)
        if before == (now.state, now.call):
            return
        self._seen[now.agent] = (now.state, now.call)
        if act := self._acts.pop(now.agent, None):
            act.cancel()
        if now.state is AgentState.TALKING:
            self._began[now.agent] = now.since
            self._act(now, self._model.talks(self._chance), self._hang_up)
        elif now.state is AgentState.WRAP_UP:
            self._talked(now)
            self._act(now, self._model.wraps(self._chance), self._dispose)

    def _talked(self, now: Present) -> None:
        began = self._began.pop(now.agent, now.since)  # one over in a blink was never told of
        self.tally.talks += 1
        self.tally.talk_seconds += (now.since - began).total_seconds()
        self.tally.hung_up_on += now.call not in self._ended
        self._ended.discard(now.call)

    def _act(self, now: Present, after: float, does: Callable[[Present], Awaitable[None]]) -> None:
        due = now.since + timedelta(seconds=after)
        self._acts[now.agent] = asyncio.get_running_loop().create_task(self._later(now, due, does))

    async def _later(self, now: Present, due: datetime, does: Callable[[Present], Awaitable[None]]) -> None:
        left = (due - self._clock.now()).total_seconds()
        try:
            if now.state is AgentState.WRAP_UP and left > 0:
                await self._ask("agents.more_time", agent=now.agent, seconds=left)
            await self._clock.sleep(max(0.0, (due - self._clock.now()).total_seconds()))
            await does(now)
        except (CoreAwayError, RefusedError) as problem:
            log.warning("staff.core_away", agent=now.agent, why=str(problem))
            self._seen.pop(now.agent, None)  # it is told again, and tried again

    async def _hang_up(self, now: Present) -> None:
        self._ended.add(now.call)
        if not await self._ask("agents.hang_up", agent=now.agent):
            self._ended.discard(now.call)

    async def _dispose(self, now: Present) -> None:
        self.tally.wrap_seconds += (self._clock.now() - now.since).total_seconds()
        if now.call and now.campaign:  # of who rang us the core is told nothing, as by an agent's page
            said = self._model.says(self._chance)
            told = await self._ask("agents.dispose", agent=now.agent, attempt=now.call, disposition=said)
            self.tally.not_told += not told
        await self._ask("agents.wrapped_up", agent=now.agent)

    async def _ask(self, command: str, **fields: Any) -> bool:
        """Whether the core did it; what has become impossible in between is passed over."""
        try:
            await self._asker.ask(command, fields)
        except BadInputError as problem:
            log.debug("staff.not_done", command=command, why=str(problem))
            return False
        return True
