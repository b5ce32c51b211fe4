"""Call control put together out of what the core has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agents import Desk
from ami import Gateway, HungUp
from calls import Journal, LiveBoard
from centralino.core.control.asides import FlowRuns, Halls, WaitingAgents
from centralino.core.control.commands import TalkCommands
from centralino.core.control.control import BACK_SECONDS, Control
from centralino.core.control.deeds import Deeds
from centralino.core.control.guests import Guests
from centralino.core.control.lines import GatewaySwitch, OutsideLines
from centralino.core.control.live import Talks
from centralino.core.control.manual import ManualCalls
from centralino.core.control.parting import Parting
from centralino.core.control.pausing import Pauses
from centralino.core.control.ports import Flows, NextAgent, Outside, Pop, Seats, Switch
from centralino.core.control.ringing import AskedFor, Ringing
from centralino.core.control.through import Through
from centralino.core.control.told import Bulletins
from centralino.core.control.watches import Watches
from centralino.core.control.watching import Watching
from centralino.core.joining.pops import Pops
from centralino.core.joining.waiting import WaitingLine
from dialer import OutsideLegs
from ivr import Library, Runner
from store import LiveStore
from values import Clock


@dataclass(frozen=True, slots=True)
class Parts:
    """What call control leans on."""

    desk: Desk
    seats: Seats
    switch: Switch
    outside: Outside
    flows: Flows
    next_agent: NextAgent
    bulletins: Bulletins
    journal: Journal
    pop: Pop
    manual: ManualCalls | None = None
    asked_for: AskedFor = field(default=lambda _call: "")
    """Whose a call is that is being placed; they hear it ring."""


@dataclass(frozen=True, slots=True)
class Steering:
    """What it is to others: the face towards joining, and what pages may ask."""

    control: Control
    commands: TalkCommands
    deeds: Deeds
    watching: Watching
    keeps: Callable[[str], bool]
    """Whether it sees to the end of what an agent is kept for (`agents.Seat.kept`)."""


@dataclass(frozen=True, slots=True)
class Node:
    """What the core has, of which those parts are made."""

    live: LiveStore
    gateway: Gateway
    desk: Desk
    seats: Seats
    outside: OutsideLegs
    runner: Runner
    library: Library
    journal: Journal
    board: LiveBoard
    country: str
    caller_id: str
    targets: Mapping[str, str]
    """Numbers outside by the names that agents know."""
    waiting: Callable[[], WaitingLine]
    halls: Callable[[], Halls | None]
    bulletins: Bulletins
    manual: ManualCalls
    asked_for: AskedFor


def node_control(node: Node, clock: Clock) -> Steering:
    """The call control of a real node; it hears of hang-ups by itself."""
    parts = Parts(
        desk=node.desk,
        seats=node.seats,
        switch=GatewaySwitch(node.gateway),
        outside=OutsideLines(
            node.gateway,
            node.outside,
            country=node.country,
            caller_id=node.caller_id,
            named=node.targets,
        ),
        flows=FlowRuns(node.runner, node.library, node.journal, node.board),
        next_agent=WaitingAgents(node.desk, node.waiting, node.halls),
        bulletins=node.bulletins,
        journal=node.journal,
        pop=Pops(node.live),
        manual=node.manual,
        asked_for=node.asked_for,
    )
    steering = make_control(parts, clock)
    node.gateway.subscribe(HungUp, steering.control.heard_hangup)
    return steering


def make_control(parts: Parts, clock: Clock, *, back_seconds: float = BACK_SECONDS) -> Steering:
    """The node's call control; `back_seconds`: how long a lost agent's customer waits on hold for them."""
    desk, seats, switch = parts.desk, parts.seats, parts.switch
    ringing = Ringing(desk, seats, switch, parts.asked_for)  # the desk tells it
    talks, watches = Talks(), Watches()
    pauses = Pauses(switch, parts.journal, clock)
    parting = Parting(desk, seats, switch, parts.bulletins, clock)
    guests = Guests(desk, seats, switch, parts.outside, parting, parts.journal, parts.pop, clock)
    through = Through(
        desk,
        seats,
        guests,
        parts.flows,
        parts.next_agent,
        parting,
        parts.journal,
        parts.pop,
        clock,
    )
    deeds = Deeds(
        talks,
        watches,
        desk,
        seats,
        switch,
        guests,
        parts.outside,
        parts.flows,
        parts.next_agent,
        parting,
        pauses,
        clock,
    )
    watching = Watching(talks, watches, desk, seats, switch, parting, deeds, clock)
    control = Control(
        talks, desk, seats, through, guests, parts.outside, parting, pauses, clock, back_seconds=back_seconds
    )

    def keeps(agent: str) -> bool:
        """In a talk that is on, at somebody's ear, or while somebody is rung for them."""
        return bool(
            talks.of_agent(agent) or talks.asking(agent) or watches.of(agent) or ringing.rings_for(agent)
        )

    commands = TalkCommands(talks, watches, deeds, watching, parts.manual)
    return Steering(control, commands, deeds, watching, keeps)
