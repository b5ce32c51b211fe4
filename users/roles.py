"""Who may do what. Pure: roles, rights, and which role has which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """Something that not everybody may do. Also the scopes of an API token."""

    DESK = "desk"
    """Work as an agent: take calls, see the customer on the line, say what came of it."""
    CUSTOMERS = "customers"
    """Look customers up."""
    CALLS = "calls"
    """See calls that are up and calls that were."""
    FLOOR = "floor"
    """The operations view."""
    CAMPAIGNS = "campaigns"
    """Start, pause, tune and clone campaigns; lists and trunks."""
    COMPLIANCE = "compliance"
    """Do-not-call entries and hours."""
    STEER = "steer"
    """Set other agents' presence, and the queues."""
    MONITOR = "monitor"
    """Listen, whisper, barge in, take over."""
    RECORDINGS = "recordings"
    """Listen to recordings."""
    REPORTS = "reports"
    """Reports, also by e-mail."""
    SCRIPTS = "scripts"
    """Edit and publish what agents say."""
    USERS = "users"
    """Add people, give them roles, lock them out."""
    AUDIT = "audit"
    """Read who did what."""
    WEBHOOKS = "webhooks"
    """Say which other systems are told of what happens."""
    EVENTS = "events"
    """Send business events; see what came of them, and the rules."""
    SURVEYS = "surveys"
    """Set up surveys and polls, and see by name what was answered."""


class Role(StrEnum):
    """What somebody is here."""

    AGENT = "agent"
    BACK_OFFICE = "back_office"
    SUPERVISOR = "supervisor"
    OPERATIONS = "operations"
    MARKETING = "marketing"
    PARTNER_MANAGER = "partner_manager"
    """Sees the agents and the figures of one partner, and nobody else's."""
    ADMIN = "admin"


_R = Right
RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.AGENT: frozenset({_R.DESK, _R.CUSTOMERS}),
    Role.BACK_OFFICE: frozenset({_R.DESK, _R.CUSTOMERS, _R.CALLS}),
    Role.SUPERVISOR: frozenset(
        {
            _R.DESK, _R.CUSTOMERS, _R.CALLS, _R.FLOOR, _R.STEER, _R.MONITOR, _R.RECORDINGS, _R.REPORTS,
            _R.SCRIPTS, _R.SURVEYS,
        }
    ),
    Role.OPERATIONS: frozenset(
        {
            _R.CUSTOMERS, _R.CALLS, _R.FLOOR, _R.CAMPAIGNS, _R.COMPLIANCE, _R.STEER, _R.REPORTS, _R.WEBHOOKS,
            _R.EVENTS, _R.SURVEYS,
        }
    ),
    Role.MARKETING: frozenset({_R.CAMPAIGNS, _R.REPORTS, _R.SCRIPTS, _R.SURVEYS}),
    Role.PARTNER_MANAGER: frozenset({_R.FLOOR, _R.CALLS, _R.REPORTS}),
    Role.ADMIN: frozenset(Right),
}  # fmt: skip
"""What each role may do."""
