"""A talk's shape: who takes part, and who hears whom. Pure; each change gives a new shape.

Everybody is in one place at a time. Those in the same room hear each other: the customer's (`TALK`), or the
one apart (`APART`), where an agent asks for advice. A supervisor listens at the agent's ear.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from centralino.core.control.errors import NotNowError

CUSTOMER = "customer"
"""The id of the customer, whom there is one of in each talk."""


class Place(StrEnum):
    """Where somebody is."""

    TALK = "talk"
    APART = "apart"
    HOLD = "hold"
    """Hears music."""
    PARKED = "parked"
    """Hears silence; an agent whose customer hears music, or is in a flow."""
    FLOW = "flow"
    """Speaks with a flow, and nobody else hears a word or a key of it."""
    RINGING = "ringing"
    """Is being rung."""
    LISTENS = "listens"
    """At the agent's ear."""
    WHISPERS = "whispers"
    """At the agent's ear, and heard by the agent alone."""


class Role(StrEnum):
    """What somebody is in a talk."""

    CUSTOMER = "customer"
    AGENT = "agent"
    ADVISER = "adviser"
    """Another agent, or somebody outside."""
    SUPERVISOR = "supervisor"


class State(StrEnum):
    """The whole in one word, as the desk shows it."""

    TALKING = "talking"
    HELD = "held"
    CONSULTING = "consulting"
    CONFERENCE = "conference"
    IN_FLOW = "in_flow"
    QUEUED = "queued"
    """No agent is with the customer: the next is waited for."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a talk."""

    who: str
    """An agent's name, or what is shown of somebody outside; of the customer `CUSTOMER`."""
    role: Role
    place: Place


_ROOMS = frozenset({Place.TALK, Place.APART})
_AT_THE_EAR = frozenset({Place.LISTENS, Place.WHISPERS})


