"""Personal data has a lifetime: what the processes of this room keep, shown and erased together."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

import proactive.appointments.lifetime
import proactive.assurance.lifetime
import proactive.outages.lifetime
import proactive.provisioning.lifetime
import proactive.traffic.lifetime
from customers import Trail
from store.lifetime import Rule


def rules(now: datetime) -> list[Rule]:
    """What is over by now."""
    return [
        *proactive.appointments.lifetime.rules(now),
        *proactive.assurance.lifetime.rules(now),
        *proactive.outages.lifetime.rules(now),
        *proactive.provisioning.lifetime.rules(now),
        *proactive.traffic.lifetime.rules(now),
    ]


async def show(session: AsyncSession, trail: Trail) -> dict[str, list[dict[str, Any]]]:
    """Everything the processes keep of one customer: rows by table."""
    return {
        **await proactive.appointments.lifetime.show(session, trail),
        **await proactive.assurance.lifetime.show(session, trail),
        **await proactive.outages.lifetime.show(session, trail),
        **await proactive.provisioning.lifetime.show(session, trail),
        **await proactive.traffic.lifetime.show(session, trail),
    }


async def erase(session: AsyncSession, trail: Trail) -> None:
    """Delete what they keep of one customer."""
    await proactive.appointments.lifetime.erase(session, trail)
    await proactive.assurance.lifetime.erase(session, trail)
    await proactive.outages.lifetime.erase(session, trail)
    await proactive.provisioning.lifetime.erase(session, trail)
    await proactive.traffic.lifetime.erase(session, trail)
