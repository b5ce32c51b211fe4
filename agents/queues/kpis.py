"""The figures of a queue, each by one definition with a name. Pure; exact on the vector of the house's rules.

An empty denominator gives None, which is shown as n/a: never 0 and never 100. `kpis.yaml` has each
definition's words in three languages.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final, Self


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of visits; sums add up over intervals, queues and agents."""

    offered: int = 0
    """Visits that began (ENTER)."""
    waiting: int = 0
    """Those whose waiting is not over: in no ratio yet."""
    answered: int = 0
    in_time: int = 0
    """Answered within the target."""
    abandoned: int = 0
    """Callers who hung up."""
    abandoned_in_time: int = 0
    """Of those, within the target."""
    short: int = 0
    """Of those, within the short time."""
    flow_outs: int = 0
    """Sent on without an agent: timeout, overflow, key, closed meanwhile, nobody at work."""
    turned_away: int = 0
    """Of the flow-outs: closed already when they came."""
    answered_wait: float = 0.0
    """Seconds that those answered had waited."""
    abandoned_wait: float = 0.0
    longest_wait: float = 0.0
    handled: int = 0
    """Talks whose wrap-up is over."""
    talk: float = 0.0
    hold: float = 0.0
    wrap: float = 0.0
    """Seconds of handled talks."""

    def __add__(self, other: Self) -> Self:
        """Two intervals, queues or agents together."""
        sums = {
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(self)
            if each.name != "longest_wait"
        }
        return type(self)(**sums, longest_wait=max(self.longest_wait, other.longest_wait))


@dataclass(frozen=True, slots=True)
class AgentTime:
    """Seconds of one agent or several, by what they were doing."""

    talking: float = 0.0
    """Reserved and talking, hold included."""
    wrap_up: float = 0.0
    idle: float = 0.0
    """Ready, with nobody on the line."""
    paused: float = 0.0
    away: float = 0.0
    """Signed in, with the telephone not there."""

    def __add__(self, other: Self) -> Self:
        """Together."""
        return type(self)(
            **{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        )

    @property
    def logged(self) -> float:
        """All of it."""
        return self.talking + self.wrap_up + self.idle + self.paused + self.away


def ratio(part: float, whole: float) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole > 0 else None


# Service level, by whose definition.


def copc(each: Tally) -> float | None:
    """Answered in time ÷ offered: whoever was not served counts against us, whatever the reason."""
    return ratio(each.in_time, each.offered - each.waiting)


def genesys(each: Tally) -> float | None:
    """Genesys Cloud's default: answered in time ÷ (answered + abandoned)."""
    return ratio(each.in_time, each.answered + each.abandoned)


def genesys_without_short(each: Tally) -> float | None:
    """The same without short abandons."""
    return ratio(each.in_time, each.answered + each.abandoned - each.short)


def genesys_with_flow_outs(each: Tally) -> float | None:
    """The same with flow-outs."""
    return ratio(each.in_time, each.answered + each.abandoned + each.flow_outs)


def late_abandons(each: Tally) -> float | None:
    """Answered in time ÷ (answered + abandoned after the target)."""
    return ratio(each.in_time, each.answered + each.abandoned - each.abandoned_in_time)


def asterisk(each: Tally) -> float | None:
    """Asterisk's ServicelevelPerf: answered in time ÷ answered."""
    return ratio(each.in_time, each.answered)


def asterisk_2(each: Tally) -> float | None:
    """Asterisk's ServicelevelPerf2: (answered + abandoned, both in time) ÷ (answered + lost).

    Time-outs and all other flow-outs are lost.
    """
    return ratio(each.in_time + each.abandoned_in_time, each.answered + each.abandoned + each.flow_outs)


# Waiting, losing, handling.


def asa(each: Tally) -> float | None:
    """Average speed of answer in seconds."""
    return ratio(each.answered_wait, each.answered)


def abandon_rate(each: Tally) -> float | None:
    """Abandoned ÷ offered."""
    return ratio(each.abandoned, each.offered - each.waiting)


def short_abandon_rate(each: Tally) -> float | None:
    """Short abandons ÷ offered."""
    return ratio(each.short, each.offered - each.waiting)


def aht(each: Tally) -> float | None:
    """Average handling time in seconds: (talk + hold + wrap-up) ÷ handled.

    Each talk counts in the interval in which its wrap-up ended.
    """
    return ratio(each.talk + each.hold + each.wrap, each.handled)


def occupancy(each: AgentTime) -> float | None:
    """(Talk + wrap-up) ÷ (talk + wrap-up + idle): breaks are out."""
    return ratio(each.talking + each.wrap_up, each.talking + each.wrap_up + each.idle)


def utilisation(each: AgentTime) -> float | None:
    """(Talk + wrap-up) ÷ all the time signed in: breaks are in."""
    return ratio(each.talking + each.wrap_up, each.logged)


@dataclass(frozen=True, slots=True)
class SelfService:
    """What became of calls that came to a flow."""

    calls: int = 0
    contained: int = 0
    """Ended without ever being put into a queue or through to anybody."""
    resolved: int = 0
    """Reached the flow's goal, with no agent, and did not ring again within seven days."""
    settled: int = 0
    """Calls whose seven days are over: what `resolved` is a part of."""


def containment(each: SelfService) -> float | None:
    """Calls that never asked for a person ÷ all calls of the flow.

    A hang-up in the menu is contained, but not solved.
    """
    return ratio(each.contained, each.calls)


def resolution(each: SelfService) -> float | None:
    """Goal reached and not rung again within seven days ÷ calls whose seven days are over."""
    return ratio(each.resolved, each.settled)


QUEUE_KPIS: Final[Mapping[str, Callable[[Tally], float | None]]] = {
    "service_level": copc,
    "service_level_genesys": genesys,
    "service_level_genesys_without_short": genesys_without_short,
    "service_level_genesys_with_flow_outs": genesys_with_flow_outs,
    "service_level_late_abandons": late_abandons,
    "service_level_asterisk": asterisk,
    "service_level_asterisk_2": asterisk_2,
    "asa": asa,
    "abandon_rate": abandon_rate,
    "short_abandon_rate": short_abandon_rate,
    "aht": aht,
}
"""The first two are the house's own two, and are published."""
AGENT_KPIS: Final[Mapping[str, Callable[[AgentTime], float | None]]] = {
    "occupancy": occupancy,
    "utilisation": utilisation,
}


def total(tallies: Iterable[Tally]) -> Tally:
    """All together."""
    whole = Tally()
    for each in tallies:
        whole += each
    return whole


def told(each: Tally) -> dict[str, float | int | None]:
    """A tally with all its figures, as JSON has it: ratios from 0 to 1, seconds, None for n/a."""
    counts = {one.name: getattr(each, one.name) for one in fields(each)}
    figures = {name: make(each) for name, make in QUEUE_KPIS.items()}
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in (counts | figures).items()
    }


def told_time(each: AgentTime) -> dict[str, float | None]:
    """The same of agents' time."""
    seconds = {one.name: getattr(each, one.name) for one in fields(each)} | {"logged": each.logged}
    figures = {name: make(each) for name, make in AGENT_KPIS.items()}
    return {name: None if value is None else round(value, 4) for name, value in (seconds | figures).items()}
