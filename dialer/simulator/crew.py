"""The agents of a day: they come, talk, wrap up and leave. The desk says who is free."""

from collections.abc import Callable
from random import Random

from agents import Desk, Reservation
from dialer.simulator.scenario import Scenario
from dialer.simulator.tally import Tally
from dialer.simulator.timeline import Timeline

Freed = Callable[[float], None]
"""Told when an agent has wrapped up: seconds of talk and wrap-up."""


class Crew:
    """Fills the desk as the scenario says, and lets its agents talk."""

    def __init__(
        self, scenario: Scenario, timeline: Timeline, desk: Desk, random: Random, tally: Tally
    ) -> None:
        self._scenario = scenario
        self._timeline = timeline
        self._desk = desk
        self._random = random
        self._tally = tally
        self._arrived: dict[str, float] = {}
        self._idle_since: dict[str, float] = {}
        self._staying: list[str] = []
        self._hired = 0
        self.serve: Callable[[], None] = lambda: None
        """Called when somebody has become free."""

    def begin(self) -> None:
        """Who is there in the morning, and who comes and goes later."""
        agents, starts = self._scenario.staff.agents, self._scenario.starts
        for time in (starts, *(time for time in agents.times if time > starts)):
            self._timeline.at(time - starts, self._become, agents.at(time))

    def go_home(self) -> None:
        """The day is over: everybody leaves, after the talk in progress."""
        self._become(0)

    def _become(self, number: int) -> None:
        while len(self._staying) < number:
            self._hired += 1
            self._come(f"agent-{self._hired}")
        while len(self._staying) > number:
            self._leave(self._staying.pop(self._random.randrange(len(self._staying))))
        self.serve()

    def _come(self, agent: str) -> None:
        self._staying.append(agent)
        self._arrived[agent] = self._timeline.now
        self._desk.sign_in(agent)

    def _leave(self, agent: str) -> None:
        self._desk.sign_out(agent)
        self._gone(agent)

    def _gone(self, agent: str) -> None:
        if self._desk.seat(agent) is None:
            self._idle_since.pop(agent, None)
            self._tally.was_there(self._arrived.pop(agent), self._timeline.now)

    def talk(
        self, reservation: Reservation, talk: float, wrap_up: float, hung_up: Callable[[], None], freed: Freed
    ) -> None:
        """A reserved agent is joined, talks and wraps up; the end of the talk and of the wrap-up are told."""
        agent, now = reservation.agent, self._timeline.now
        if not self._desk.talking(reservation):
            raise RuntimeError(f"{agent} was handed out twice")
        since = self._idle_since.pop(agent, None)
        if since is not None and now < self._tally.seconds:
            self._tally.idles.append(now - since)
        self._timeline.after(talk, self._talked, agent, now, wrap_up, hung_up, freed)

    def _talked(
        self, agent: str, since: float, wrap_up: float, hung_up: Callable[[], None], freed: Freed
    ) -> None:
        self._desk.talked(agent)
        self._tally.has_talked(since, self._timeline.now)
        hung_up()
        self._timeline.after(wrap_up, self._wrapped_up, agent, since, freed)

    def _wrapped_up(self, agent: str, since: float, freed: Freed) -> None:
        handled = self._desk.wrapped_up(agent)
        if handled is None:
            raise RuntimeError(f"{agent} wrapped up without a talk")
        now = self._timeline.now
        self._tally.was_busy(since, now)
        self._idle_since[agent] = now
        self._gone(agent)
        freed(handled)
        self.serve()
