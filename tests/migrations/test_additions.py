"""A database of the newest revision in an earlier form: what it lacks is told, and can be added."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, select, text

from centralino.migrate import config, migrate
from centralino.migrations.additions import TablesLackError, add_missing, check_tables
from centralino.migrations.models import metadata
from centralino.prepare import prepare
from centralino.settings import Settings
from reports.schedules.models import ReportSending
from store import Database, changing_tables

pytestmark = pytest.mark.database
LACKS = "lacks report_sendings.month, survey_tallies; run centralino prepare --add-missing"
SENT = """
INSERT INTO report_sendings (schedule, due, state, tries, handed, row_count, size, said)
VALUES ('rs1', '2026-11-02 06:00:00', 'sent', 1, false, 0, 0, '')
"""


async def earlier(url: str, *more: str) -> None:
    """As it was made some days ago, with a row in it."""
    await migrate(url)
    async with changing_tables(url) as connection:
        for deed in (
            "DROP TABLE survey_tallies",
            "ALTER TABLE report_sendings DROP COLUMN month",
            SENT,
            *more,
        ):
            await connection.execute(text(deed))


def agree(bound: Connection) -> None:
    command.check(config(bound, metadata()))


async def test_what_is_missing_is_told_and_added_and_rows_stay(empty_database_url: str) -> None:
    await earlier(empty_database_url)
    with pytest.raises(TablesLackError, match=LACKS):
        await check_tables(empty_database_url)
    assert await add_missing(empty_database_url) == ["report_sendings.month", "survey_tallies"]
    assert await add_missing(empty_database_url) == []
    await check_tables(empty_database_url)
    async with changing_tables(empty_database_url) as connection:
        await connection.run_sync(agree)
    async with Database(empty_database_url) as db, db.read() as session:
        assert (await session.scalars(select(ReportSending.month))).all() == [""]


async def test_nothing_is_prepared_on_such_a_database(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, city="off")
    await earlier(settings.database)
    with pytest.raises(TablesLackError, match=LACKS):
        await prepare(settings)


async def test_a_column_with_no_value_for_the_rows_is_left_to_who_makes_it_anew(
    empty_database_url: str,
) -> None:
    await earlier(empty_database_url, "ALTER TABLE report_sendings DROP COLUMN size")
    with pytest.raises(TablesLackError, match=r"report_sendings\.size has no value for the rows"):
        await add_missing(empty_database_url)
    with pytest.raises(TablesLackError, match=r"report_sendings\.month, report_sendings\.size"):
        await check_tables(empty_database_url)  # all of it or nothing
