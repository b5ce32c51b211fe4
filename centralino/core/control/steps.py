"""What the customer's own session does next in a talk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from centralino.core.control.ports import Wanted
from values import PhoneNumber, Scalar


@dataclass(frozen=True, slots=True)
class Hold:
    """They hear music until there is another step."""


@dataclass(frozen=True, slots=True)
class JoinAgent:
    """They are joined with the agent in charge."""

    why: str = ""
    """Why the agent is shown the customer: `transfer`, `take_over`, `queue`; '' they know them already."""
    sender: str = ""
    """Who sent them."""


@dataclass(frozen=True, slots=True)
class JoinGuest:
    """They are joined with somebody outside, and no agent is with them any more."""


@dataclass(frozen=True, slots=True)
class RingGuest:
    """They hear music while somebody outside is rung for them."""

    number: PhoneNumber
    shown: str


@dataclass(frozen=True, slots=True)
class RunFlow:
    """They speak with a flow; `back` to their agent then, or the call ends for us."""

    flow: str
    back: bool
    fields: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LetGo:
    """Their agent has ended the talk, and nobody is with them any more."""


@dataclass(frozen=True, slots=True)
class Queue:
    """They wait for the next agent, with music."""

    wanted: Wanted
    why: str = "transfer"
    sender: str = ""


Step = Hold | JoinAgent | JoinGuest | RingGuest | RunFlow | LetGo | Queue
