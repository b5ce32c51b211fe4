"""Who wants to talk about their traffic: an agent rings them, with the script for it."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, portrait
from dialer import CampaignPlan, Mode, NewContact, Purpose, enqueue
from ivr.actions import ActionContext
from proactive.traffic.book import alarm_id
from proactive.traffic.models import TrafficAlarm
from proactive.traffic.policy import Policy
from values import CustomerId, Money, PhoneNumber, local_day

CARING: Final = "caring"
SCRIPT: Final = "proactive.traffic_alarm"


def caring_campaign(*, profile: str, caller_id: str, flow: str) -> CampaignPlan:
    """The agents' campaign for those who asked to be called."""
    return CampaignPlan(
        name=CARING,
        title="Caring: customers who asked for a call",
        flow=flow,
        purpose=Purpose.SERVICE,
        profile=profile,
        caller_id=caller_id,
        mode=Mode.PROGRESSIVE,
        priority=60,
        script=SCRIPT,
    )


class Caring:
    """Makes the contacts of that campaign."""

    def __init__(self, customers: Customers, policy: Policy) -> None:
        self._customers = customers
        self._policy = policy

    async def promise(self, session: AsyncSession, ctx: ActionContext, alarm: TrafficAlarm) -> bool:
        """Have an agent ring the customer on the number they are on, once for an alarm."""
        whose = CustomerId(alarm.customer_id)
        seen = await portrait(self._customers, session, whose, ctx.now)
        if seen is None or not ctx.caller:
            return False
        card = seen.card
        contact = NewContact(
            campaign=CARING,
            event_id=f"caring-{alarm_id(alarm.line_id, alarm.cycle)}",
            customer_id=card.id,
            number=PhoneNumber(ctx.caller),
            zone=card.zone,
            fields={
                "customer_name": card.name,
                "traffic": Money(alarm.unbilled_minor, alarm.currency),
                "tier": card.tier.value,
                "months_left": seen.months_left(local_day(ctx.now, card.zone)),
                "line": alarm.line_id,
                "cycle": alarm.cycle,
                "language": card.language,
            },
            priority=10,
            expires=ctx.now + self._policy.caring,
        )
        await enqueue(session, [contact], ctx.now)
        alarm.caring = True
        return True
