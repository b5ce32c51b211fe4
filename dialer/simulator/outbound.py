"""The life of placed calls: rings, answers, is listened to, waits, talks, ends. Each ends exactly once."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from agents import Reservation
from dialer.cadence import Cadence
from dialer.simulator.contacts import ContactList
from dialer.simulator.crew import Crew
from dialer.simulator.distributions import sampler
from dialer.simulator.population import Fate, Kind, Population
from dialer.simulator.scenario import Scenario
from dialer.simulator.tally import Tally
from dialer.simulator.timeline import Timeline

CAMPAIGN = "simulated"


@dataclass(slots=True, eq=False)
class _Call:
    key: str
    contact: int
    fate: Fate
    answered: float = 0.0
    clock: float = 0.0
    """When the wait for an agent began, as the law counts it."""
    waits: bool = False


class Outbound:
    """The calls of one day. What the pacer may know of them goes through the cadence, as in the live loop."""

    def __init__(
        self,
        scenario: Scenario,
        timeline: Timeline,
        cadence: Cadence,
        crew: Crew,
        tally: Tally,
        randoms: Callable[[str], Random],
    ) -> None:
        campaign, staff = scenario.campaign, scenario.staff
        self._campaign = campaign
        self._timeline = timeline
        self._cadence = cadence
        self._crew = crew
        self._tally = tally
        self._population = Population(scenario, randoms("population"))
        self._random = randoms("talks")
        self.contacts = ContactList(scenario.list.contacts if scenario.list else None, campaign.retry)
        self._talk = staff.talk.compiled(scenario.starts, sampler)
        self._wrap_up = staff.wrap_up.compiled(scenario.starts, sampler)
        self._machine = sampler(staff.machine)
        self._drop_after = campaign.drop_after or campaign.answer_within
        self._queue: deque[_Call] = deque()
        self.lines = 0
        """Calls that have not ended."""
        self.unsettled = 0
        """Calls of which it is still open whether they come to an agent."""

    def place(self, number: int) -> int:
        """Place so many calls, or as many as lines and list allow; says how many."""
        now = self._timeline.now
        number = min(number, self._campaign.lines - self.lines)
        for placed in range(number):
            contact = self.contacts.take(now)
            if contact is None:
                return placed
            self._place(contact)
        return max(0, number)

    def _place(self, contact: int) -> None:
        now, counts = self._timeline.now, self._tally.counts
        counts.placed += 1
        self._tally.slice(now).placed += 1
        call = _Call(str(counts.placed), contact, self._population.draw(now))
        self.lines += 1
        self.unsettled += 1
        self._cadence.placed(call.key)
        self._timeline.after(call.fate.rings, self._rung, call)

    def _rung(self, call: _Call) -> None:
        counts, fate = self._tally.counts, call.fate
        if fate.kind in {Kind.PERSON, Kind.MACHINE}:
            call.answered = call.clock = self._timeline.now
            if fate.listens is None:
                self._cadence.answered(call.key)
                self._live(call)
            else:
                self._cadence.answered(call.key, analysing=True)
                self._timeline.after(fate.listens, self._listened, call)
            return
        match fate.kind:
            case Kind.BUSY:
                counts.busy += 1
            case Kind.FAILED:
                counts.failed += 1
            case _:
                counts.no_answer += 1
        self._settle(call, fate.kind.value)

    def _listened(self, call: _Call) -> None:
        if not call.fate.taken_for_machine:
            self._cadence.person(call.key)
            if self._campaign.counts_from == "detected":
                call.clock = self._timeline.now
            self._live(call)
            return
        if call.fate.kind is Kind.PERSON:
            self._tally.counts.false_positives += 1
            self._tally.slice(self._timeline.now).false_positives += 1
        else:
            self._tally.counts.machines += 1
        self._settle(call, "machine")

    def _live(self, call: _Call) -> None:
        call.waits = True
        self._queue.append(call)
        self._crew.serve()
        if not call.waits:
            return
        self._timeline.at(call.clock + self._drop_after, self._drop, call)
        if call.fate.patience is not None:
            self._timeline.at(call.answered + call.fate.patience, self._gives_up, call)

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for an agent."""
        while self._queue and not self._queue[0].waits:
            self._queue.popleft()
        return bool(self._queue)

    @property
    def next_key(self) -> str:
        """The key of who has waited longest; ask `waiting` first."""
        return self._queue[0].key

    def join(self, reservation: Reservation) -> None:
        """A reserved agent gets who has waited longest."""
        call, now = self._queue.popleft(), self._timeline.now
        call.waits = False
        late = now - call.clock > self._campaign.answer_within
        counts, slice_ = self._tally.counts, self._tally.slice(now)
        if call.fate.kind is Kind.MACHINE:
            counts.machines_joined += 1
        elif late:
            counts.late += 1
            slice_.abandoned += 1
        else:
            counts.connected += 1
            slice_.connected += 1
        if late:
            self._settle(call, "abandoned", over=False)
        else:
            self._cadence.joined(call.key)
            outcome = "machine" if call.fate.kind is Kind.MACHINE else "connected"
            self._settle(call, outcome, over=False)
        talk, wrap_up = self._lengths(call)
        self._crew.talk(reservation, talk, wrap_up, lambda: self._over(call), self._cadence.agent_freed)

    def _lengths(self, call: _Call) -> tuple[float, float]:
        now, random = self._timeline.now, Random(self._random.getrandbits(64))
        if call.fate.kind is Kind.MACHINE:
            return self._machine(random), 0.0
        return self._talk(now)(random), self._wrap_up(now)(random)

    def _drop(self, call: _Call) -> None:
        if call.waits:
            if call.fate.kind is Kind.PERSON:
                self._tally.counts.dropped += 1
            self._unserved(call)

    def _gives_up(self, call: _Call) -> None:
        if call.waits:
            self._tally.counts.gave_up += 1
            self._unserved(call)

    def _unserved(self, call: _Call) -> None:
        call.waits = False
        if call.fate.kind is Kind.PERSON:
            self._tally.slice(self._timeline.now).abandoned += 1
        else:
            self._tally.counts.machines_dropped += 1
        self._settle(call, "abandoned")

    def _settle(self, call: _Call, outcome: str, *, over: bool = True) -> None:
        """What came of it is known; an agent may still be talking."""
        self.unsettled -= 1
        self.contacts.came_to(call.contact, outcome, self._timeline.now)
        if over or outcome == "abandoned":
            self._cadence.ended(call.key, outcome)
        if over:
            self.lines -= 1

    def _over(self, call: _Call) -> None:
        self.lines -= 1
        self._cadence.ended(call.key, "connected")
