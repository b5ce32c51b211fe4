"""One ended attempt, and what it counts as. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dialer.cards import AnyAttempt
from dialer.retry import INTERRUPTED, REFUSED_BY_NETWORK

ABANDONED: Final = "abandoned"
MACHINE: Final = "machine"
MESSAGE_LEFT: Final = "message_left"
SCREENING: Final = "screening"
HANGUP: Final = "hangup"

MACHINES: Final = frozenset({MACHINE, MESSAGE_LEFT, "fax"})
NO_PERSON: Final = MACHINES | {SCREENING, "silence"}
"""Outcomes of answered calls in which no person was met, as far as anybody can tell."""
AMD_MACHINE: Final = "MACHINE"
"""The switch's word for an answering machine."""
_GIVEN_UP: Final = frozenset({16, 19})
"""Causes of calls that we ended while they rang; the far end's own come with its SIP status."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a campaign's attempts are to be read."""

    agents: bool = False
    """Whether its answered calls are for agents: a person who gets none is abandoned."""
    answer_within: float | None = None
    """Seconds within which a person must have an agent; None: no law says."""
    from_detection: bool = False
    """Whether that clock starts when a person was detected (the end of the greeting), not at the answer."""
    ring_under: float = 0.0
    """Seconds: who gives up ringing sooner has abandoned the call; 0: no law says so."""
    right_parties: frozenset[str] = frozenset()
    """Outcomes and dispositions that mean that the right person was spoken to; a reached goal always does."""
    machines: frozenset[str] = frozenset()
    """Dispositions that mean that a machine had answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An attempt that is over. Times as in `dialer.models.Attempt`; None for what never came."""

    campaign: str
    committed: datetime
    """The hour in which this lies is the attempt's for ever, whenever it ends."""
    placed: datetime | None = None
    ringing: datetime | None = None
    answered: datetime | None = None
    detected: datetime | None = None
    joined: datetime | None = None
    released: datetime | None = None
    over: datetime | None = None
    outcome: str = ""
    goal: bool = False
    amd: str = ""
    cause: int = 0
    sip_cause: str = ""
    agent: str = ""
    disposition: str = ""
    cost: int = 0
    """In minor units of the currency."""
    reading: Reading = Reading()

    @property
    def machine(self) -> bool:
        """Taken for an answering machine or a fax, by the switch, the flow or the agent."""
        return self.answered is not None and self._is(MACHINES | self.reading.machines)

    @property
    def person(self) -> bool:
        """A person answered. An answer about which nothing is known any more is none."""
        if self.answered is None or self._is(NO_PERSON | self.reading.machines):
            return False
        return self.outcome != INTERRUPTED or self.joined is not None or self.reading.agents

    @property
    def connected(self) -> bool:
        """A person was passed to an agent in time: the y of the law's formula."""
        return self.person and self.joined is not None and not self._late(self.joined)

    @property
    def abandoned(self) -> bool:
        """A person answered and had no agent in time: the law's a.

        Who hung up by themselves before that time was over was not abandoned. Where the law says so, a call
        that we gave up after ringing too briefly was.
        """
        if not self.person:
            return self._given_up_early
        if self.joined is not None:
            return self._late(self.joined)
        if self.outcome == ABANDONED:
            return True
        left_early = self.outcome == HANGUP and self.over is not None and not self._late(self.over)
        return self.reading.agents and not left_early

    @property
    def right_party(self) -> bool:
        """The right person was spoken to."""
        return self.goal or (self.person and self._is(self.reading.right_parties))

    @property
    def amd_machine(self) -> bool:
        """The switch took it for a machine."""
        return self.amd == AMD_MACHINE

    @property
    def amd_proved(self) -> bool:
        """And it was one: it took the message after its beep, or the agent says so."""
        return self.amd_machine and (self.outcome == MESSAGE_LEFT or self._is(self.reading.machines))

    @property
    def amd_false(self) -> bool:
        """And it was a person after all: spoke to an agent, came to something in the flow."""
        proves_nothing = self._is(frozenset({"", HANGUP, ABANDONED, INTERRUPTED}))
        talked = self.joined is not None or not proves_nothing
        return self.amd_machine and (self.goal or (self.person and talked))

    def _is(self, words: frozenset[str]) -> bool:
        return self.outcome in words or self.disposition in words

    @property
    def _given_up_early(self) -> bool:
        ours = self.cause in _GIVEN_UP and not self.sip_cause and self.outcome != REFUSED_BY_NETWORK
        if self.answered or not ours or not self.placed or not self.over:
            return False
        return (self.over - (self.ringing or self.placed)).total_seconds() < self.reading.ring_under

    def _late(self, at: datetime) -> bool:
        reading = self.reading
        begins = (self.detected if reading.from_detection else None) or self.answered
        if reading.answer_within is None or begins is None:
            return False
        return (at - begins).total_seconds() > reading.answer_within


def ended_of(attempt: AnyAttempt, reading: Reading) -> Ended:
    """An attempt's row as a value."""
    return Ended(**{name: getattr(attempt, name) for name in _OF_ATTEMPT}, reading=reading)


_OF_ATTEMPT: Final = (
    *("campaign", "committed", "placed", "ringing", "answered", "detected", "joined", "released", "over"),
    *("outcome", "goal", "amd", "cause", "sip_cause", "agent", "disposition", "cost"),
)


Counted = tuple[int, float]
"""How many, and the seconds that belong to them."""


def counts_of(ended: Ended) -> Mapping[str, Counted]:
    """What one attempt adds to its hour, by the words of `docs/reference/results.md`."""
    return dict(_counts(ended))


def _counts(ended: Ended) -> Iterator[tuple[str, Counted]]:
    yield "attempts", (1, 0.0)
    if ended.cost:
        yield "cost", (ended.cost, 0.0)  # `dialer.spending`: what is left of today's budgets
    yield f"outcome:{ended.outcome}", (1, 0.0)
    if ended.placed:
        yield "placed", (1, 0.0)
    rang_until = ended.answered or (ended.over if ended.ringing else None)
    if rang_until and ended.placed:
        yield "rang", (1, _seconds(ended.placed, rang_until))
    if ended.answered:
        yield "answered", (1, _seconds(ended.answered, ended.over))
    if ended.joined and ended.answered:
        yield "joined", (1, _seconds(ended.answered, ended.joined))
        yield "talk", (1, _seconds(ended.joined, ended.released or ended.over))
    if ended.disposition:
        yield f"disposition:{ended.disposition}", (1, 0.0)
    flags = Counter(
        {
            "person": ended.person,
            "connected": ended.connected,
            "abandoned": ended.abandoned,
            "machine": ended.machine,
            "machine_joined": ended.machine and ended.joined is not None,
            "message_left": ended.outcome == MESSAGE_LEFT,
            "screening": ended.outcome == SCREENING,
            "right_party": ended.right_party,
            "goal": ended.goal,
            "amd_looked": bool(ended.amd),
            "amd_machine": ended.amd_machine,
            "amd_proved": ended.amd_proved,
            "amd_false": ended.amd_false,
        }
    )
    yield from ((word, (1, 0.0)) for word, is_so in flags.items() if is_so)


def _seconds(begin: datetime, end: datetime | None) -> float:
    return max(0.0, (end - begin).total_seconds()) if end else 0.0
