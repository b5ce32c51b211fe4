"""The trunks' table: the operator's settings seed it, operations tune it, and neither undoes the other."""

import pytest

from dialer.changes import TRUNK, changes_of
from dialer.trunks import Trunk, Trunks, UnknownTrunkError, seed_trunks, set_trunk, trunk_rows, trunks_now
from store import Database
from values import BadInputError
from values.testing import FixedClock

pytestmark = pytest.mark.database

CLOCK = FixedClock()
AS_SET = [Trunk("carrier", 200, 50.0), Trunk("reserve", 30, 5.0)]


async def seed(db: Database, *trunks: Trunk) -> None:
    async with db.write() as session:
        await seed_trunks(session, trunks)


async def tune(db: Database, name: str, **settings: object) -> None:
    async with db.write() as session:
        await set_trunk(session, name, settings, by="ada", at=CLOCK.now())


async def now(db: Database) -> list[Trunk]:
    async with db.read() as session:
        return await trunks_now(session)


async def test_the_settings_trunks_are_there_in_their_order(database: Database) -> None:
    await seed(database, *AS_SET)
    await seed(database, *AS_SET)
    assert await now(database) == AS_SET


async def test_what_operations_changed_stays_and_the_rest_follows_the_settings(database: Database) -> None:
    await seed(database, *AS_SET)
    await tune(database, "carrier", lines=20, enabled=False)
    await seed(database, Trunk("carrier", 500, 80.0), Trunk("third", 10, 1.0))
    assert await now(database) == [Trunk("carrier", 20, 80.0, enabled=False), Trunk("third", 10, 1.0)]


async def test_another_order_is_the_order_they_are_tried_in(database: Database) -> None:
    await seed(database, *AS_SET)
    await tune(database, "reserve", order=-1)
    trunks = Trunks(AS_SET, CLOCK)
    trunks.reload(await now(database))
    assert trunks.allowed([]) == ["reserve", "carrier"]


async def test_who_changed_a_trunk_is_kept(database: Database) -> None:
    await seed(database, *AS_SET)
    await tune(database, "carrier", lines=20, calls_per_second=50)
    async with database.read() as session:
        (change,) = await changes_of(session, TRUNK + "carrier")
    assert (change.field, change.before, change.after, change.by) == ("lines", 200, 20, "ada")


WRONG = [
    ("lines", 0), ("lines", 1.5), ("calls_per_second", 0), ("calls_per_second", -1), ("refusals", 0),
    ("rest_seconds", 0), ("rest_seconds", 601), ("enabled", "maybe"), ("order", "first"), ("address", "x"),
]  # fmt: skip


async def test_an_impossible_capacity_is_refused_by_its_name(database: Database) -> None:
    await seed(database, *AS_SET)
    for field, value in WRONG:
        with pytest.raises(BadInputError, match=f"^{field}: "):
            await tune(database, "carrier", **{field: value})
    with pytest.raises(UnknownTrunkError, match=r"'carier'; there are: carrier, reserve"):
        await tune(database, "carier", lines=1)
    async with database.read() as session:
        assert [row.lines for row in await trunk_rows(session)] == [200, 30]
