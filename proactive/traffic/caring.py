"""Who wants to talk about their traffic: an agent rings them, with the script for it."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Customers, portrait
from dialer import CampaignPlan, enqueue
from ivr.actions import ActionContext
from proactive.caring import caring_campaign, caring_contact
from proactive.traffic.book import alarm_id
from proactive.traffic.models import TrafficAlarm
from proactive.traffic.policy import Policy
from values import CustomerId, Money, Scalar, local_day

CARING: Final = "caring"
SCRIPT: Final = "proactive.traffic_alarm"


def traffic_caring(*, profile: str, caller_id: str, flow: str) -> CampaignPlan:
    """The agents' campaign for them."""
    title = "Caring: customers who asked for a call"
    given = {"profile": profile, "caller_id": caller_id, "flow": flow}
    return caring_campaign(CARING, title, **given, script=SCRIPT)


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
        event = f"caring-{alarm_id(alarm.line_id, alarm.cycle)}"
        about: Mapping[str, Scalar] = {
            "traffic": Money(alarm.unbilled_minor, alarm.currency),
            "tier": card.tier.value,
            "months_left": seen.months_left(local_day(ctx.now, card.zone)),
            "line": alarm.line_id,
            "cycle": alarm.cycle,
        }
        expires = ctx.now + self._policy.caring
        contact = caring_contact(CARING, event, card, ctx.caller, about, expires=expires)
        await enqueue(session, [contact], ctx.now)
        alarm.caring = True
        return True
