import pytest

from store import Database
from tests.store.tables import Shelf


@pytest.fixture
async def shelved(database: Database) -> Database:
    """A fresh database with the tests' own table in it."""
    async with database.write() as session:
        connection = await session.connection()
        await connection.run_sync(Shelf.metadata.create_all)
    return database
