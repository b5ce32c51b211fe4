"""Facts that happen often are told to the outbox only while another system wants to hear of them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from calls import CallEnd
from calls.models import Call
from messages.webhooks import AGENT_STATE, CALL_ENDED, KINDS, Interest
from store import Event, emit
from values import EventId

_CALL: Final = tuple(name for name in KINDS[CALL_ENDED].fields if name not in {"began", "ended"})


class Herald:
    """Tells of ended calls and of agents' changes, in the transactions that write them."""

    def __init__(self, interest: Interest) -> None:
        self._interest = interest

    async def calls(self, session: AsyncSession, records: Sequence[object]) -> None:
        """Of records just written (`calls.Journal`)."""
        if CALL_ENDED not in self._interest:
            return
        ended = {each.call_id: each for each in records if isinstance(each, CallEnd)}
        if not ended:
            return
        rows = await session.scalars(select(Call).where(Call.call_id.in_(sorted(ended))))
        await emit(session, [_call_event(row) for row in rows if row.ended is not None])

    async def agents(self, session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
        """Of changes just written (`agents.Diary`)."""
        if AGENT_STATE not in self._interest:
            return
        names = KINDS[AGENT_STATE].fields
        await emit(
            session,
            [
                Event(
                    kind=AGENT_STATE,
                    at=row["at"],
                    key=row["agent"],
                    payload={name: row[name] for name in names},
                )
                for row in rows
            ],
        )


def _call_event(row: Call) -> Event:
    assert row.ended is not None  # noqa: S101  (for the type checker)
    return Event(
        id=EventId(f"ended-{row.call_id}"),
        kind=CALL_ENDED,
        at=row.ended,
        key=row.call_id,
        payload={
            **{name: getattr(row, name) for name in _CALL},
            "began": row.began.isoformat(),
            "ended": row.ended.isoformat(),
        },
    )
