"""Inserting many rows of which some may be there already."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from store.base import Base


async def insert_missing(session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; one that clashes with the primary key or a unique column is left as it stands.

    Every row names the same columns.
    """
    if not rows:
        return
    await session.execute(_missing(session.get_bind().dialect.name, model), list(rows))


async def upsert(
    session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> None:
    """Insert rows; where one with the same `key` columns exists, its other given columns take the new values.

    Every row names the same columns.
    """
    if not rows:
        return
    statement = _upserting(session.get_bind().dialect.name, model, tuple(rows[0]), tuple(key))
    await session.execute(statement, list(rows))


# kept, so that SQLAlchemy need not work out each time what a statement is compiled to
@cache
def _missing(kind: str, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    return _insert(kind, model).on_conflict_do_nothing()


@lru_cache(maxsize=500)
def _upserting(
    kind: str, model: type[Base], columns: tuple[str, ...], key: tuple[str, ...]
) -> postgresql.Insert | sqlite.Insert:
    statement = _insert(kind, model)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def _insert(kind: str, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    # the table and not the model: the ORM would cut a batch wherever another column is empty
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  (for the type checker)
    return postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)
