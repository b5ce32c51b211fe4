"""Attempts as values: what is wanted, what was committed, how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialer.campaigns import shown_number
from dialer.cards import AnyContact
from dialer.contacts import Lease
from dialer.gate import Purpose
from dialer.models import AttemptState, Campaign, Machines, Mode
from values import AttemptId, PhoneNumber, Scalar, from_json, new_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """A leased contact, and the trunk that has room for it."""

    lease: Lease
    trunk: str


@dataclass(frozen=True, slots=True)
class Placement:
    """A committed attempt with all that placing it, and talking in it, needs."""

    attempt_id: AttemptId
    contact_id: str
    campaign: str
    customer_id: str
    number: PhoneNumber
    trunk: str
    trunks: tuple[str, ...]
    """Where the campaign's calls may go, in order; empty: anywhere."""
    caller_id: str
    flow: str
    fields: Mapping[str, Scalar]
    ring_seconds: float
    title: str = ""
    purpose: Purpose = Purpose.SERVICE
    profile: str = ""
    mode: Mode = Mode.AGENTLESS
    skill: str = ""
    """What the agent who talks to them must know."""
    agent: str = ""
    """The agent to whom the call-back was promised; '' for anybody's."""
    machines: Machines = Machines.IGNORE
    message: str = ""
    wrap_seconds: float = 0.0
    record: bool = False


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """How an attempt ended. Times and words left empty change nothing that is known already."""

    attempt_id: AttemptId
    outcome: str
    over: datetime
    goal: bool = False
    answered: datetime | None = None
    cause: int = 0
    sip_cause: str = ""
    ringing: datetime | None = None
    detected: datetime | None = None
    amd: str = ""
    amd_cause: str = ""
    joined: datetime | None = None
    released: datetime | None = None
    agent: str = ""
    recording: str = ""


def attempt_row(
    contact: AnyContact,
    campaign: Campaign,
    *,
    node: str,
    committed: datetime,
    trunk: str = "",
    moved_from: str = "",
    attempt_id: str = "",
    cost: int = 0,
) -> dict[str, Any]:
    """A new attempt as a row of its table; without an id it gets a fresh one."""
    return {
        "id": attempt_id or new_id("a"),
        "contact_id": contact.id,
        "campaign": campaign.name,
        "purpose": campaign.purpose,
        "node": node,
        "trunk": trunk,
        "number": contact.number,
        "customer_id": contact.customer_id,
        "list": contact.list,
        "caller_id": shown_number(campaign, contact),
        "moved_from": moved_from,
        "fence": contact.fence,
        "state": AttemptState.COMMITTED,
        "committed": committed,
        **dict.fromkeys(("placed", "ringing", "answered", "detected", "joined", "released", "over")),
        **dict.fromkeys(("amd", "amd_cause", "agent", "disposition", "recording"), ""),
        "cost": cost,
        "cause": 0,
        "sip_cause": "",
        "outcome": "",
        "goal": False,
    }


def placement_of(
    attempt: Mapping[str, Any], contact: AnyContact, campaign: Campaign, *, agent: str = ""
) -> Placement:
    """An attempt's rows as one value; `agent` is who was promised to the customer.

    Of the attempt only its id, number, trunk and shown number are asked for.
    """
    return Placement(
        attempt_id=AttemptId(attempt["id"]),
        contact_id=contact.id,
        campaign=campaign.name,
        customer_id=contact.customer_id,
        number=PhoneNumber(attempt["number"]),
        trunk=attempt["trunk"],
        trunks=tuple(campaign.trunks),
        caller_id=attempt["caller_id"],
        flow=campaign.flow,
        fields={name: from_json(value) for name, value in contact.fields.items()},
        ring_seconds=campaign.ring_seconds,
        title=campaign.title,
        purpose=campaign.purpose,
        profile=campaign.profile,
        mode=campaign.mode,
        skill=campaign.skill,
        agent=agent,
        machines=campaign.machines,
        message=campaign.message,
        wrap_seconds=campaign.wrap_seconds,
        record=campaign.record,
    )
