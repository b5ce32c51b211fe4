"""What agents need from the telephone network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from values import new_id

LEG_PREFIX: Final = "agent-"


def new_leg(agent: str) -> str:
    """An id for an agent's leg: `agent-<name>-<twenty signs>`, which becomes the channel's."""
    return f"{LEG_PREFIX}{agent}-{new_id()}"


def agent_of(leg: str) -> str | None:
    """Whose leg a channel is by its id; None when it is no agent's."""
    return leg.removeprefix(LEG_PREFIX).rpartition("-")[0] or None if leg.startswith(LEG_PREFIX) else None


class Where(StrEnum):
    """Where a leg is."""

    PARKED = "parked"
    """In its park, hearing silence."""
    TALKING = "talking"
    """In a bridge with somebody."""
    BETWEEN = "between"
    """On the way from one to the other."""


@dataclass(frozen=True, slots=True)
class LiveLeg:
    """An agent's leg that is up."""

    leg: str
    channel: str
    """The channel's name, as `EXEC Bridge` takes it."""
    where: Where
    call: str = ""
    """Whom they talk to, '' when nobody or unknown: the customer's channel id."""


@dataclass(frozen=True, slots=True)
class Disposal:
    """What an agent says of a talk."""

    agent: str
    call: str
    """The customer's call: the attempt's id when we placed it."""
    campaign: str
    """'' when nobody knows any more."""
    disposition: str
    fields: Mapping[str, object] = field(default_factory=dict)
    """What else the disposition asks for."""


class Disposing(Protocol):
    """Takes dispositions; the dialler's side of it."""

    async def __call__(self, said: Disposal) -> None:
        """Keep it. Raises `BadInputError` for one that the campaign does not know, or a call nobody had."""
        ...


class Lines(Protocol):
    """The telephone network, as far as agents are concerned."""

    async def call_leg(self, leg: str, endpoint: str) -> str | None:
        """Ring an agent's telephone; when it is answered its leg goes to the park under the id `leg`.

        Gives the channel's name, None when nobody answered or the telephone is not there. Never raises for
        what the network does. Rings agents' own telephones only.
        """
        ...

    async def hang_up(self, channel: str) -> None:
        """End a leg, or a customer's call, by its id. Nothing happens when it is gone already."""
        ...

    async def legs(self) -> Mapping[str, LiveLeg]:
        """All agents' legs that are up, by id. Raises when the switch cannot be asked."""
        ...
