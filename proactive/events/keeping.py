"""Many events into the table with one statement, as binding the values of many rows costs far more.

Both databases read the rows from one JSON text; what is there already is left as it stands.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from proactive.events.models import EventState

_COLUMNS: Final = "id, type, at, received, source, customer_id, key, data, state, tries, result"
_SQLITE: Final = text(
    f"INSERT INTO business_events ({_COLUMNS})"  # noqa: S608  (our own words)
    " SELECT value ->> 0, value ->> 1, value ->> 2, :received, value ->> 3, value ->> 4, value ->> 5,"
    " value ->> 6, :state, 0, '{}' FROM json_each(:rows) WHERE true"
    " ON CONFLICT (id) DO NOTHING RETURNING id"
)
_POSTGRESQL: Final = text(
    f"INSERT INTO business_events ({_COLUMNS})"  # noqa: S608
    " SELECT value ->> 0, value ->> 1, (value ->> 2)::timestamptz, CAST(:received AS timestamptz),"
    " value ->> 3, value ->> 4, value ->> 5, (value ->> 6)::json, :state, 0, '{}'"
    " FROM json_array_elements(CAST(:rows AS json))"
    " ON CONFLICT (id) DO NOTHING RETURNING id"
)


async def keep_events(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]], received: datetime
) -> frozenset[str]:
    """Keep those that are not there yet, in order; the ids of those."""
    if not rows:
        return frozenset()
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    told = orjson.dumps(
        [
            (
                row["id"],
                row["type"],
                _written(row["at"], on_sqlite=on_sqlite),
                row["source"],
                row["customer_id"],
                row["key"],
                orjson.dumps(row["data"]).decode(),
            )
            for row in rows
        ]
    ).decode()
    asked = {
        "rows": told,
        "received": _written(received, on_sqlite=True) if on_sqlite else received,
        "state": EventState.PENDING.value,
    }
    connection = await session.connection()
    found = await connection.execute(_SQLITE if on_sqlite else _POSTGRESQL, asked)
    return frozenset(found.scalars())


def _written(when: datetime, *, on_sqlite: bool) -> str:
    """A time as the table has it."""
    utc = when.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S.%f") if on_sqlite else utc.isoformat()
