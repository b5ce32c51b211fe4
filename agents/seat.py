"""One agent at the desk, and what holds them for a call."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AgentState(StrEnum):
    """Where an agent stands."""

    OFFLINE = "offline"
    """No leg waits."""
    PAUSED = "paused"
    READY = "ready"
    """Free: their leg waits in its park."""
    RESERVED = "reserved"
    """Handed out; about to be joined."""
    TALKING = "talking"
    WRAP_UP = "wrap_up"


BUSY: Final = frozenset({AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP})


@dataclass(slots=True)
class Seat:
    """One agent who is signed in. Times are seconds of the desk's clock."""

    agent: str
    skills: frozenset[str] = frozenset()
    state: AgentState = AgentState.OFFLINE
    since: float = 0.0
    """Since when in this state; in a wrap-up, when it began."""
    lasted: float = 0.0
    """How long the state before had lasted."""
    parked: bool = False
    """Whether the leg is known to wait in its park."""
    leaving: bool = False
    """After this talk they take no other; one whose leg is away comes back paused."""
    going_home: bool = False
    """After this talk they sign out."""
    kept: bool = False
    """Where their leg is says nothing of their state: their customer is on hold, they ask somebody, or they
    listen to a talk. Whoever set it sees to its end; a leg that is lost ends it too."""
    spared: str = ""
    """The campaign whose call is about to be placed for them: while it is ready nobody else gets them."""
    reason: str = ""
    """Why paused or away."""
    campaign: str = ""
    call: str = ""
    """Whom they talk to, or did before the wrap-up."""
    wrap: float | None = None
    """Seconds of wrap-up after this talk; None: the house's usual."""
    busy_since: float = 0.0
    """When the present talk began."""
    idle_since: float = 0.0
    """Since when they have been waiting for a call; the longest waiting goes first."""
    token: int = 0
    """Of the present reservation."""
    wrap_until: float = 0.0
    """When the present wrap-up ends by itself."""
    by: str = ""
    """Who else set their state; '' they themselves, or what happened on the line."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """An agent held for one call; given back by `Desk.release` or used by `Desk.talking`."""

    agent: str
    call: str
    token: int
