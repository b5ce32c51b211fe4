import pytest
from sqlalchemy import text

from store import Database

pytestmark = pytest.mark.database


async def test_what_a_writer_commits_a_reader_sees(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("CREATE TABLE shelf (word VARCHAR)"))
        await session.execute(text("INSERT INTO shelf VALUES ('pane')"))
    async with database.read() as session:
        assert (await session.execute(text("SELECT word FROM shelf"))).scalars().all() == ["pane"]
