"""How the asking went: who answered, and where people hung up."""

import pytest

from store import Database
from surveys.figures import By, Dimension, Question, break_offs, fieldwork
from surveys.models import InterviewState
from tests.surveys.figures.samples import ask, survey

pytestmark = pytest.mark.database

WEEK = Question(by=By.WEEK, since="2026-W48", until="2026-W48", dimension=Dimension.SITE)


async def test_response_by_site_and_of_all(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        for state, times in (
            (InterviewState.COMPLETE, 3),
            (InterviewState.PARTIAL, 1),
            (InterviewState.REFUSED, 1),
            (InterviewState.NO_CONTACT, 4),
            (InterviewState.OTHER, 1),
            (InterviewState.INELIGIBLE, 7),
            (InterviewState.INVITED, 9),
        ):
            await ask(session, times, state=state, site="Roma")
        await ask(session, 5, site="Ivrea")
        ivrea, roma, whole = await fieldwork(session, WEEK)
    assert (roma.path, ivrea.path, whole.total) == (("", "Roma"), ("", "Ivrea"), True)
    assert (roma.dispositions.response, roma.dispositions.pending) == (0.3, 9)
    assert ivrea.dispositions.response == 1.0
    assert whole.dispositions.response == 8 / 15
    assert whole.dispositions.cooperation == 8 / 11


async def test_where_people_hang_up(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        await ask(session, 6, {"waiting": 4, "courtesy": 5})
        # two never answered the second question, one gave a mark and hung up then
        await ask(session, 2, {"waiting": 4}, state=InterviewState.PARTIAL, last_item="courtesy")
        await ask(
            session, 1, {"waiting": 4, "courtesy": 1}, state=InterviewState.PARTIAL, last_item="courtesy"
        )
        await ask(session, 1, state=InterviewState.PARTIAL, last_item="waiting")
        first, second = await break_offs(session, WEEK)
    assert (first.item, first.reached, first.broken, first.rate) == ("courtesy", 9, 3, 1 / 3)
    assert (second.item, second.reached, second.broken, second.rate) == ("waiting", 10, 1, 0.1)
