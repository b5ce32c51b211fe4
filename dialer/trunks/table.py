"""The trunks' table: seeded from the operator's settings, tuned by operations, read by the dial loop."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.changes import TRUNK, Turn, changed_fields, note_changes
from dialer.models import TrunkRow
from dialer.readers import Setting, flag, number, whole
from dialer.trunks.breaker import MOST_REST_SECONDS
from dialer.trunks.capacity import Trunk
from store import upsert
from values import BadInputError

TRUNK_SETTINGS: Mapping[str, Setting] = {
    each.name: each
    for each in (
        Setting("lines", whole(1, 100_000), "how many calls at once"),
        Setting("calls_per_second", number(above=0, most=1000), "how many calls may start in a second"),
        Setting("order", whole(-1000, 1000), "lower goes first"),
        Setting("enabled", flag, "whether calls may start on it"),
        Setting("refusals", whole(1, 1000), "after so many refusals in a row it is left alone for a while"),
        Setting(
            "rest_seconds",
            number(least=1, most=MOST_REST_SECONDS),
            "for how many seconds the first time; each further time twice as long, up to ten minutes",
        ),
    )
}


class UnknownTrunkError(BadInputError):
    """There is no such trunk."""

    error_id = "unknown-trunk"


async def seed_trunks(session: AsyncSession, trunks: Sequence[Trunk]) -> None:
    """Bring the table in line with the operator's settings, the trunks in their order.

    What operations have changed stays; a trunk that is not in the settings any more goes.
    """
    there = {row.name: row for row in await trunk_rows(session)}
    gone = set(there) - {trunk.name for trunk in trunks}
    if gone:
        await session.execute(delete(TrunkRow).where(TrunkRow.name.in_(gone)))
    rows = []
    for place, trunk in enumerate(trunks, 1):
        row = _row(trunk, place)
        if trunk.name in there:
            for name in await changed_fields(session, TRUNK + trunk.name):
                row[name] = getattr(there[trunk.name], name)
        rows.append({("rank" if name == "order" else name): value for name, value in row.items()})
    await upsert(session, TrunkRow, rows, key=["name"])


async def trunk_rows(session: AsyncSession) -> list[TrunkRow]:
    """All trunks, in the order in which they are tried."""
    return list(await session.scalars(_in_order()))


@cache
def _in_order() -> Select[TrunkRow]:
    return select(TrunkRow).order_by(TrunkRow.order, TrunkRow.name)


async def trunks_now(session: AsyncSession) -> list[Trunk]:
    """All trunks as `Trunks.reload` takes them; empty when none was ever seeded."""
    return [
        Trunk(
            name=row.name,
            lines=row.lines,
            calls_per_second=row.calls_per_second,
            enabled=row.enabled,
            refusals=row.refusals,
            rest_seconds=row.rest_seconds,
        )
        for row in await trunk_rows(session)
    ]


async def set_trunk(
    session: AsyncSession, name: str, settings: Mapping[str, object], *, by: str, at: datetime
) -> TrunkRow:
    """Change what a trunk bears; what is not named stays. Who changed what is written down.

    Raises `UnknownTrunkError`, and `BadInputError` naming the field.
    """
    row = await session.get(TrunkRow, name, with_for_update=True)
    if row is None:
        known = ", ".join(each.name for each in await trunk_rows(session)) or "none"
        raise UnknownTrunkError(f"there is no trunk {name!r}; there are: {known}", field="trunk")
    read = {each: _setting(each).read(value) for each, value in settings.items()}
    turns = {
        each: Turn(getattr(row, each), value) for each, value in read.items() if getattr(row, each) != value
    }
    for each, turn in turns.items():
        setattr(row, each, turn.after)
    if turns:
        await note_changes(session, TRUNK + name, turns, by=by, at=at)
    return row


def trunk_told(row: TrunkRow) -> dict[str, Any]:
    """A trunk as JSON has it."""
    return {"name": row.name, **{name: getattr(row, name) for name in TRUNK_SETTINGS}}


def _setting(name: str) -> Setting:
    if name not in TRUNK_SETTINGS:
        raise BadInputError(f"a trunk has no such setting; it has: {', '.join(TRUNK_SETTINGS)}", field=name)
    return TRUNK_SETTINGS[name]


def _row(trunk: Trunk, place: int) -> dict[str, Any]:
    return {
        "name": trunk.name,
        "lines": trunk.lines,
        "calls_per_second": trunk.calls_per_second,
        "order": place,
        "enabled": trunk.enabled,
        "refusals": trunk.refusals,
        "rest_seconds": trunk.rest_seconds,
    }
