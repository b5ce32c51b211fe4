"""What agents say of their talks, for the dialler."""

from collections.abc import Mapping
from typing import Any

from agents import Disposal
from dialer import dispose
from store import Database
from values import BadInputError, Clock, Scalar, from_json

NOTES, PROMISED_TO = "notes", "agent"


class Disposals:
    """Takes them (`agents.Disposing`): what is said is committed when it returns."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def __call__(self, said: Disposal) -> None:
        """Keep it, and do to the contact what the word means.

        Among the fields `notes` are the agent's words, and `agent` is to whom a call-back is promised. Raises
        `BadInputError` naming the field, `StoreUnavailableError`.
        """
        fields = dict(said.fields)
        notes, promised_to = _word(fields, NOTES), _word(fields, PROMISED_TO)
        async with self._db.write() as session:
            await dispose(
                session,
                said.call,
                said.disposition,
                by=said.agent,
                at=self._clock.now(),
                agent=promised_to,
                notes=notes,
                fields={name: _scalar(name, value) for name, value in fields.items()},
            )


def _word(fields: dict[str, Any], name: str) -> str:
    value = fields.pop(name, "")
    if not isinstance(value, str):
        raise BadInputError("this has to be text", field=name)
    return value


def _scalar(name: str, value: object) -> Scalar:
    if isinstance(value, Mapping):
        value = dict(value)
    try:
        return from_json(value)
    except (BadInputError, ValueError, IndexError) as problem:
        raise BadInputError("write text, a number, true or false", field=name) from problem
