"""An agent named on the command line."""

from sqlalchemy.ext.asyncio import AsyncSession

from agents import agent_cards
from values import BadInputError, no_such


async def check_agent(session: AsyncSession, name: str, *, field: str = "--agent") -> None:
    """Refuse an agent that is none, with the nearest there are. Raises `BadInputError`."""
    if name and not await agent_cards(session, [name]):
        there = [card.name for card in await agent_cards(session)]
        raise BadInputError(no_such(name, there, "agent"), field=field)
