"""Which texts are to be dealt with now. It is asked every two seconds and has a small index of its own."""

from datetime import datetime
from typing import Final

from sqlalchemy import Select, select, text

from messages.sms.models import TextMessage

# written out, as a database uses a partial index only where it reads the index's own condition
_OPEN: Final = text("text_messages.state IN ('waiting', 'sending', 'sent')")


def due_texts(now: datetime) -> Select[TextMessage]:
    """Those that are not over and whose time has come."""
    return select(TextMessage).where(_OPEN, TextMessage.done.is_(None), TextMessage.next_at <= now)


def by_turn(now: datetime, most: int) -> Select[TextMessage]:
    """So many of them at most, the longest due first, for whoever may change them alone."""
    turn = due_texts(now).order_by(TextMessage.next_at, TextMessage.id).limit(most)
    return turn.with_for_update(skip_locked=True)
