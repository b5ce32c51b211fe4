"""Limits of cells are set while others count in them."""

import asyncio

import pytest
from sqlalchemy import select, text

from store import Database
from surveys.models import Occasion, Survey, SurveyCell
from surveys.quotas import Cells
from values.testing import EPOCH

pytestmark = pytest.mark.database

WEEK = "2026-W10"
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def test_limits_in_any_order_do_not_lock_out_who_counts_in_order(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("one writer at a time cannot lock itself out")
    async with database.write() as session:
        session.add(
            Survey(
                name="voice",
                title="After a call",
                questionnaire="surveys.four_items",
                occasion=Occasion.AFTER_CALL,
                area="voice",
                active=True,
                plan={},
                created=EPOCH,
            )
        )

    async def plan() -> None:
        async with database.write() as session:
            await Cells(session).limit("voice", WEEK, {"b": 5, "a": 5}, EPOCH)

    async with database.write() as session:
        await Cells(session).limit("voice", WEEK, {"a": 2}, EPOCH)
        planning = asyncio.create_task(plan())
        while not await session.scalar(WAITING):
            assert not planning.done()
        await Cells(session).limit("voice", WEEK, {"b": 2}, EPOCH)
    await planning
    async with database.read() as session:
        targets = await session.scalars(select(SurveyCell.target).order_by(SurveyCell.cell))
        assert targets.all() == [5, 5]
