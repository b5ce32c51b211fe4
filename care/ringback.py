"""What the flow for who rings us back can have done: no more calls, a call-back instead of an agent."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Purpose
from dialer.ringbacks import RingBack, promise_agent, ring_back_by_attempt, stop_calls
from ivr.actions import ActionContext, Actions
from store import Database
from values import CentralinoError, PhoneNumber, Scalar

_ASKED = frozenset({"attempt_id"})


class NotCalledError(CentralinoError):
    """The call that somebody rings back about was not to them."""

    error_id = "not-called"


class RingBackDesk:
    """The actions `care.stop_calls` and `care.promise_agent`. Each may be done twice for one call."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def register(self, actions: Actions) -> None:
        """Offer them to the flows."""
        actions.register("care.stop_calls", self.stop, fields=_ASKED, results=frozenset({"notices"}))
        actions.register("care.promise_agent", self.promise, fields=_ASKED, results=frozenset({"promised"}))

    async def stop(self, ctx: ActionContext, attempt_id: str) -> Mapping[str, Scalar]:
        """Call them no more for what that call was about; `notices`: what must be told still will be."""
        async with self._db.write() as session:
            found = await _whose(session, attempt_id, ctx)
            await stop_calls(session, found, source=f"the customer, call {ctx.call_id}", now=ctx.now)
        return {"notices": found.purpose is Purpose.MANDATORY_NOTICE}

    async def promise(self, ctx: ActionContext, attempt_id: str) -> Mapping[str, Scalar]:
        """Ring them again when somebody can talk to them."""
        async with self._db.write() as session:
            found = await _whose(session, attempt_id, ctx)
            return {"promised": await promise_agent(session, found, ctx.now) is not None}


async def _whose(session: AsyncSession, attempt_id: str, ctx: ActionContext) -> RingBack:
    found = await ring_back_by_attempt(session, attempt_id, PhoneNumber(ctx.caller))
    if found is None:
        raise NotCalledError
    return found
