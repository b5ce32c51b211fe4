"""Who can talk: agents, what they know, whether they are free, and who is reserved for whom. Floor 4.

`Desk` is the one owner of a node's agents: it alone hands them out, the longest idle first, and only those
whose leg is known to wait in its park. `Shift` is its side to the line: legs rung, followed, rung again.
"""

from agents.cards import PLACES, AgentCard, agent_card
from agents.desk import SIGN_OUT, Desk
from agents.diary import Diary
from agents.needs import Need
from agents.ports import Disposal, Disposing, Lines, LiveLeg, Where
from agents.presence import Presence, Present, present
from agents.seat import AgentState, Reservation, Seat
from agents.service import agent_cards, put_agents
from agents.share import Claim, Portion, portions, share
from agents.shift import Shift

__all__ = [
    "PLACES",
    "SIGN_OUT",
    "AgentCard",
    "AgentState",
    "Claim",
    "Desk",
    "Diary",
    "Disposal",
    "Disposing",
    "Lines",
    "LiveLeg",
    "Need",
    "Portion",
    "Presence",
    "Present",
    "Reservation",
    "Seat",
    "Shift",
    "Where",
    "agent_card",
    "agent_cards",
    "portions",
    "present",
    "put_agents",
    "share",
]
