"""For how long what is kept about agents is kept."""

from datetime import datetime

from sqlalchemy import and_, not_, select

from agents.models import Agent, AgentEvent
from store.lifetime import MONTH, Rule


def rules(now: datetime) -> list[Rule]:
    """What is over by now. An agent goes with the last that they did, once they work here no more."""
    two_years = now - 24 * MONTH
    did_something = select(AgentEvent.seq).where(AgentEvent.agent == Agent.name).exists()
    return [
        Rule(AgentEvent, AgentEvent.at < two_years),
        Rule(Agent, and_(not_(Agent.active), Agent.created < two_years, not_(did_something))),
    ]
