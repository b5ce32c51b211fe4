"""What the network says became of a text: signed by Twilio, in any order, perhaps twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from messages.sms.models import OVER, TextMessage, TextState
from messages.sms.outcomes import finish

STATUS_PATH: Final = "/api/v1/texts/status"
SIGNATURE: Final = "X-Twilio-Signature"
WHICH: Final = "text"

_STATES: Final[Mapping[str, TextState]] = {
    "accepted": TextState.SENT,
    "scheduled": TextState.SENT,
    "queued": TextState.SENT,
    "sending": TextState.SENT,
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "read": TextState.DELIVERED,
    "undelivered": TextState.UNDELIVERED,
    "failed": TextState.UNDELIVERED,
    "canceled": TextState.UNDELIVERED,
}
_OPEN: Final = frozenset({TextState.SENDING, TextState.SENT, TextState.UNSURE})
"""What word of the network can still change; it may come before the answer to our own request."""


@dataclass(frozen=True, slots=True)
class Status:
    """One word of the network's."""

    sid: str
    state: TextState
    code: str = ""


def status_address(base: str, text_id: str) -> str:
    """Where we want to hear of a text: it carries our own id, so that no crash parts it from its word."""
    return f"{base.rstrip('/')}{STATUS_PATH}?{WHICH}={quote(text_id, safe='')}"


def status_of(form: Mapping[str, str]) -> Status | None:
    """What Twilio's form says; None when that is nothing we know."""
    state = _STATES.get(form.get("MessageStatus", ""))
    if state is None:
        return None
    return Status(form.get("MessageSid", "")[:64], state, form.get("ErrorCode", "")[:16])


async def take_status(session: AsyncSession, text_id: str, status: Status, now: datetime) -> bool:
    """Note word of a text; whether it changed anything. Twice, or after its end, changes nothing."""
    found = await session.get(TextMessage, text_id, with_for_update=True)
    if found is None or found.state not in _OPEN or (found.sid and status.sid and found.sid != status.sid):
        return False
    found.sid = found.sid or status.sid
    found.sent = found.sent or now
    if status.state not in OVER:
        changed = found.state is not TextState.SENT
        found.state = TextState.SENT if found.state is not TextState.UNSURE else found.state
        await session.flush()
        return changed
    why = "" if status.state is TextState.DELIVERED else f"the network could not deliver it ({status.code})"
    await finish(session, [found], status.state, now, why=why, code=status.code)
    return True
