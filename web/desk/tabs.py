"""Which of an agent's tabs steers: the newest one, until another takes over. The others only look on."""

from collections.abc import Callable
from typing import Any, Final

from store import LiveStore
from values import CentralinoError

CHANNEL: Final = "centralino:desk:tabs"
"""Where a change is told to every web process: `{"agent", "tab"}`."""
HEADER: Final = "X-Desk-Tab"
"""A page sends its tab with whatever changes something."""
LONGEST: Final = 40
_KEY: Final = "centralino:desk:tab:"
_KEPT_SECONDS: Final = 12 * 3600.0


class StaleTabError(CentralinoError):
    """You have opened your desk in another window, and that one is at work now. Take over here to go on."""

    error_id = "stale-tab"


class Tabs:
    """Remembers the tab that steers, for all processes in Redis and for this one in memory."""

    def __init__(self, live: LiveStore) -> None:
        self._live = live
        self._steers: dict[str, str] = {}
        self._listeners: list[Callable[[str, str], None]] = []

    def on_change(self, listener: Callable[[str, str], None]) -> None:
        """Call this with agent and tab whenever another tab steers; it must not block."""
        self._listeners.append(listener)

    async def take(self, agent: str, tab: str) -> None:
        """This tab steers from now on."""
        self.heard({"agent": agent, "tab": tab})
        await self._live.put(_KEY + agent, tab, seconds=_KEPT_SECONDS)
        await self._live.publish(CHANNEL, {"agent": agent, "tab": tab})

    async def arrive(self, agent: str, tab: str, *, fresh: bool) -> bool:
        """A page is there: one that was just opened steers, one that only comes back if no other does.

        Whether it steers.
        """
        if fresh or await self.steering(agent) in {"", tab}:
            await self.take(agent, tab)
            return True
        return False

    async def steering(self, agent: str) -> str:
        """The tab that steers; '' when none does."""
        known = await self._live.get(_KEY + agent)
        return str(known) if known else self._steers.get(agent, "")

    async def check(self, agent: str, tab: str) -> None:
        """Let a command through. Raises `StaleTabError` when another tab steers."""
        if await self.steering(agent) not in {"", tab}:
            raise StaleTabError

    def heard(self, told: Any) -> None:
        """What some process told of a change."""
        try:
            agent, tab = str(told["agent"]), str(told["tab"])
        except (KeyError, TypeError):
            return
        if self._steers.get(agent) != tab:
            self._steers[agent] = tab
            for listener in self._listeners:
                listener(agent, tab)
