"""Draws are kept, and nobody is asked too often."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store import Database
from surveys.figures import By, Indicator, Question, results
from surveys.models import InterviewState
from surveys.sampling import Candidate, Draw, keep, may_ask, pool, weigh
from surveys.sampling.models import SurveyDraw
from tests.surveys.figures.samples import MONDAY, ask, survey
from values import BadInputError

pytestmark = pytest.mark.database

DAY = timedelta(days=1)


async def drawn(
    session: AsyncSession, frame: Sequence[Candidate], wanted: Mapping[str, int], seed: str = "2009"
) -> Draw:
    """As a poll draws: who rests is left out, and the draw is kept."""
    allowed = await may_ask(session, [each.customer_id for each in frame], MONDAY, 30 * DAY)
    return await keep(session, pool("care", frame, allowed, seed), wanted, MONDAY)


async def test_who_was_asked_rests_for_ninety_days(database: Database) -> None:
    async with database.write() as session:
        await survey(session)
        for customer, state, days in (
            ("told", InterviewState.COMPLETE, 89),
            ("rested", InterviewState.COMPLETE, 91),
            ("refused", InterviewState.REFUSED, 1),
            ("waits", InterviewState.INVITED, 1),
            ("missed", InterviewState.NO_CONTACT, 1),
            ("too late", InterviewState.INELIGIBLE, 89),
            ("not rung", InterviewState.INELIGIBLE, 1),
        ):
            at = MONDAY - days * DAY
            started = None if state is InterviewState.INVITED or customer == "not rung" else at
            await ask(session, state=state, at=at, customer_id=customer, started=started)
        people = ["told", "rested", "refused", "waits", "missed", "too late", "not rung", "new", ""]
        assert await may_ask(session, people, MONDAY) == {"rested", "missed", "not rung", "new", ""}
        assert "told" in await may_ask(session, people, MONDAY, 30 * DAY)


async def test_a_draw_is_kept_with_its_seed_and_comes_out_the_same_again(database: Database) -> None:
    frame = [Candidate(f"c{n}", "voice|Roma" if n < 80 else "adsl|Roma") for n in range(100)]
    async with database.write() as session:
        await survey(session)
        await ask(session, at=MONDAY - 10 * DAY, customer_id="c1")
        wanted = {"voice|Roma": 8, "adsl|Roma": 2}
        first = await drawn(session, frame, wanted)
        again = await drawn(session, [*reversed(frame), *frame], wanted)
        other = await drawn(session, frame, wanted, seed="other")
    assert [each.customer_id for each in again.people] == [each.customer_id for each in first.people]
    assert {each.customer_id for each in other.people} != {each.customer_id for each in first.people}
    async with database.read() as session:
        kept = (await session.scalars(select(SurveyDraw).where(SurveyDraw.id == first.id))).one()
    assert (kept.seed, kept.frame, kept.resting, kept.drawn) == ("2009", 100, 1, 10)
    assert kept.strata == {
        "adsl|Roma": {"size": 20, "drawn": 2, "weight": 10.0},
        "voice|Roma": {"size": 79, "drawn": 8, "weight": 79 / 8},
    }


async def test_without_a_seed_a_draw_makes_and_keeps_its_own(database: Database) -> None:
    frame = [Candidate(f"c{n}") for n in range(500)]
    async with database.write() as session:
        await survey(session)
        one, other = [await drawn(session, frame, {"": 20}, seed="") for _ in range(2)]
    assert len(one.people) == 20
    assert one.seed != other.seed
    assert one.seed


async def test_a_stratum_that_answers_seldom_counts_for_its_size(database: Database) -> None:
    frame = [Candidate(f"m{n}", "MI") for n in range(900)] + [Candidate(f"r{n}", "RM") for n in range(100)]
    frame.append(Candidate("only", "AO"))
    yes, no = {"satisfaction": 5}, {"satisfaction": 1}
    async with database.write() as session:
        await survey(session)
        with pytest.raises(BadInputError, match="nobody was drawn"):
            await weigh(session, "care")
        await drawn(session, frame, {"MI": 200, "RM": 100, "AO": 1})
        await ask(session, 45, yes, stratum="MI")
        await ask(session, 50, no, stratum="RM")
        await ask(session, 50, no, stratum="MI", state=InterviewState.PARTIAL)
        # the rest of Milan is drawn later, of a frame that has become smaller
        await drawn(session, frame[:700], {"MI": 100})
        found = {each.stratum: each for each in await weigh(session, "care")}
    assert {name: (each.size, each.complete, each.weight) for name, each in found.items()} == {
        "AO": (1, 0, None),
        "MI": (900, 45, 20.0),
        "RM": (100, 50, 2.0),
    }
    async with database.read() as session:
        asked = Question(by=By.WEEK, since="2026-W48", until="2026-W48", indicators=(Indicator.CSAT,))
        (whole,) = (await results(session, asked)).totals
    csat = whole.figures[Indicator.CSAT].estimate
    assert csat is not None
    assert csat.value == pytest.approx(0.9)  # as the customers are, and not 45 of 95
    assert csat.worth == pytest.approx(1000**2 / (45 * 400 + 50 * 4))
