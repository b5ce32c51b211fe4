"""What the processes do with an event before any rule: bring our mirrors up to date, or refuse it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events.models import BusinessEvent


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event cannot be so."""

    reason: str
    """In words, for its sender."""
    later: bool = False
    """It may become possible: what comes before it has not come yet. It waits for that, for a day at most."""


Mirror = Callable[[AsyncSession, Sequence[BusinessEvent]], Awaitable[Mapping[str, Refusal]]]
"""Bring mirrors up to date by events of one type, each about something else; the refusals by event id.

A mirror may set `customer_id` of an event that does not name its customer, and tell in its `result` what came
of it: `{"touched": 120}`. What it raises is taken for an
accident: nothing of the batch is kept, and each event is tried by itself, again and again.
"""


@dataclass(slots=True)
class Mirrors:
    """Who mirrors which type of event. Filled once, at the start."""

    by_type: dict[str, list[Mirror]] = field(default_factory=dict)

    def register(self, type: str, mirror: Mirror) -> None:  # noqa: A002  (the event's own word)
        """Let a process mirror events of this type. Several may; the first refusal counts."""
        self.by_type.setdefault(type, []).append(mirror)
