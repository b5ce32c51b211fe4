"""Somebody's chances: their place, and how long it will take. No I/O."""

from agents import Desk
from agents.queues import Queue, rules
from agents.queues.estimate import estimated_wait
from centralino.core.joining.waiting import Waiter, WaitingLine
from centralino.core.queueing.keeper import Keeper


class Outlook:
    """Looks along the line and around the desk."""

    def __init__(self, desk: Desk, waiting: WaitingLine, keeper: Keeper) -> None:
        self._desk = desk
        self._waiting = waiting
        self._keeper = keeper

    def position(self, mine: Waiter) -> int:
        """Somebody's place among those who wait for the same agents; 1 is the next."""
        rivals = (each for each in self._waiting if each is mine or self._rival(each, mine))
        return rules.position(mine, rivals)

    def estimate(self, mine: Waiter) -> float | None:
        """Seconds until their turn, as far as anybody can know."""
        agents = rules.able(mine.wanted, self._desk)
        return estimated_wait(self.position(mine) - 1, agents, self._keeper.mean_handling(mine.queue))

    def newcomer(self, queue: Queue) -> Waiter:
        """Somebody of no value who would come now, for telling how long it takes."""
        return Waiter(
            "", self._desk.seconds(), inbound=True, need=rules.need_for(queue, ""), queue=queue.name
        )

    def _rival(self, other: Waiter, mine: Waiter) -> bool:
        """Whether both wait for an agent who could take either."""
        if not other.inbound:
            return False
        return other.wanted == mine.wanted or any(
            other.wanted.fits(seat.skills) and mine.wanted.fits(seat.skills) for seat in self._desk
        )
