"""Where a page of a list by time ended, as a word that the next question hands back."""

import base64
import binascii
from datetime import UTC, datetime

from values.errors import BadInputError


def cursor_of(at: datetime, key: str) -> str:
    """The cursor behind a row: its moment, and what tells it from others of that moment."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{key}".encode()).decode().rstrip("=")


def read_cursor(cursor: str, problem: str) -> tuple[datetime, str]:
    """Moment and key of the row before. Raises `BadInputError`, saying `problem`, for any other text."""
    strange = BadInputError(problem, field="cursor")
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, key = text.partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise strange
        return moment.astimezone(UTC), key
    except (ValueError, OverflowError, binascii.Error) as cause:
        raise strange from cause
