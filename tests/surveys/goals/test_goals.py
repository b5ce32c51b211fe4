"""Goals beside what the answers say."""

from datetime import UTC, datetime

import pytest

from store import Database
from surveys.figures import Indicator, Scope, Tally, estimate
from surveys.goals import EXAMPLE, Verdict, read_goals, standings, verdict
from tests.surveys.figures.samples import ask, survey
from values import BadInputError

GOALS = """
title: Autumn
since: 2026-10
until: 2026-11
goals:
  - {indicator: courtesy, whose: agent, target: 0.8}
  - {indicator: nps, whose: team, target: 30, weight: 2, targets: {night: 0}}
"""


@pytest.mark.database
async def test_the_months_are_judged_together(database: Database) -> None:
    days = [datetime(2026, month, 12, 10, tzinfo=UTC) for month in (9, 10, 11, 12)]
    async with database.write() as session:
        await survey(session)
        for day in days:  # September and December are no part of it
            await ask(session, 30, {"courtesy": 5}, at=day, agent="ada", team="day")
            await ask(session, 20, {"courtesy": 5}, at=day, agent="bea", team="night")
            await ask(session, 6, {"courtesy": 1}, at=day, agent="bea", team="night")
            await ask(session, 20, {"courtesy": 1}, at=day, agent="cia", team="night")
            await ask(session, 5, {"courtesy": 1}, at=day, agent="dea", team="day")
        await ask(session, 200, {"recommend": 9}, at=days[1], team="night", agent="bea")
        await ask(session, 100, {"recommend": 3}, at=days[2], team="night", agent="bea")
    async with database.read() as session:
        found = await standings(session, read_goals(GOALS))
        own = await standings(session, read_goals(GOALS), Scope(agent="cia"))
    agents = {each.agent: each for each in found if each.whose == "agent"}
    assert {name: (each.n, each.verdict) for name, each in agents.items()} == {
        "ada": (None, Verdict.HIDDEN),  # else her team's sum less hers were Dea's
        "bea": (52, Verdict.UNLIKELY),  # 77 %, whose interval reaches 80 %
        "cia": (40, Verdict.MISSED),
        "dea": (None, Verdict.HIDDEN),
    }
    assert agents["bea"].value == pytest.approx(40 / 52)
    teams = {each.team: each for each in found if each.whose == "team" and each.n}
    assert (teams["night"].target, teams["night"].weight) == (0, 2)
    assert teams["night"].value == pytest.approx(100 / 3)
    assert teams["night"].verdict is Verdict.REACHED
    assert [each.agent for each in own if each.whose == "agent"] == ["cia"]


@pytest.mark.unit
def test_the_example_can_be_read() -> None:
    assert read_goals(EXAMPLE.read_text()).goals[1].target_of("night") == 25


@pytest.mark.unit
def test_nobody_agrees_on_more_than_a_hundred_goals() -> None:
    head, goal = (
        "title: x\nsince: 2026-10\nuntil: 2026-11\ngoals:\n",
        "  - {indicator: nps, whose: team, target: 20}\n",
    )
    assert len(read_goals(head + 100 * goal).goals) == 100
    with pytest.raises(BadInputError, match="goals: write at most 100"):
        read_goals(head + 101 * goal)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("until: 2026-11", "until: 2026-09", "goals: to"),
        ("target: 0.8", "target: 80", "goals.0: target"),
        ("whose: team", "whose: region", "goals.1: whose is one of agent"),
        ("indicator: nps", "indicator: npz", "goals.1.indicator"),
        ("title: Autumn", "titel: Autumn", "title"),
        ("until: 2026-11", "until: 2026-06-31", "goals: cannot be read: line "),
        ("title: Autumn", "title: " + "[" * 900, "goals: cannot be read: line "),
    ],
)
def test_each_mistake_is_named(old: str, new: str, field: str) -> None:
    with pytest.raises(BadInputError, match=field):
        read_goals(GOALS.replace(old, new))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("target", "said"),
    [
        (0.70, Verdict.REACHED),  # 84 % of 50 answers: 71.5 to 91.7
        (0.80, Verdict.LIKELY),
        (0.84, Verdict.LIKELY),
        (0.90, Verdict.UNLIKELY),
        (0.95, Verdict.MISSED),
    ],
)
def test_how_surely_a_target_is_reached(target: float, said: Verdict) -> None:
    assert verdict(estimate(Indicator.CSAT, Tally.plain({5: 42, 1: 8})), target) is said
    assert verdict(None, target) is Verdict.HIDDEN
