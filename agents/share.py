"""How several campaigns share the agents they have in common. Pure.

Every agent, idle or busy, counts for one campaign at a time, so that no two expect the same one to be free.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.seat import BUSY, AgentState, Seat

UNLIMITED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Claim:
    """What one campaign asks for."""

    campaign: str
    skill: str = ""
    """What an agent must know for it; '' anybody will do."""
    priority: int = 0
    """Higher goes first."""
    weight: float = 1.0
    """Its part among campaigns of one priority."""
    wants: int = UNLIMITED
    """It has no use for more."""
    had: float = 0.0
    """How many talks it got lately: who got less than its part goes first when agents are few."""


@dataclass(frozen=True, slots=True)
class Portion:
    """The agents that one campaign may count on now."""

    idle: int = 0
    busy: Sequence[float] = ()
    """Seconds since each busy one's talk began."""
    leaving: int = 0
    """Busy ones who will take no other call."""


def share(idle: Iterable[Collection[str]], claims: Sequence[Claim]) -> dict[str, int]:
    """How many of these agents, given by their skills, each campaign may count on.

    Higher priority first; within one priority by weight, as evenly as skills allow (weighted max-min fairness
    over a flow from kinds of agents to campaigns). The same asked gives the same answer, and the sum is never
    above the number of agents.
    """
    kinds = Counter(frozenset(skills) for skills in idle)
    return {name: sum(part.values()) for name, part in _flow(kinds, claims).items()}


def portions(seats: Iterable[Seat], claims: Sequence[Claim], now: float) -> dict[str, Portion]:
    """What each campaign may count on of those at a desk; `now` by the desk's clock.

    Paused ones and those who are away count for nobody.
    """
    here = sorted((seat for seat in seats if _counts(seat)), key=lambda seat: (seat.idle_since, seat.agent))
    flow = _flow(Counter(seat.skills for seat in here), claims)
    mine: dict[str, list[Seat]] = {claim.campaign: [] for claim in claims}
    for seat in sorted(here, key=lambda seat: seat.state in BUSY):
        takers = [name for name in mine if flow[name].get(seat.skills, 0) > 0]
        if not takers:
            continue
        # who talks for a campaign counts for it, else it goes to whoever has the least of its due
        own = seat.campaign if seat.state in BUSY and seat.campaign in takers else ""
        name = own or min(takers, key=lambda name: _served(mine[name], flow[name]))
        flow[name][seat.skills] -= 1
        mine[name].append(seat)
    return {name: _portion(seats, now) for name, seats in mine.items()}


def _counts(seat: Seat) -> bool:
    return seat.state in BUSY or (seat.state is AgentState.READY and seat.parked)


def _served(got: Sequence[Seat], due: Mapping[frozenset[str], int]) -> float:
    return len(got) / (len(got) + sum(due.values()))


def _portion(seats: Sequence[Seat], now: float) -> Portion:
    busy = [seat for seat in seats if seat.state in BUSY]
    return Portion(
        idle=len(seats) - len(busy),
        busy=[now - seat.busy_since for seat in busy],
        leaving=sum(seat.leaving for seat in busy),
    )


Kind = frozenset[str]


@dataclass(slots=True)
class _Flow:
    """Agents of each kind not given yet, and what each campaign has of each kind."""

    left: dict[Kind, int]
    skills: Mapping[str, str]
    given: dict[str, dict[Kind, int]] = field(default_factory=dict)

    def give(self, campaign: str, seen: set[Kind] | None = None) -> bool:
        """One agent more for a campaign, if need be by moving others; nobody ends with fewer."""
        seen = set() if seen is None else seen
        skill = self.skills[campaign]
        fit = [kind for kind in self.left if kind not in seen and (not skill or skill in kind)]
        for kind in fit:
            if self.left[kind] > 0:
                self.left[kind] -= 1
                self._add(campaign, kind, 1)
                return True
        for kind in fit:
            seen.add(kind)
            for other, part in self.given.items():
                if other != campaign and part.get(kind, 0) > 0 and self.give(other, seen):
                    self._add(other, kind, -1)
                    self._add(campaign, kind, 1)
                    return True
        return False

    def _add(self, campaign: str, kind: Kind, count: int) -> None:
        part = self.given[campaign]
        part[kind] = part.get(kind, 0) + count


def _flow(kinds: Mapping[Kind, int], claims: Sequence[Claim]) -> dict[str, dict[Kind, int]]:
    # those who know least are given first, so that the others stay for whoever needs them
    ordered = sorted(kinds, key=lambda kind: (len(kind), sorted(kind)))
    flow = _Flow({kind: kinds[kind] for kind in ordered}, {each.campaign: each.skill for each in claims})
    flow.given = {each.campaign: {} for each in claims}
    for priority in sorted({each.priority for each in claims}, reverse=True):
        asking = [each for each in claims if each.priority == priority and each.wants > 0 and each.weight > 0]
        got = {each.campaign: -behind for each, behind in zip(asking, _behind(asking), strict=True)}
        while asking:
            least = min(asking, key=lambda each: ((got[each.campaign] + 1) / each.weight, each.campaign))
            if flow.give(least.campaign):
                got[least.campaign] += 1
                if sum(flow.given[least.campaign].values()) < least.wants:
                    continue
            asking.remove(least)
    return flow.given


def _behind(claims: Sequence[Claim]) -> list[float]:
    """How far each is behind its part of the talks so far: a little less than one agent at most."""
    talks, weights = sum(each.had for each in claims), sum(each.weight for each in claims)
    return [0.999 * min(1.0, max(0.0, talks * each.weight / weights - each.had)) for each in claims]
