"""What the customer keys: it works, it does not, call me."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, FaultChangeError, FaultStatus
from ivr.actions import ActionContext, Actions
from proactive.assurance.caring import Caring
from proactive.assurance.models import CheckState, RepairCheck
from store import Database, Together
from values import Scalar

BY: Final = "customer"
"""Why a fault was closed or reopened, as the network is told."""
TAKES: Final = {
    FaultStatus.CLOSED: frozenset({FaultStatus.RESTORED}),
    FaultStatus.REOPENED: frozenset({FaultStatus.RESTORED, FaultStatus.CLOSED}),
}
"""Of several faults, whichever an answer holds for: "it does not work" also for those closed meanwhile."""


@dataclass(frozen=True, slots=True)
class _Works:
    """Somebody says that it works: these faults, or, where none is known, what this asking is about."""

    ctx: ActionContext
    fault_id: str
    ask: str


class Answers:
    """The actions of the flow `proactive.fault_closure`. Each may be done twice for one call without harm."""

    def __init__(self, db: Database, customers: Customers, caring: Caring) -> None:
        self._db = db
        self._customers = customers
        self._caring = caring
        self._closing = Together(db, self._close)

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
        return {"settled": await self._closing.do(_Works(ctx, fault_id or "", ask or ""))}

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

    async def _close(self, session: AsyncSession, said: Sequence[_Works]) -> Sequence[bool]:
        """All who say in the same moment that it works; whether that settled something, for each."""
        faults = {each.fault_id: each.ctx for each in said}
        if len(faults) == len(said) and all(len(each.fault_id.split()) == 1 for each in said):
            at = {fault: ctx.now for fault, ctx in faults.items()}
            calls = {fault: ctx.call_id for fault, ctx in faults.items()}
            changed = await self._customers.set_fault_status(
                session, list(faults), FaultStatus.CLOSED, at=at, call_id=calls, reason=BY
            )
            return [each.fault_id in changed for each in said]
        settled = []
        for each in said:
            if not each.fault_id and each.ask:
                settled.append(await self._answered(session, each.ask, "fixed", each.ctx))
            else:
                done = await self._settle(session, each.ctx, each.fault_id, FaultStatus.CLOSED)
                settled.append(bool(done))
        return settled

    async def _settle(
        self, session: AsyncSession, ctx: ActionContext, fault_id: str, status: FaultStatus
    ) -> Sequence[str]:
        faults = fault_id.split() or [fault_id]
        if len(faults) > 1:  # some may have been settled elsewhere since the call was planned
            found = await self._customers.faults(session, faults)
            if unknown := [each for each in faults if each not in found]:
                raise FaultChangeError(f"there is no fault {unknown[0]}")
            faults = [fault for fault, card in found.items() if card.status in TAKES[status]]
        return await self._customers.set_fault_status(
            session, faults, status, at=ctx.now, call_id=ctx.call_id, reason=BY
        )

    async def _answered(self, session: AsyncSession, ask: str, result: str, ctx: ActionContext) -> bool:
        wanted = RepairCheck.ask == ask, RepairCheck.state != CheckState.DONE
        found = (await session.scalars(select(RepairCheck).where(*wanted))).all()
        for check in found:
            check.state, check.result, check.done_at = CheckState.DONE, result, ctx.now
        return bool(found)
