"""Stretches of agents' days added up by interval. Pure.

A stretch counts in each interval for the seconds that lie in it. A talk counts where it ended, and a handled
call where its wrap-up ended, each with its whole length: so `rules.md` §6 wants it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from agents import AgentState
from reports.steps import Span

TALKING: Final = AgentState.TALKING.value
WRAP_UP: Final = AgentState.WRAP_UP.value
PAUSED: Final = AgentState.PAUSED.value
OFFLINE: Final = AgentState.OFFLINE.value
FREE: Final = (AgentState.READY.value, AgentState.RESERVED.value)


@dataclass(slots=True)
class Spent:
    """One agent in one interval. Seconds."""

    states: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """In each state."""
    pauses: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """By reason."""
    talks: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Talks that ended, by campaign; '' for calls of none."""
    handled: int = 0
    """Wrap-ups that ended."""
    handling: float = 0.0
    """The whole talk and wrap-up of the handled."""
    hold: float = 0.0
    dispositions: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def ready(self) -> float:
        """Free, or held for a call."""
        return sum(self.states[state] for state in FREE)

    @property
    def busy(self) -> float:
        """Talk and wrap-up."""
        return self.states[TALKING] + self.states[WRAP_UP]

    @property
    def logged(self) -> float:
        """Signed in with a telephone."""
        return self.ready + self.busy + self.states[PAUSED]


@dataclass(frozen=True, slots=True)
class Stretch:
    """An agent was in one state for a while, as the event at its end tells."""

    agent: str
    state: str
    at: datetime
    """When it ended."""
    seconds: float
    campaign: str = ""
    reason: str = ""
    """Why paused."""
    talked: float = 0.0
    """The seconds of the talk before, where this is its wrap-up."""
    going_on: bool = False
    """It had not ended by then."""

    @property
    def begin(self) -> datetime:
        """When it began."""
        return self.at - timedelta(seconds=self.seconds)


Days = dict[tuple[str, int], Spent]
"""By agent and interval."""


def add_stretch(days: Days, span: Span, each: Stretch) -> None:
    """Add one stretch, cut up where it crosses intervals."""
    if each.state == OFFLINE:
        return
    for place, seconds in span.parts(each.begin, each.at):
        spent = _of(days, each.agent, place)
        spent.states[each.state] += seconds
        if each.state == PAUSED:
            spent.pauses[each.reason] += seconds
    if each.going_on:
        return
    ends_here = span.since <= each.at < span.until
    if ends_here:
        add_ended(days, each.agent, span.place(each.at), each.state, each.campaign, 1, each.seconds)
    if each.state == WRAP_UP and each.talked:
        # the talk was added where it ended; it is handled where its wrap-up ends
        if span.since <= each.begin < span.until:
            _of(days, each.agent, span.place(each.begin)).handling -= each.talked
        if ends_here:
            _of(days, each.agent, span.place(each.at)).handling += each.talked


def add_whole(
    days: Days, agent: str, place: int, state: str, campaign: str, times: int, seconds: float
) -> None:
    """Add many stretches that lie in one interval as a whole."""
    _of(days, agent, place).states[state] += seconds
    add_ended(days, agent, place, state, campaign, times, seconds)


def add_ended(
    days: Days, agent: str, place: int, state: str, campaign: str, times: int, seconds: float
) -> None:
    """Count what ended in an interval, with its whole length."""
    spent = _of(days, agent, place)
    if state == TALKING:
        spent.talks[campaign] += times
        spent.handling += seconds
    elif state == WRAP_UP:
        spent.handled += times
        spent.handling += seconds


def _of(days: Days, agent: str, place: int) -> Spent:
    found = days.get((agent, place))
    if found is None:
        found = days[agent, place] = Spent()
    return found
