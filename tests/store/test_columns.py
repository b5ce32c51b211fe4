from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from store import Database, insert_missing, upsert
from tests.store.tables import Colour, Shelf

pytestmark = pytest.mark.database

ROME_SUMMER = timezone(timedelta(hours=2))


async def test_an_instant_comes_back_in_utc_wherever_it_came_from(shelved: Database) -> None:
    async with shelved.write() as session:
        session.add(Shelf(id=1, at=datetime(2026, 7, 1, 1, 30, 0, 123456, tzinfo=ROME_SUMMER)))
    async with shelved.read() as session:
        at = (await session.execute(select(Shelf.at))).scalar_one()
    assert at == datetime(2026, 6, 30, 23, 30, 0, 123456, tzinfo=UTC)
    assert at.tzinfo is UTC


async def test_instants_compare_in_the_database(shelved: Database) -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    async with shelved.write() as session:
        session.add_all(Shelf(id=i, at=noon + timedelta(hours=i)) for i in range(3))
    async with shelved.read() as session:
        later = select(Shelf.id).where(Shelf.at > (noon + timedelta(minutes=30)).astimezone(ROME_SUMMER))
        assert set((await session.execute(later)).scalars()) == {1, 2}


async def test_a_naive_time_is_refused(shelved: Database) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        async with shelved.write() as session:
            session.add(Shelf(id=1, at=datetime(2026, 7, 1)))  # noqa: DTZ001  (the mistake to be caught)


async def test_json_comes_back_as_it_went_in_and_none_is_null(shelved: Database) -> None:
    content = {"b": [1, 2.5, None, "città"], "a": {"deep": True}}
    async with shelved.write() as session:
        session.add(Shelf(id=1, content=content))
        session.add(Shelf(id=2, content=None))
    async with shelved.read() as session:
        found = (await session.execute(select(Shelf.content).where(Shelf.id == 1))).scalar_one()
        assert list(found) == ["b", "a"]
        assert found == content
        assert (await session.execute(select(Shelf.id).where(Shelf.content.is_(None)))).scalar_one() == 2


async def test_an_enum_is_kept_as_its_word(shelved: Database) -> None:
    async with shelved.write() as session:
        session.add(Shelf(id=1, colour=Colour.GREEN))
    async with shelved.read() as session:
        assert (await session.execute(text("SELECT colour FROM test_shelf"))).scalar_one() == "verde"
        assert (await session.execute(select(Shelf.colour))).scalar_one() is Colour.GREEN


async def test_rows_that_are_there_already_stay_as_they_are(shelved: Database) -> None:
    async with shelved.write() as session:
        await insert_missing(session, Shelf, [{"id": 1, "name": "bread"}])
        await insert_missing(session, Shelf, [{"id": 1, "name": "stone"}, {"id": 2, "name": "salt"}])
        await insert_missing(session, Shelf, [])
    async with shelved.read() as session:
        assert set((await session.execute(select(Shelf.name))).scalars()) == {"bread", "salt"}


async def test_an_upsert_changes_only_what_it_names(shelved: Database) -> None:
    async with shelved.write() as session:
        await upsert(session, Shelf, [{"id": 1, "name": "bread", "colour": Colour.RED}], key=["id"])
        await upsert(session, Shelf, [{"id": 1, "name": "cake"}, {"id": 2, "name": "salt"}], key=["id"])
    async with shelved.read() as session:
        rows = (await session.execute(select(Shelf.id, Shelf.name, Shelf.colour).order_by(Shelf.id))).all()
    assert [tuple(row) for row in rows] == [(1, "cake", Colour.RED), (2, "salt", None)]


async def test_no_word_of_a_stranger_keeps_a_group_from_being_written(shelved: Database) -> None:
    strange = ["a\0b", "caf\udce9", "'); DROP TABLE test_shelf; --", "two\r\nlines", "☎ città", ""]
    async with shelved.write() as session:
        await insert_missing(
            session,
            Shelf,
            [{"id": i, "name": word, "content": {"said": [word]}} for i, word in enumerate(strange)],
        )
    async with shelved.read() as session:
        rows = (await session.execute(select(Shelf.name, Shelf.content).order_by(Shelf.id))).all()
    assert [row.name for row in rows] == ["ab", "caf?", *strange[2:]]
    assert [row.content["said"][0] for row in rows] == ["a\0b", "caf?", *strange[2:]]


async def test_what_json_cannot_hold_is_refused(shelved: Database) -> None:
    with pytest.raises(StatementError, match="not JSON serializable"):
        async with shelved.write() as session:
            session.add(Shelf(id=1, content={"a": object()}))
