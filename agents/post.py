"""One agent's telephone leg: rung, kept up, rung again when it is lost."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import structlog

from agents.cards import AgentCard
from agents.ports import Lines, new_leg

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 2.0
"""How long after a leg was lost, or nobody answered, it is rung again; each further time twice as long."""
LONGEST_SECONDS = 30.0


@dataclass(slots=True, eq=False)
class Post:
    """Where one agent is to be reached."""

    card: AgentCard
    leg: str = ""
    """The id of the leg that is up or being rung; '' when there is none."""
    channel: str = ""
    """The name of the leg that is up; '' while none is."""
    met: bool = False
    """Whether the leg has been in a talk since it was last parked."""
    out: bool = False
    """Whether the leg has left its park since."""
    lost: bool = False
    """Whether the last leg went with its network, rather than being put down."""
    came: bool = False
    """Whether its telephone has registered since the leg was rung last."""
    heard: int = 0
    """How many times a bridge was entered or left: what was asked of the switch before may be outdated."""
    inherited: bool = False
    """An earlier process left it, and it has not been looked at yet."""
    lease_until: float | None = None
    """Who is simulated is here only until then; None: until they sign out."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def up(self) -> bool:
        """Whether the leg is up."""
        return bool(self.channel)

    @property
    def rings(self) -> bool:
        """Whether the leg is being rung."""
        return bool(self.leg) and not self.up

    def is_up(self, leg: str, channel: str) -> None:
        """The leg is there."""
        self.leg, self.channel, self.lost = leg, channel, False
        self.wake.set()

    def is_gone(self, *, lost: bool = False) -> None:
        """The leg is not there any more; `lost` with its network."""
        self.leg = self.channel = ""
        self.lost = lost
        self.met = self.out = False
        self.wake.set()

    async def keep(self, lines: Lines) -> None:
        """Keep the leg up until cancelled."""
        wait = AGAIN_SECONDS
        while True:
            if self.up:
                await self._until_gone()
                wait = AGAIN_SECONDS
            elif not await self._ring(lines) and not self.came:
                await self._news(wait)
                wait = min(wait * 2, LONGEST_SECONDS)

    async def _until_gone(self) -> None:
        while self.up:
            self.wake.clear()
            await self.wake.wait()
        log.info("agent.leg_lost", agent=self.card.name, network=self.lost)
        if not self.lost:  # a telephone that was put down is left in peace for a moment
            await self._news(AGAIN_SECONDS)

    async def _ring(self, lines: Lines) -> bool:
        self.came = False
        leg = self.leg = new_leg(self.card.name)
        channel = await lines.call_leg(leg, self.card.endpoint)
        if self.leg == leg and not self.up:  # neither seen in a bridge nor lost in the meantime
            if channel is None:
                self.leg = ""
            else:
                self.is_up(leg, channel)
        return self.up

    async def _news(self, seconds: float) -> None:
        """Wait so long, or until there is news of the telephone."""
        self.wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()
