"""Who wants to be called about a repair: an agent rings them, and says what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers
from dialer import CampaignPlan, enqueue
from ivr.actions import ActionContext
from proactive.assurance.models import CheckState, RepairCheck
from proactive.assurance.policy import Policy
from proactive.caring import caring_campaign, caring_contact
from values import Scalar, local_day

CARING: Final = "fault_caring"
DISPOSITIONS: Final[Sequence[dict[str, Any]]] = (
    {"name": "fixed", "title": "It works", "key": "1", "goal": True, "right_party": True},
    {"name": "not_fixed", "title": "It does not work", "key": "2", "goal": True, "right_party": True},
    {"name": "call_back", "title": "Call back at a time", "key": "3", "then": "call_back"},
    {"name": "not_there", "title": "Not there, try again", "key": "4", "then": "retry"},
    {"name": "wrong_number", "title": "Wrong number", "key": "5", "wrong_number": True},
)


def fault_caring(*, profile: str, caller_id: str, flow: str) -> CampaignPlan:
    """The agents' campaign for them; who is rung says whether the line works."""
    title = "Repairs: customers who asked for a call"
    given = {"profile": profile, "caller_id": caller_id, "flow": flow}
    return caring_campaign(CARING, title, **given, dispositions=DISPOSITIONS)


class Caring:
    """Makes the contacts of that campaign."""

    def __init__(self, customers: Customers, policy: Policy) -> None:
        self._customers = customers
        self._policy = policy

    async def promise(
        self, session: AsyncSession, ctx: ActionContext, faults: Sequence[str], ask: str
    ) -> bool:
        """Have an agent ring the customer on the number they are on; False when nobody knows who it is."""
        about = RepairCheck.ask == ask if ask else RepairCheck.fault_id.in_(faults)
        wanted = select(RepairCheck).where(about, RepairCheck.state != CheckState.DONE)
        checks = (await session.scalars(wanted.order_by(RepairCheck.id))).all()
        cards = await self._customers.faults(session, faults) if faults else {}
        known = {check.customer_id for check in checks} | {card.customer_id for card in cards.values()}
        if len(known) != 1 or not ctx.caller:
            return False
        (customer,) = (await self._customers.find_by_ids(session, list(known))).values()  # type: ignore[arg-type]
        event = f"call-me-{ctx.call_id}"
        for check in checks:
            check.ask, check.state, check.close_at = event, CheckState.CARING, None
        times = [check.opened for check in checks] or [card.opened_at for card in cards.values()]
        told: Mapping[str, Scalar] = {
            "fault_id": " ".join(faults),
            "opened": local_day(min(times), customer.zone),
        }
        expires = ctx.now + self._policy.caring
        contact = caring_contact(CARING, event, customer, ctx.caller, told, expires=expires)
        await enqueue(session, [contact], ctx.now)
        return True
