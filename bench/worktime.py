"""How agents spent their time, from the events of their states. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from agents.models import AgentEvent

_BUSY: Final = frozenset({"talking", "wrap_up"})
_STAFFED: Final = frozenset({"ready", "reserved", "talking", "wrap_up"})


@dataclass(frozen=True, slots=True)
class Turn:
    """An agent's state changed."""

    agent: str
    at: datetime
    state: str
    """From now on."""


def seconds_in(turns: Iterable[Turn], begin: datetime, end: datetime) -> Mapping[str, float]:
    """Seconds of all agents together in each state between two moments."""
    spent: defaultdict[str, float] = defaultdict(float)
    ordered = sorted(turns, key=lambda turn: (turn.agent, turn.at))
    for _, one in groupby(ordered, key=lambda turn: turn.agent):
        own = list(one)
        ends = [*(turn.at for turn in own[1:]), end]
        for turn, until in zip(own, ends, strict=True):
            seconds = (min(until, end) - max(turn.at, begin)).total_seconds()
            if seconds > 0:
                spent[turn.state] += seconds
    return spent


def utilisation(spent: Mapping[str, float]) -> float:
    """Talk and wrap-up / all the time but pauses and absence."""
    staffed = sum(spent.get(state, 0.0) for state in _STAFFED)
    return sum(spent.get(state, 0.0) for state in _BUSY) / staffed if staffed else 0.0


def handled(events: Sequence[AgentEvent]) -> list[float]:
    """Talk and wrap-up of each call, by the event that ends either."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for each in events:
        if each.before in _BUSY and each.call_id:
            seconds[each.call_id] += each.seconds
    return list(seconds.values())
