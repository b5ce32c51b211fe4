"""One rule, read and ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.language import Expression
from proactive.rules.moments import Moment, Quiet
from proactive.rules.templates import Template
from values import Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When something of this kind happens to a customer, call them so."""

    name: str
    title: str
    on: frozenset[str]
    """The types of facts it is for."""
    when: Expression | None = None
    """It holds only where this is so."""
    campaign: str = ""
    """'' : nobody is called; the rule only withdraws."""
    flow: str = ""
    """The flow that the campaign is meant to run, for the checker; '' whichever it runs."""
    event_id: Template | None = None
    """What makes a contact the same however often it is told; without it the rule and the fact."""
    fields: Mapping[str, Template | Scalar] = field(default_factory=dict)
    """What the flow is started with."""
    replaces: Template | None = None
    """Contacts made before under this key are withdrawn."""
    not_before: Moment | None = None
    expires: Moment | None = None
    quiet: Quiet | None = None
    control: float = 0.0
    """The share of customers who are not called, to see what the calls are good for."""
    priority: int = 0
