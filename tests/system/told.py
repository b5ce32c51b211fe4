"""What other systems tell us, so that the house rings a customer about it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from values import SystemClock, new_id

PIN = "482915"


def activated(customer: str) -> dict[str, Any]:
    """Their line works, and a PIN came with the contract."""
    now = SystemClock().now().isoformat()
    return {
        "id": new_id("e"), "type": "order.activated", "at": now, "customer": customer, "order": new_id("o"),
        "activated": now, "pin": PIN,
    }  # fmt: skip


def offered(customer: str) -> dict[str, Any]:
    """A technician can come on three days."""
    now = SystemClock().now()
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)

    def slot(day: int) -> dict[str, str]:
        begins: datetime = noon + timedelta(days=day)
        return {"start": begins.isoformat(), "end": (begins + timedelta(hours=2)).isoformat()}

    return {
        "id": new_id("e"), "type": "appointment.offered", "at": now.isoformat(), "customer": customer,
        "appointment": new_id("v"), "kind": "installation", "slots": [slot(day) for day in (3, 4, 5)],
        "until": (noon + timedelta(days=2)).isoformat(),
    }  # fmt: skip


TOLD: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "proactive.welcome_call": activated,
    "proactive.appointment": offered,
}
"""The event that a flow's calls begin with."""
