"""What a database lacks though it is of the newest revision, and adding it.

Until the first release the newest revision may still change; a database made by an earlier form of it has no
table or column that came later, and no revision brings it.
"""

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Table, inspect

from centralino.migrate import migrate
from centralino.migrations.models import metadata
from store import changing_tables
from values import CentralinoError


class TablesLackError(CentralinoError):
    """The database lacks tables or columns of this version."""

    error_id = "tables-lack"


async def check_tables(database_url: str) -> None:
    """Raises `TablesLackError` with what is missing and what to do, after `migrate` has done its part."""
    async with changing_tables(database_url) as connection:
        lacking = await connection.run_sync(missing)
    if lacking:
        raise TablesLackError(
            f"the database was made by an earlier form of this version and lacks {', '.join(lacking)}; run "
            "centralino prepare --add-missing, or make it anew (docs/how-to/change-the-tables.md)"
        )


async def add_missing(database_url: str) -> list[str]:
    """Add what is missing, all or nothing; what it was. Raises `TablesLackError` for what cannot be."""
    await migrate(database_url)
    async with changing_tables(database_url) as connection:
        lacking = await connection.run_sync(missing)
        await connection.run_sync(_add)
    return lacking


def missing(bound: Connection) -> list[str]:
    """Tables and columns, as `survey_tallies` and `report_sendings.month`."""
    tables, columns = _lacking(bound)
    return sorted([table.name for table in tables] + [f"{each.table.name}.{each.name}" for each in columns])


def _lacking(bound: Connection) -> tuple[list[Table], list[Column[object]]]:
    known = metadata().sorted_tables
    ours = [table.name for table in known]  # whatever else lies in the database is not looked at
    there = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspect(bound).get_multi_columns(filter_names=ours).items()
    }
    return (
        [table for table in known if table.name not in there],
        [
            column
            for table in known
            for column in table.columns
            if column.name not in there.get(table.name, {column.name})
        ],
    )


def _add(bound: Connection) -> None:
    tables, columns = _lacking(bound)
    operations = Operations(MigrationContext.configure(bound))
    for each in columns:
        if not each.nullable and each.server_default is None:
            raise TablesLackError(
                f"{each.table.name}.{each.name} has no value for the rows that are there; make the database "
                "anew (docs/how-to/change-the-tables.md)"
            )
        fresh: Column[object] = Column(
            each.name, each.type, nullable=each.nullable, server_default=each.server_default
        )
        operations.add_column(each.table.name, fresh)
    metadata().create_all(bound, tables=tables, checkfirst=False)
    for table in {each.table for each in columns}:
        known = {index["name"] for index in inspect(bound).get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in known:
                index.create(bound)
