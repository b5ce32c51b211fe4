"""What agents say of their talks, on its way from the agents' room to the dialler."""

from agents import Disposal
from dialer import dispose
from store import Database
from values import BadInputError, Clock, Scalar, from_json


class Dispositions:
    """Takes a disposition (`agents.Disposing`)."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def __call__(self, said: Disposal) -> None:
        """Keep it, and do to the contact what the word means. Raises `BadInputError`."""
        fields = {name: _read(name, value) for name, value in said.fields.items()}
        callback_agent = str(fields.pop("callback_agent", "") or "")
        notes = str(fields.pop("notes", "") or "")
        async with self._db.write() as session:
            await dispose(
                session,
                said.call,
                said.disposition,
                by=said.agent,
                at=self._clock.now(),
                agent=callback_agent,
                notes=notes,
                fields=fields,
            )


def _read(name: str, value: object) -> Scalar:
    try:
        return from_json(value)
    except (TypeError, ValueError) as problem:
        raise BadInputError("is no text, number, flag, date, time or amount", field=name[:80]) from problem
