"""Bringing a database's tables up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from store import changing_tables

FOLDER = Path(__file__).parent / "migrations"


async def migrate(database_url: str) -> None:
    """Upgrade the tables to what this code expects; nothing happens when they are.

    Safe to run twice, and from several processes at once: they go one after the other, and a migration is
    applied wholly or not at all. Raises `StoreUnavailableError`, and alembic's `CommandError` when the
    database is of a later version than this code.
    """
    async with changing_tables(database_url) as connection:
        await connection.run_sync(lambda bound: command.upgrade(config(bound), "head"))


def config(connection: Connection, metadata: MetaData | None = None) -> Config:
    """Alembic's settings for work on this connection; comparing needs the models, upgrading does not."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.attributes |= {"connection": connection, "metadata": metadata}
    return settings
