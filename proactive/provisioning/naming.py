"""By what names this process knows its things again. Pure; the rules of `house.yaml` use the same."""

from collections.abc import Mapping
from typing import Final

DAYS: Final = ("order.planned", "order.moved")
"""The events that set a day: of these the one that was said last holds, whichever came last."""


def order_key(order: str) -> str:
    """What contacts about an order are withdrawn by (`replaces:` of its rules)."""
    return f"order-{order}"


def text_id(source_event: str) -> str:
    """The text that goes to whom a contact could not reach."""
    return f"notice-{source_event}"


def day_of(data: Mapping[str, object]) -> tuple[object, ...]:
    """The day that an event sets, with the hours of the outage: what makes two of them say the same."""
    return tuple(data.get(name) for name in ("planned", "work_from", "work_to"))
