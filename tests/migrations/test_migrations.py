import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, select

import centralino.migrate
from centralino.migrate import config, migrate
from centralino.migrations.models import metadata
from customers.models import Customer, CustomerNumber
from customers.seed import seed
from store import Database, changing_tables

pytestmark = pytest.mark.database

STUMBLES = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("half_done", sa.Column("id", sa.String(), primary_key=True))
    with op.batch_alter_table("customers") as batch:
        batch.alter_column("name", type_=sa.Text())
    {then}
"""


async def _tables(url: str) -> set[str]:
    async with changing_tables(url) as connection:
        return set(await connection.run_sync(lambda bound: inspect(bound).get_table_names()))


def _check(bound: Connection) -> None:
    command.check(config(bound, metadata()))


async def test_models_and_migrations_agree(empty_database_url: str) -> None:
    """When this fails: `python -m centralino.migrations.revision next "what for"` writes what is missing."""
    await migrate(empty_database_url)
    async with changing_tables(empty_database_url) as connection:
        await connection.run_sync(_check)


async def test_a_second_run_changes_nothing_and_data_stay(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    async with Database(empty_database_url) as db:
        async with db.write() as session:
            await seed(session, 3)
        await migrate(empty_database_url)
        async with db.read() as session:
            assert len((await session.execute(select(Customer.id))).all()) == 3


async def test_several_processes_at_once_get_along(empty_database_url: str) -> None:
    program = "import asyncio, sys; from centralino.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, empty_database_url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [(await process.communicate())[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0], "\n".join(said)
    assert "customers" in await _tables(empty_database_url)


@pytest.fixture
def more_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that a test may add to."""
    copy = tmp_path / "migrations"
    shutil.copytree(centralino.migrate.FOLDER, copy)
    monkeypatch.setattr(centralino.migrate, "FOLDER", copy)
    return copy / "versions"


def _add(versions: Path, then: str) -> None:
    head = max(path.name[:4] for path in versions.glob("[0-9]*.py"))
    (versions / "9999_more.py").write_text(STUMBLES.format(head=head, then=then))


async def test_a_migration_that_stumbles_leaves_nothing(
    empty_database_url: str, more_migrations: Path
) -> None:
    await migrate(empty_database_url)
    before = await _tables(empty_database_url)
    _add(more_migrations, "raise RuntimeError('stumbled')")
    with pytest.raises(RuntimeError, match="stumbled"):
        await migrate(empty_database_url)
    assert await _tables(empty_database_url) == before
    async with Database(empty_database_url) as db, db.write() as session:
        await seed(session, 1)


async def test_changing_a_table_keeps_what_points_to_it(
    empty_database_url: str, more_migrations: Path
) -> None:
    """SQLite copies and drops a table to change it; with foreign keys on, numbers and bills would go too."""
    await migrate(empty_database_url)
    async with Database(empty_database_url) as db:
        async with db.write() as session:
            await seed(session, 3)
        _add(more_migrations, "pass")
        await migrate(empty_database_url)
        async with db.read() as session:
            found = await session.execute(select(CustomerNumber.number))
            assert len(found.all()) >= 3
