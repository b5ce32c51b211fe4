"""Who can talk: agents, what they know, whether they are free, and who is reserved for whom. Floor 4.

`Desk` is the one owner of a node's agents: it alone hands them out, the longest idle first, and only those
whose leg is known to wait in its park.
"""

from agents.desk import AgentState, Desk, Reservation, Seat

__all__ = ["AgentState", "Desk", "Reservation", "Seat"]
