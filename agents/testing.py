"""A switch that a test holds in its hand, behind `agents.Lines`."""

import asyncio
from collections.abc import Mapping

from agents.ports import LiveLeg, Where


class ScriptedLines:
    """Agents pick up at once, unless they are in `silent`. Nothing else happens by itself."""

    def __init__(self) -> None:
        self.silent: set[str] = set()
        """Endpoints that do not answer."""
        self.patient: set[str] = set()
        """Endpoints that ring until their leg is hung up."""
        self._ended: dict[str, asyncio.Event] = {}
        self.rung: list[str] = []
        """Every leg that was rung."""
        self.hung_up: list[str] = []
        self.up: dict[str, LiveLeg] = {}
        """What `legs` answers."""

    async def call_leg(self, leg: str, endpoint: str) -> str | None:
        """Ring; the channel's name, None for a silent one."""
        self.rung.append(leg)
        if endpoint in self.patient:
            await self._ended.setdefault(leg, asyncio.Event()).wait()
            return None
        if endpoint in self.silent:
            return None
        self.up[leg] = LiveLeg(leg, f"PJSIP/{endpoint}-{len(self.rung):08x}", Where.BETWEEN)
        return self.up[leg].channel

    async def hang_up(self, channel: str) -> None:
        """End a leg or a call."""
        self.hung_up.append(channel)
        self._ended.setdefault(channel, asyncio.Event()).set()
        self.up.pop(channel, None)

    async def legs(self) -> Mapping[str, LiveLeg]:
        """The legs that are up."""
        return dict(self.up)
