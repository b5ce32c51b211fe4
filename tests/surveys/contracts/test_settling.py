"""A partner's month: reckoned from the answers, closed, and the same whenever it is looked at again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from store import Database
from surveys.contracts import (
    ContractStandsError,
    MonthClosedError,
    MonthOpenError,
    UnknownContractError,
    check,
    close,
    contract_in,
    contract_of,
    put_contract,
    settle,
    settlements,
)
from surveys.models import Interview, InterviewState, Mode
from tests.surveys.contracts.test_terms import example
from tests.surveys.figures.samples import MONDAY, ask, survey

pytestmark = pytest.mark.database

DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)
WHO: dict[str, Any] = {"now": DECEMBER, "by": "olga"}
TERM = {"indicator": "csat", "weight": 1, "worst": 0.68, "target": [0.78, 0.82], "best": 0.92}


def terms(**changes: Any) -> dict[str, Any]:
    return example(**({"indicators": [TERM], "cap": 5, "floor": -3} | changes))


async def agreed(session: AsyncSession, **changes: Any) -> None:
    await put_contract(session, contract_of(terms(**changes)), now=MONDAY, by="olga")


async def answers(session: AsyncSession) -> None:
    """A thousand about the partner, of whom 870 are content; and who does not count."""
    await survey(session)
    await ask(session, 870, {"satisfaction": 5}, partner="alfa")
    await ask(session, 130, {"satisfaction": 1}, partner="alfa")
    await ask(session, 300, {"satisfaction": 1}, partner="alfa", mode=Mode.CATI)
    await ask(session, 300, {"satisfaction": 1}, partner="beta")
    await ask(session, 300, {"satisfaction": 1}, partner="alfa", state=InterviewState.PARTIAL)
    await ask(session, 300, {"satisfaction": 1}, partner="alfa", at=MONDAY + timedelta(days=8))


async def test_november_of_a_partner_is_reckoned_closed_and_checked(database: Database) -> None:
    async with database.write() as session:
        await answers(session)
        await agreed(session)
        row = await settle(session, "alfa-quality", "2026-11", 10_000_000, **WHO)
        assert (row.minor, row.currency, row.version) == (250_000, "EUR", 1)
        assert row.result["percent"] == "2.500000"
        await close(session, "alfa-quality", "2026-11", **WHO)
    async with database.write() as session:
        with pytest.raises(MonthClosedError, match="closed by olga"):
            await settle(session, "alfa-quality", "2026-11", 99, **WHO)
        # whatever is agreed later, and even when interviews are gone
        await agreed(session, version=2, floor=0, minimum=5000)
        again = await check(session, "alfa-quality", "2026-11")
        assert (again.same, again.answers_now, again.again.minor) == (True, True, 250_000)
        await session.execute(delete(Interview).where(Interview.partner == "alfa"))
        again = await check(session, "alfa-quality", "2026-11")
        assert (again.same, again.answers_now, again.again.minor) == (True, False, 250_000)
        assert [each.minor for each in await settlements(session, partner="alfa")] == [250_000]
        assert not await settlements(session, partner="beta")


async def test_money_that_was_meddled_with_is_noticed(database: Database) -> None:
    async with database.write() as session:
        await answers(session)
        await agreed(session)
        row = await settle(session, "alfa-quality", "2026-11", 10_000_000, **WHO)
        row.minor = 400_000
        await session.flush()
        assert not (await check(session, "alfa-quality", "2026-11")).same


async def test_a_month_is_closed_when_it_is_over_and_reckoned_to_its_end(database: Database) -> None:
    early = MONDAY + timedelta(hours=1)
    async with database.write() as session:
        await answers(session)
        await agreed(session)
        with pytest.raises(UnknownContractError, match="never reckoned"):
            await close(session, "alfa-quality", "2026-11", **WHO)
        await settle(session, "alfa-quality", "2026-11", 10_000_000, now=early, by="olga")
        with pytest.raises(MonthOpenError, match="goes on"):
            await close(session, "alfa-quality", "2026-11", now=early, by="olga")
        with pytest.raises(MonthOpenError, match="reckon it again"):
            await close(session, "alfa-quality", "2026-11", **WHO)
        await settle(session, "alfa-quality", "2026-11", 10_000_000, **WHO)
        assert (await close(session, "alfa-quality", "2026-11", **WHO)).closed == DECEMBER


async def test_a_version_is_never_changed_and_each_month_has_its_own(database: Database) -> None:
    async with database.write() as session:
        await agreed(session)
        await agreed(session)  # the same again
        with pytest.raises(ContractStandsError, match="higher version"):
            await agreed(session, minimum=50)
        await agreed(session, version=2, valid_from="2026-12", valid_until=None)
        held = {month: await contract_in(session, "alfa-quality", month) for month in ("2026-11", "2026-12")}
        assert {month: contract.version for month, contract in held.items()} == {"2026-11": 1, "2026-12": 2}
        with pytest.raises(UnknownContractError, match="no version"):
            await contract_in(session, "alfa-quality", "2025-12")
        with pytest.raises(UnknownContractError, match="no contract"):
            await contract_in(session, "gamma", "2026-12")
