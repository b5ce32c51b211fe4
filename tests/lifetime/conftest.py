from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from centralino.lifetime import PersonalData
from store import Database
from tests.lifetime.town import populate
from values.testing import FixedClock


@pytest.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Sixty people; of two of them everything that the house can know."""
    async with Database(database_url, clock=FixedClock()) as db:
        await populate(db, tmp_path)
        yield db


@pytest.fixture
def data(town: Database, tmp_path: Path) -> PersonalData:
    return PersonalData(town, tmp_path, country="IT")
