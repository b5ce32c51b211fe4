"""What the processes keep of a customer: shown, erased with the customer, and gone after two years."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

import proactive.lifetime
from customers import trail_of
from customers.seed import id_of
from proactive.assurance import CheckState, RepairCheck
from proactive.outages import Outage, OutageFault, OutageLine
from proactive.traffic import TrafficAlarm
from store.lifetime import apply
from tests.proactive.network import Network, connected
from values.testing import EPOCH

pytestmark = pytest.mark.database

ANNA, BERTA = 31, 32
OURS = (RepairCheck, OutageLine, OutageFault, TrafficAlarm)
TWO_YEARS = timedelta(days=730.6)


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Network]:
    async with connected(database_url) as town:
        yield town


async def keep(town: Network, who: int, at: datetime, name: str) -> None:
    """One row of everything."""
    whose = id_of(who)
    async with town.db.write() as session:
        session.add_all(
            [
                RepairCheck(
                    id=name, ask=name, fault_id=name, customer_id=whose, outage_id="", opened=at, restored=at,
                    state=CheckState.ASKING, result="", close_at=None, done_at=None,
                ),
                Outage(
                    id=name, cause="power", area="", opened=at, expected_end=None, restored=None, unknown=0
                ),
                OutageLine(outage_id=name, customer_id=whose, line_id="", opened=at),
                OutageFault(outage_id=name, fault_id=name, customer_id=whose, opened=at),
                TrafficAlarm(
                    line_id=name, cycle="2026-03", customer_id=whose, plan="mobile", currency="EUR",
                    unbilled_minor=80_00, threshold_minor=70_00, raised=at, outcome="", understood=False,
                    caring=False, done_at=None,
                ),
            ]
        )  # fmt: skip


async def test_one_customers_rows_are_shown_and_erased_and_another_ones_stay(town: Network) -> None:
    for who in (ANNA, BERTA):
        await keep(town, who, EPOCH, f"x{who}")
    async with town.db.write() as session:
        trail = await trail_of(session, id_of(ANNA))
        shown = await proactive.lifetime.show(session, trail)
        assert {model.__tablename__: len(shown[model.__tablename__]) for model in OURS} == {
            model.__tablename__: 1 for model in OURS
        }
        await proactive.lifetime.erase(session, trail)
    for model in OURS:
        assert [row.customer_id for row in await town.all(model)] == [id_of(BERTA)]


async def test_everything_goes_after_two_years_and_not_a_day_before(town: Network) -> None:
    day = timedelta(days=1)
    await keep(town, ANNA, EPOCH - TWO_YEARS - day, "old")
    await keep(town, ANNA, EPOCH - TWO_YEARS + day, "young")
    async with town.db.write() as session:
        await apply(session, proactive.lifetime.rules(EPOCH))
    assert [row.id for row in await town.all(RepairCheck)] == ["young"]
    assert [row.id for row in await town.all(Outage)] == ["young"]
    assert [row.outage_id for row in await town.all(OutageLine)] == ["young"]
    assert [row.fault_id for row in await town.all(OutageFault)] == ["young"]
    assert [row.line_id for row in await town.all(TrafficAlarm)] == ["young"]