@dataclass(frozen=True, slots=True)
class Shape:
    """Who takes part. Made by `talk_of`; a change that cannot be raises `NotNowError`."""

    parties: tuple[Party, ...]

    # What it is.

    @property
    def customer(self) -> Party:
        """The customer."""
        return next(each for each in self.parties if each.role is Role.CUSTOMER)

    @property
    def agent(self) -> Party | None:
        """The agent in charge; None while the customer waits for one, or talks to somebody outside."""
        return next((each for each in self.parties if each.role is Role.AGENT), None)

    @property
    def adviser(self) -> Party | None:
        """Whom the agent asks."""
        return next((each for each in self.parties if each.role is Role.ADVISER), None)

    @property
    def supervisors(self) -> tuple[Party, ...]:
        """Who looks after the agent."""
        return tuple(each for each in self.parties if each.role is Role.SUPERVISOR)

    @property
    def state(self) -> State:
        """The whole in one word."""
        if self.customer.place is Place.FLOW:
            return State.IN_FLOW
        if self.customer.place is Place.TALK:
            return State.CONFERENCE if len(self._in(Place.TALK)) > 2 else State.TALKING  # noqa: PLR2004
        if self.agent is None:
            return State.QUEUED
        return State.CONSULTING if self.adviser else State.HELD

    def hears(self, who: str) -> frozenset[str]:
        """Whose voice somebody hears."""
        me = self._party(who)
        heard = {each.who for each in self.parties if each is not me and self._hears(me, each)}
        return frozenset(heard)

    def _hears(self, ear: Party, voice: Party) -> bool:
        if ear.place in _ROOMS and ear.place is voice.place:
            return True
        if ear.role is Role.AGENT and voice.place is Place.WHISPERS:
            return True
        agent = self.agent
        at_the_ear = ear.place in _AT_THE_EAR and agent is not None and voice.place not in _AT_THE_EAR
        return at_the_ear and (voice is agent or self._hears(agent, voice)) if agent else False

    # What the agent does.

    def hold(self) -> "Shape":
        """The customer hears music."""
        self._want(self._two_alone, "the customer is not being talked to")
        moved = self.moved({CUSTOMER: Place.HOLD, self._agent().who: Place.PARKED})
        return moved.all_at_the_ear()

    def retrieve(self) -> "Shape":
        """Back to the customer; somebody who is asked waits meanwhile."""
        self._want(self.state in {State.HELD, State.CONSULTING}, "nobody is on hold")
        shape = self.moved({CUSTOMER: Place.TALK, self._agent().who: Place.TALK})
        adviser = shape.adviser
        if adviser is not None and adviser.place is Place.APART:
            shape = shape.moved({adviser.who: Place.HOLD})
        return shape

    def consult(self, who: str) -> "Shape":
        """Somebody is rung for advice; the customer hears music."""
        self._want(self.adviser is None, "somebody is being asked already")
        self._want(self._two_alone or self.state is State.HELD, "nobody is talked to")
        self._want(all(each.who != who for each in self.parties), f"{who} takes part already")
        shape = self if self.state is State.HELD else self.hold()
        return Shape((*shape.parties, Party(who, Role.ADVISER, Place.RINGING)))

    def advised(self) -> "Shape":
        """Who was rung is there, and talks to the agent apart."""
        adviser = self._adviser()
        if self.customer.place is Place.TALK:  # the agent went back meanwhile
            return self.moved({adviser.who: Place.HOLD})
        return self.moved({adviser.who: Place.APART, self._agent().who: Place.APART})

    def swap(self) -> "Shape":
        """To the other of the two."""
        adviser = self._adviser()
        self._want(adviser.place in {Place.APART, Place.HOLD}, f"{adviser.who} has not answered yet")
        if adviser.place is Place.APART:
            return self.retrieve()
        there = {CUSTOMER: Place.HOLD, adviser.who: Place.APART, self._agent().who: Place.APART}
        return self.moved(there).all_at_the_ear()

    def conference(self) -> "Shape":
        """All in one room."""
        adviser = self._adviser()
        self._want(adviser.place in {Place.APART, Place.HOLD}, f"{adviser.who} has not answered yet")
        return self.moved({CUSTOMER: Place.TALK, adviser.who: Place.TALK, self._agent().who: Place.TALK})

    def complete(self, *, agent: bool) -> "Shape":
        """The agent leaves; whom they asked takes their place: an `agent`, or somebody outside."""
        adviser = self._adviser()
        self._want(adviser.place is not Place.RINGING, f"{adviser.who} has not answered yet")
        role = Role.AGENT if agent else Role.ADVISER
        kept = [each for each in self.parties if each.role is not Role.SUPERVISOR and each is not self.agent]
        taken = [Party(adviser.who, role, Place.TALK) if each is adviser else each for each in kept]
        return Shape(tuple(taken)).moved({CUSTOMER: Place.TALK})

    def without_adviser(self) -> "Shape":
        """Whom the agent asked is gone."""
        adviser, agent = self.adviser, self.agent
        if adviser is None:
            return self
        shape = self.without(adviser.who)
        if agent is not None and agent.place is Place.APART:
            shape = shape.moved({agent.who: Place.PARKED})
        return shape

    def may_leave(self) -> None:
        """Whether the customer may be put through to somebody else. Raises `NotNowError`."""
        self._want(self.adviser is None, "complete the transfer, or let go first whom you asked")
        self._want(self._two_alone or self.state is State.HELD, "nobody is talked to")

    def into_flow(self, *, back: bool) -> "Shape":
        """The customer speaks with a flow; the agent waits in silence if they are to come `back`."""
        self._want(self.adviser is None, "let go first whom you asked")
        self._want(self._two_alone or self.state is State.HELD, "nobody is talked to")
        shape = self.all_at_the_ear().moved({CUSTOMER: Place.FLOW, self._agent().who: Place.PARKED})
        return shape if back else shape.without_agent()

    def out_of_flow(self) -> "Shape":
        """The flow is over; they wait for their agent."""
        return self.moved({CUSTOMER: Place.HOLD})

    def with_guest(self, who: str) -> "Shape":
        """They talk to somebody outside, and to nobody else."""
        parties = (Party(CUSTOMER, Role.CUSTOMER, Place.TALK), Party(who, Role.ADVISER, Place.TALK))
        return Shape(parties)

    def queued(self) -> "Shape":
        """The customer waits for the next agent."""
        return Shape((Party(CUSTOMER, Role.CUSTOMER, Place.HOLD),))

    # What supervisors do.

    def supervise(self, who: str, place: Place) -> "Shape":
        """A supervisor listens, whispers, or takes part (`TALK`)."""
        self._want(self.agent is not None, "no agent is with the customer")
        self._want(
            place is not Place.TALK or self._agent().place is Place.TALK,
            "the customer is not being talked to",
        )
        rest = tuple(each for each in self.parties if each.who != who)
        self._want(
            len(rest) == len(self.parties) or self._party(who).role is Role.SUPERVISOR,
            f"{who} takes part already",
        )
        return Shape((*rest, Party(who, Role.SUPERVISOR, place)))

    def all_at_the_ear(self) -> "Shape":
        """Supervisors who took part only listen: the others part."""
        return self.moved({each.who: Place.LISTENS for each in self.supervisors if each.place is Place.TALK})

    def without(self, who: str) -> "Shape":
        """Somebody is gone."""
        return Shape(tuple(each for each in self.parties if each.who != who))

    def without_agent(self) -> "Shape":
        """The agent is gone, and whoever listened at their ear."""
        gone = {each.who for each in (*self.supervisors, *([self.agent] if self.agent else []))}
        return Shape(tuple(each for each in self.parties if each.who not in gone))

    def moved(self, places: dict[str, Place]) -> "Shape":
        """The same people, some of them elsewhere."""
        return Shape(_placed(self.parties, places))

    # Inside.

    @property
    def _two_alone(self) -> bool:
        """Whether customer and agent talk, with nobody but supervisors beside them."""
        adviser = self.adviser
        apart = adviser is None or adviser.place is not Place.TALK
        return self.agent is not None and self.customer.place is Place.TALK and apart

    def _in(self, place: Place) -> list[Party]:
        return [each for each in self.parties if each.place is place]

    def _party(self, who: str) -> Party:
        return next(each for each in self.parties if each.who == who)

    def _agent(self) -> Party:
        agent = self.agent
        if agent is None:
            raise NotNowError("No agent is with the customer.")
        return agent

    def _adviser(self) -> Party:
        adviser = self.adviser
        if adviser is None:
            raise NotNowError("Nobody is being asked for advice.")
        return adviser

    @staticmethod
    def _want(holds: bool, why: str) -> None:
        if not holds:
            raise NotNowError(f"That cannot be done now: {why}.")


def talk_of(agent: str) -> Shape:
    """A customer and an agent who talk."""
    return Shape((Party(CUSTOMER, Role.CUSTOMER, Place.TALK), Party(agent, Role.AGENT, Place.TALK)))


def _placed(parties: Iterable[Party], places: dict[str, Place]) -> tuple[Party, ...]:
    return tuple(replace(each, place=places.get(each.who, each.place)) for each in parties)
