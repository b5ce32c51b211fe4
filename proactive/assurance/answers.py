"""What the customer keys: it works, it does not, call me."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, FaultChangeError, FaultStatus
from ivr.actions import ActionContext, Actions
from proactive.assurance.caring import Caring
from proactive.assurance.models import CheckState, RepairCheck
from store import Database
from values import Scalar

BY: Final = "customer"
"""Why a fault was closed or reopened, as the network is told."""


class Answers:
    """The actions of the flow `proactive.fault_closure`. Each may be done twice for one call without harm."""

    def __init__(self, db: Database, customers: Customers, caring: Caring) -> None:
        self._db = db
        self._customers = customers
        self._caring = caring

    def register(self, actions: Actions) -> None:
        """Offer `proactive.close_fault`, `proactive.reopen_fault` and `proactive.call_me` to the flows."""
        fields, ask = frozenset({"fault_id", "ask"}), frozenset({"ask"})
        settled = frozenset({"settled"})
        for name, function in (("close_fault", self.close_fault), ("reopen_fault", self.reopen_fault)):
            actions.register(f"proactive.{name}", function, fields=fields, results=settled, optional=ask)
        promised = frozenset({"promised"})
        actions.register("proactive.call_me", self.call_me, fields=fields, results=promised, optional=ask)

    async def close_fault(
        self, ctx: ActionContext, fault_id: str | None, ask: str | None = ""
    ) -> Mapping[str, Scalar]:
        """The customer says that it works; `fault_id` may name several faults, with blanks between them."""
        async with self._db.write() as session:
            if not fault_id and ask:
                return {"settled": await self._answered(session, ask, "fixed", ctx)}
            changed = await self._settle(session, ctx, fault_id or "", FaultStatus.CLOSED)
        return {"settled": bool(changed)}

    async def reopen_fault(
        self, ctx: ActionContext, fault_id: str | None, ask: str | None = ""
    ) -> Mapping[str, Scalar]:
        """The customer says that it does not. With no fault of theirs to reopen, one of us rings them."""
        async with self._db.write() as session:
            if not fault_id and ask:
                return {"settled": await self._caring.promise(session, ctx, (), ask)}
            changed = await self._settle(session, ctx, fault_id or "", FaultStatus.REOPENED)
        return {"settled": bool(changed)}

    async def call_me(
        self, ctx: ActionContext, fault_id: str | None, ask: str | None = ""
    ) -> Mapping[str, Scalar]:
        """The customer wants to talk to somebody: an agent rings the number they are on."""
        async with self._db.write() as session:
            return {"promised": await self._caring.promise(session, ctx, (fault_id or "").split(), ask or "")}

    async def _settle(
        self, session: AsyncSession, ctx: ActionContext, fault_id: str, status: FaultStatus
    ) -> Sequence[str]:
        faults = fault_id.split() or [fault_id]
        if len(faults) > 1:  # some may have been settled elsewhere since the call was planned
            found = await self._customers.faults(session, faults)
            if unknown := [each for each in faults if each not in found]:
                raise FaultChangeError(f"there is no fault {unknown[0]}")
            faults = [fault for fault, card in found.items() if card.status is FaultStatus.RESTORED]
        return await self._customers.set_fault_status(
            session, faults, status, at=ctx.now, call_id=ctx.call_id, reason=BY
        )

    async def _answered(self, session: AsyncSession, ask: str, result: str, ctx: ActionContext) -> bool:
        wanted = RepairCheck.ask == ask, RepairCheck.state != CheckState.DONE
        found = (await session.scalars(select(RepairCheck).where(*wanted))).all()
        for check in found:
            check.state, check.result, check.done_at = CheckState.DONE, result, ctx.now
        return bool(found)
