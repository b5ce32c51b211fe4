"""Business events: what other systems tell us, taken once, kept, and worked in order.

`EVENT` and `EVENTS` read them, `Intake` takes them, `Worker` mirrors them and lets the rules decide; when one
is done, the outbox event `EVENT_DONE` says what came of it.
"""

from proactive.events.intake import Intake, Refused, Taken
from proactive.events.kinds import EVENT, EVENTS, KINDS, AnyEvent
from proactive.events.mirrors import Mirror, Mirrors, Refusal
from proactive.events.models import BusinessEvent, EventState
from proactive.events.work import EVENT_DONE, Worker, fact_of

__all__ = [
    "EVENT",
    "EVENTS",
    "EVENT_DONE",
    "KINDS",
    "AnyEvent",
    "BusinessEvent",
    "EventState",
    "Intake",
    "Mirror",
    "Mirrors",
    "Refusal",
    "Refused",
    "Taken",
    "Worker",
    "fact_of",
]
