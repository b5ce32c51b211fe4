"""Proactive care on paper: a month that goes on claims nothing of weeks that are not over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from customers.seed import id_of, seed
from proactive.rules import Result, RuleDecision
from reports import Language
from reports.printed import Grid
from store import Database
from tests.dialer.results.samples import add
from values.testing import FixedClock
from web.opinion.monthly import Reader, monthly
from web.words import Words

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url, clock=FixedClock(NOW)) as db:
        async with db.write() as session:
            await seed(session, 10, day=NOW.date())
        yield db


def decision(customer: int, result: Result, days_ago: int) -> dict[str, Any]:
    at = NOW - timedelta(days=days_ago)
    return {
        "id": f"d{customer}", "rule": "repair_check", "event": f"e{customer}", "type": "repair.done",
        "at": at, "decided": at, "campaign": "fault_closure", "customer_id": id_of(customer), "key": "",
        "result": result, "share": 0.5,
    }  # fmt: skip


@pytest.mark.database
async def test_the_month_that_goes_on_counts_no_week_that_is_still_open(db: Database) -> None:
    over = [decision(1, Result.CONTACT, 8), decision(2, Result.CONTROL, 9)]
    open_ = [decision(3, Result.CONTACT, 6), decision(4, Result.CONTROL, 1)]
    async with db.write() as session:
        await add(session, *over, *open_, model=RuleDecision)
    words = Words().speaking("en")
    async with db.read() as session:
        booklet = await monthly(session, "2026-11", Reader(Language.EN, words, "Telco"), NOW)
        later = await monthly(
            session, "2026-11", Reader(Language.EN, words, "Telco"), NOW + timedelta(days=30)
        )
    for paper, each_group in ((booklet, 1), (later, 2)):
        grids = [block for block in paper.topics[0].blocks if isinstance(block, Grid)]
        (effects,) = [grid for grid in grids if grid.title == words("proactive.effect")]
        ((_, called, _, control, *_),) = effects.rows
        assert (called, control) == (each_group, each_group)
