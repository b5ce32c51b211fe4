from collections.abc import AsyncIterator

import pytest

from customers import Customers
from customers.seed import seed
from store import Database
from values.testing import FixedClock


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Database]:
    """A database with the first two hundred people of the seed, its clock standing still."""
    async with Database(database_url, clock=FixedClock()) as db:
        async with db.write() as session:
            await seed(session, 200)
        yield db


@pytest.fixture
def customers(town: Database) -> Customers:
    return Customers(town)
