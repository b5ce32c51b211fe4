"""Is it fixed? The call after a repair, from the restored fault to the remembered answer."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Channel, ContactDirection, ContactNote, Customers, FaultStatus
from dialer import CampaignPlan, Purpose
from ivr.actions import Actions
from proactive.assurance.answers import BY, TAKES, Answers
from proactive.assurance.asking import CAMPAIGN, ELSEWHERE, TOGETHER, Asking, repaired
from proactive.assurance.caring import CARING, Caring, fault_caring
from proactive.assurance.closing import Closing
from proactive.assurance.models import CheckState, RepairCheck
from proactive.assurance.policy import Policy, load_policy
from proactive.facts import REPAIR_DONE
from proactive.rules import Rulings
from proactive.rules.alone import rulings_alone
from store import Database, Event, Handler
from values import Clock, CustomerId

FLOW: Final = "proactive.fault_closure"
_TAKEN_BACK: Final = frozenset({TOGETHER, ELSEWHERE, "repaired_again"})
"""Outcomes of contacts that were withdrawn because their question is settled, or asked by another."""
NOT_FIXED: Final = "not_fixed"
_ANSWERED: Final = {"fixed": FaultStatus.CLOSED, NOT_FIXED: FaultStatus.REOPENED}


class FaultClosure:
    """The process: its actions, its campaigns, and what it does when it hears of faults and contacts."""

    def __init__(
        self,
        db: Database,
        customers: Customers,
        clock: Clock,
        *,
        rulings: Rulings | None = None,
        policy: Policy | None = None,
    ) -> None:
        """`rulings` decide whom to call; without them the house's own rules do."""
        self._customers = customers
        self._clock = clock
        self.policy = policy or load_policy()
        self.asking = Asking((rulings or rulings_alone(customers, REPAIR_DONE)).enact, self.policy)
        self.closing = Closing(db, customers, self.policy, clock)
        self.answers = Answers(db, customers, Caring(customers, self.policy))

    @staticmethod
    def campaign(
        *,
        profile: str,
        caller_id: str,
        calls_per_second: float = 5.0,
        lines: int = 50,
        policy: Policy | None = None,
    ) -> CampaignPlan:
        """The campaign these calls belong to; the jurisdiction and the shown number are the operator's."""
        return CampaignPlan(
            name=CAMPAIGN,
            title="Fault closure",
            flow=FLOW,
            purpose=Purpose.SERVICE,
            profile=profile,
            caller_id=caller_id,
            calls_per_second=calls_per_second,
            lines=lines,
            priority=50,
            retry=(policy or load_policy()).retry,
        )

    def campaigns(self, *, profile: str, caller_id: str) -> Sequence[CampaignPlan]:
        """The campaign that asks, and the agents' for those who want to be called."""
        return (
            self.campaign(profile=profile, caller_id=caller_id, policy=self.policy),
            fault_caring(profile=profile, caller_id=caller_id, flow=FLOW),
        )

    def register(self, actions: Actions) -> None:
        """Offer its actions to the flows."""
        self.answers.register(actions)

    def subscriptions(self) -> Mapping[str, Sequence[Handler]]:
        """Which events it takes."""
        return {
            "customers.fault_restored": [Handler("proactive.on_restored", self.on_restored)],
            "customers.fault_closed": [Handler("proactive.on_settled", self.on_settled)],
            "customers.fault_reopened": [Handler("proactive.on_settled", self.on_settled)],
            "dialer.contact_done": [Handler("proactive.on_done", self.on_done)],
        }

    async def on_restored(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Faults were repaired: ask those customers, each once for each repair."""
        faults = await self._customers.faults(session, [str(_said(event, "fault_id")) for event in events])
        wanted = [repaired(fault) for fault in faults.values() if fault.status is FaultStatus.RESTORED]
        await self.asking.ask(session, wanted, self._clock.now())

    async def on_settled(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """The customer answered, to us or elsewhere, or the network closed it: nobody need ring any more."""
        why = {str(_said(event, "fault_id")): str(_said(event, "reason") or "") for event in events}
        faults = await self._customers.faults(session, list(why))
        results = {
            fault.id: _result(fault.status, why[fault.id])
            for fault in faults.values()
            if fault.status is not FaultStatus.RESTORED  # one that is restored again is to be asked about
        }
        await self.asking.settle(session, results, self._clock.now())

    async def on_done(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """A contact of ours is over: remember it with the customer, and see to it when nobody answered."""
        ours = [event for event in events if _said(event, "campaign") in {CAMPAIGN, CARING}]
        if not ours:
            return
        await self._note(session, ours)
        now = self._clock.now()
        outcomes = {
            str(_said(event, "source_event")): str(_said(event, "outcome"))
            for event in ours
            if _said(event, "outcome") not in _TAKEN_BACK
        }
        await self._reopen(session, ours)
        states = [CheckState.ASKING, CheckState.CARING]
        wanted = RepairCheck.ask.in_(list(outcomes)), RepairCheck.state.in_(states)
        checks = (await session.scalars(select(RepairCheck).where(*wanted).order_by(RepairCheck.id))).all()
        answered = [check for check in checks if outcomes[check.ask] in _ANSWERED]
        for outcome, status in _ANSWERED.items():
            said = [check for check in answered if outcomes[check.ask] == outcome]
            await self._set(session, said, status)
            for check in said:
                check.state, check.result, check.done_at = CheckState.DONE, outcome, now
        rest = [check for check in checks if check not in answered]
        await self.closing.unanswered(session, rest, outcomes, now)

    async def _reopen(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """What does not work, as an agent was told, is open again, also when the network closed it."""
        said = [e for e in events if (_said(e, "campaign"), _said(e, "outcome")) == (CARING, NOT_FIXED)]
        named = {fault for event in said for fault in _faults(event)}
        faults = await self._customers.faults(session, sorted(named)) if named else {}
        takes = TAKES[FaultStatus.REOPENED]
        settled = [fault.id for fault in faults.values() if fault.status in takes]
        await self._customers.set_fault_status(
            session, settled, FaultStatus.REOPENED, at=self._clock.now(), reason=BY
        )

    async def _set(self, session: AsyncSession, checks: Sequence[RepairCheck], status: FaultStatus) -> None:
        """What an agent heard counts as what is keyed; the flow has noted its own answers already."""
        faults = await self._customers.faults(session, [check.fault_id for check in checks if check.fault_id])
        restored = [fault.id for fault in faults.values() if fault.status is FaultStatus.RESTORED]
        await self._customers.set_fault_status(session, restored, status, at=self._clock.now(), reason=BY)

    async def _note(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """With the customer, unless they have been erased."""
        ids = [CustomerId(str(_said(event, "customer_id"))) for event in events]
        known = await self._customers.find_by_ids(session, ids)
        notes = [
            ContactNote(
                id=f"h-{_said(event, 'contact_id')}",
                customer_id=CustomerId(str(_said(event, "customer_id"))),
                at=event.at,
                channel=Channel.VOICE,
                direction=ContactDirection.OUTBOUND,
                reason=str(_said(event, "campaign")),
                outcome=str(_said(event, "outcome")),
            )
            for event in events
            if _said(event, "customer_id") in known
        ]
        if notes:
            await self._customers.note_contacts(session, notes)


def _result(status: FaultStatus, reason: str) -> str:
    if reason == BY:
        return "fixed" if status is FaultStatus.CLOSED else "not_fixed"
    return reason or ELSEWHERE


def _faults(event: Event) -> Sequence[str]:
    """Those that a caring call was about."""
    return str((_said(event, "fields") or {}).get("fault_id") or "").split()


def _said(event: Event, name: str) -> Any:
    return event.payload.get(name)
