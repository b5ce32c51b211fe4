"""Two hundred customers of the seed, their clock standing still, and the desk that serves them."""

from collections.abc import AsyncIterator

import pytest

from care import CareDesk
from customers import Customers
from customers.seed import seed
from ivr.actions import ActionContext
from store import Database
from values import CallId
from values.testing import EPOCH, FixedClock


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url, clock=FixedClock()) as db:
        async with db.write() as session:
            await seed(session, 60, day=EPOCH.date())
        yield db


@pytest.fixture
def desk(town: Database) -> CareDesk:
    return CareDesk(town, Customers(town), country="IT")


def asked(call: str = "node1-1.1", caller: str = "+393290000017", **variables: str) -> ActionContext:
    """What an action is told about the call."""
    return ActionContext(CallId(call), EPOCH, "it", caller, {"customer_id": "c0000017", **variables})
