"""The town's network keeps what customers were promised."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from city.network import Network
from customers import Customers, FaultStatus
from customers.models import Fault, Line
from customers.seed import seed
from store import Database
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


async def test_what_a_customer_says_is_not_repaired_comes_before_older_faults(database: Database) -> None:
    network = Network(database, Customers(database), FixedClock(), every=60)
    async with database.write() as session:
        await seed(session, 10, day=EPOCH.date())
        await session.execute(delete(Fault))
        line = (await session.scalars(select(Line).order_by(Line.id))).first()
        assert line is not None
        session.add_all(
            Fault(
                id=name, customer_id=line.customer_id, line_id=line.id, symptom="slow", status=status,
                opened_at=EPOCH - timedelta(days=days),
            )
            for name, status, days in (("old", FaultStatus.OPEN, 9), ("back", FaultStatus.REOPENED, 2))
        )  # fmt: skip
    for repaired in (["back"], ["back", "old"]):
        async with database.write() as session:
            await network.repair(session)
            found = select(Fault.id).where(Fault.status == FaultStatus.RESTORED).order_by(Fault.id)
            assert (await session.scalars(found)).all() == repaired
