"""What somebody who is rung understands: the town hears no words, so it looks up which flow speaks."""

from typing import Protocol

from sqlalchemy import select

from dialer.models import Attempt, AttemptState, Campaign
from store import Database, StoreUnavailableError


class Hearing(Protocol):
    """Tells a subscriber what a call of ours is about."""

    async def flow_on(self, number: str) -> str:
        """The flow that speaks to this number now; '' when nobody knows."""
        ...


class Understanding:
    """Satisfies `Hearing` from the house's own attempts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def flow_on(self, number: str) -> str:
        """That of the youngest call to the number that is not over."""
        wanted = (
            select(Campaign.flow)
            .join(Attempt, Attempt.campaign == Campaign.name)
            .where(Attempt.number == number, Attempt.state != AttemptState.DONE)
            .order_by(Attempt.committed.desc())
            .limit(1)
        )
        try:
            async with self._db.read() as session:
                return await session.scalar(wanted) or ""
        except StoreUnavailableError:
            return ""
