"""Which facts other systems can be told of, and what is told. Pure.

Each is an event of the outbox. Told are the fields named here and nothing else: ids, words and times, no
telephone number and no name; whoever may know more asks the API by the id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact."""

    name: str
    """As other systems know it, and the outbox."""
    says: str
    """When it is told."""
    fields: tuple[str, ...]
    """What of the event is told."""


TEST: Final = "messages.webhook_test"
"""Somebody tries out an endpoint; told to that one alone, whatever it wants."""
CALL_ENDED: Final = "calls.ended"
AGENT_STATE: Final = "agents.state_changed"

_ALL: Final = (
    Kind(
        CALL_ENDED,
        "A call is over, whoever called whom.",
        (
            "call_id", "direction", "flow", "flow_version", "attempt_id", "customer_id", "began", "ended",
            "state", "cause", "sip_cause", "outcome", "goal",
        ),
    ),
    Kind(
        "dialer.contact_done",
        "A contact of a campaign is done: reached, given up, withdrawn or expired.",
        ("campaign", "contact_id", "source_event", "customer_id", "outcome", "goal", "attempts"),
    ),
    Kind(
        "dialer.disposed",
        "An agent has said what a talk of a campaign came to.",
        (
            "attempt_id", "campaign", "contact_id", "customer_id", "agent", "disposition", "goal",
            "callback_at",
        ),
    ),
    Kind(
        "agents.talk_said",
        "An agent has said what a talk with a caller came to.",
        ("call_id", "queue", "customer_id", "agent", "disposition"),
    ),
    Kind(
        "dialer.campaign_changed",
        "A campaign was started, paused, put away, or one of its settings changed.",
        ("campaign", "field", "before", "after", "by"),
    ),
    Kind(
        AGENT_STATE,
        "An agent's state changed: ready, talking, wrap-up, paused, offline.",
        ("agent", "state", "before", "seconds", "reason", "campaign", "call_id"),
    ),
    Kind(
        "care.call_back_wanted",
        "A caller has asked to be called back.",
        ("call_id", "customer_id", "language"),
    ),
    Kind(
        "customers.fault_restored",
        "The network says that a fault of a customer's line is repaired.",
        ("fault_id", "customer_id", "line_id"),
    ),
    Kind(
        "customers.fault_reopened",
        "A fault is not repaired, its customer says, or is there again: it comes before others.",
        ("fault_id", "customer_id", "line_id", "reason", "priority"),
    ),
    Kind(
        "customers.fault_closed",
        "A fault is over: the customer or the network says so, or a rule after no answer.",
        ("fault_id", "customer_id", "line_id", "reason"),
    ),
    Kind(
        "proactive.event_done",
        "A business event is worked off: what each rule did about it, or why it was refused.",
        ("id", "type", "about", "customer_id", "state", "result"),
    ),
    Kind(
        "surveys.finished",
        "An interview is over: complete, or broken off after the customer had agreed to it.",
        (
            "interview", "survey", "state", "customer_id", "call_id", "about", "agent", "team", "site",
            "partner", "area", "answers",
        ),
    ),
    Kind(
        "surveys.detractor",
        "A customer would not recommend us (6 or less of 10): an agent is about to ring them.",
        ("interview", "survey", "customer_id", "score", "area", "agent", "about", "call_id"),
    ),
    Kind(
        "proactive.traffic_told",
        "A warning of unusual traffic is over: told, or not, and whether the customer asked for a call.",
        (
            "line", "cycle", "customer_id", "unbilled", "threshold", "currency", "outcome", "understood",
            "caring",
        ),
    ),
    Kind(
        "messages.text_done",
        "A text to a customer is over: delivered, undelivered, refused, forbidden, expired, not sent.",
        ("id", "state", "about", "purpose", "customer_id", "segments", "code"),
    ),
    Kind(
        "proactive.appointment_changed",
        "A technician's visit was confirmed, moved, called off, set, or offered anew.",
        ("appointment", "customer_id", "kind", "state", "start", "end", "slot", "by", "call_id"),
    ),
    Kind(TEST, "Somebody tries out this endpoint.", ("endpoint",)),
)  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _ALL}
CHOICES: Final = tuple(kind for kind in _ALL if kind.name != TEST)
"""Those that an endpoint can want."""
