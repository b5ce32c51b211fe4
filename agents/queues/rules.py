"""Whose turn it is, who is offered which agent, and what becomes of who waits too long. Pure.

**The order of the line.** Each caller has points for who they are, and gains more for every minute:

    score(now) = points + points_per_minute × minutes waited

The highest score goes first. As all gain at the same pace, that is the order of `since − head start`, with

    head start = 60 × points ÷ points_per_minute seconds, at most `longest_head_start`

so a customer of value is treated as if they had come that much sooner. **Nobody starves**: whoever comes more
than `longest_head_start` seconds after somebody never overtakes them.

**The agent.** Out of the free who fit: who speaks the caller's language before who does not (where that is a
preference), then the longest idle.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from agents.needs import Need
from agents.queues.queue import Queue
from agents.seat import AgentState, Seat

KNOWN: Final = "known"
"""The key of the points that every customer brings along whom we know."""


class Placed(Protocol):
    """Somebody with a place in the line."""

    @property
    def turn(self) -> tuple[bool, bool, float]:
        """The lower goes first."""
        ...


def points_of(queue: Queue, tier: str) -> float:
    """What a caller of a tier brings along; '' for somebody we do not know."""
    if not tier:
        return 0.0
    return queue.points.get(tier, 0.0) + queue.points.get(KNOWN, 0.0)


def head_start(queue: Queue, points: float) -> float:
    """What points are worth in seconds of waiting."""
    return min(60.0 * points / queue.points_per_minute, queue.longest_head_start)


def score(queue: Queue, points: float, waited: float) -> float:
    """What decides, as it is shown to people."""
    return points + queue.points_per_minute * waited / 60.0


def turn_of(*, inbound: bool, front: bool, since: float, head: float) -> tuple[bool, bool, float]:
    """Who rang us before whom we rang; who was put in front before all; then by (virtual) coming."""
    return not inbound, not front, since if front else since - head


def need_for(queue: Queue, language: str) -> Need:
    """What a caller in this queue, who speaks this language, needs of an agent."""
    spoken = language if language in queue.languages else ""
    skills = frozenset({queue.skill}) if queue.skill else frozenset()
    return Need(skills, spoken, tuple(queue.languages), must=queue.language_must and bool(spoken))


def offered(need: Need, free: Iterable[Seat]) -> list[str]:
    """The free agents for somebody, in the order in which they are asked."""
    fit = [seat for seat in free if need.fits(seat.skills)]
    return [
        seat.agent for seat in sorted(fit, key=lambda seat: (not need.speaks(seat.skills), seat.idle_since))
    ]


def able(need: Need, seats: Iterable[Seat]) -> int:
    """How many at work could take them, now or after their present talk."""
    gone = (AgentState.OFFLINE, AgentState.PAUSED)
    return sum(seat.state not in gone and not seat.leaving and need.fits(seat.skills) for seat in seats)


def position(mine: Placed, line: Iterable[Placed]) -> int:
    """Somebody's place, 1 the next."""
    return 1 + sum(each.turn < mine.turn for each in line if each is not mine)


class Ring(StrEnum):
    """What comes next for somebody who waits."""

    ANNOUNCE = "announce"
    OFFER = "offer"
    """A call-back is offered."""
    OVERFLOW = "overflow"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Due:
    """What comes next, and after how many seconds of waiting."""

    what: Ring
    at: float


def next_due(
    queue: Queue, waited: float, *, told: float | None, offered: bool, may_offer: bool, estimate: float | None
) -> Due:
    """What comes next for who has waited for so long.

    `told` is when they were told their place last (None: never), `offered` whether they know of the
    call-back.
    """
    due = [Due(Ring.TIMEOUT, queue.longest_wait)]
    if queue.overflow:
        due.append(Due(Ring.OVERFLOW, queue.overflow_after))
    if queue.call_back and may_offer and not offered:
        long = estimate is not None and estimate > queue.call_back_estimate
        first = max(queue.announce_first, waited if told is None else told) if long else queue.call_back_after
        due.append(Due(Ring.OFFER, min(first, queue.call_back_after)))
    if queue.tell_position or queue.tell_estimate:
        if told is None:
            due.append(Due(Ring.ANNOUNCE, queue.announce_first))
        elif queue.announce_every > 0:
            due.append(Due(Ring.ANNOUNCE, told + queue.announce_every))
    soonest = min(due, key=lambda each: (max(each.at, waited), _WEIGHT[each.what]))
    return Due(soonest.what, max(soonest.at, waited))


_WEIGHT: Final = {Ring.TIMEOUT: 0, Ring.OVERFLOW: 1, Ring.OFFER: 2, Ring.ANNOUNCE: 3}


def unstaffed(need: Need, seats: Sequence[Seat]) -> bool:
    """Whether nobody at all is at work who could ever take them."""
    return not any(need.fits(seat.skills) for seat in seats)
