"""Who can talk: agents, what they know, whether they are free, and who is reserved for whom. Floor 4.

`Desk` is the one owner of a node's agents: it alone hands them out, the longest idle first, and only those
whose leg is known to wait in its park. `Shift` is its side to the line: legs rung, followed, rung again.
"""

from agents.cards import AgentCard, agent_card
from agents.desk import SIGN_OUT, Desk
from agents.ports import Lines, LiveLeg, Where
from agents.seat import AgentState, Reservation, Seat
from agents.shift import Shift

__all__ = [
    "SIGN_OUT",
    "AgentCard",
    "AgentState",
    "Desk",
    "Lines",
    "LiveLeg",
    "Reservation",
    "Seat",
    "Shift",
    "Where",
    "agent_card",
]
