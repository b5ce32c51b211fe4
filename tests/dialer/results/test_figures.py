"""A campaign's figures: by their definitions, and n/a where there is nothing to divide by."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from agents.models import Agent, AgentEvent
from dialer.gate import load_profiles
from dialer.models import Contact, ContactState, Mode
from dialer.results import Period, count, figures
from dialer.results.estimates import estimates
from dialer.results.headcount import Headcount, hours_left
from store import Database
from tests.dialer.results.samples import NINE, add, after, attempt_row, contact_row, ended, spring

ITALY = load_profiles()["it"]


async def agents(session: Any, **skills: list[str]) -> None:
    await session.execute(
        insert(Agent),
        [
            {
                "name": name, "title": name, "endpoint": "", "skills": known, "node": "", "active": True,
                "created": NINE,
            }
            for name, known in skills.items()
        ],
    )  # fmt: skip


async def shift(session: Any, agent: str, *steps: tuple[float, str], campaign: str = "spring") -> None:
    """What an agent did: at so many seconds they came into a state."""
    before, since = "offline", steps[0][0]
    for at, state in steps:
        of = campaign if {state, before} & {"talking", "wrap_up"} else ""
        session.add(
            AgentEvent(
                agent=agent, at=after(at), state=state, before=before, seconds=at - since, reason="",
                campaign=of, call_id="",
            )
        )  # fmt: skip
        before, since = state, at
        await session.flush()


@pytest.mark.database
async def test_a_day_of_one_campaign(database: Database) -> None:
    attempts = [
        *(ended(at=n, outcome="no_answer", ringing=1, over=31, cause=19) for n in range(60)),
        *(
            ended(at=n, answered=10, joined=10.02, released=130, over=130, outcome="sold", goal=n < 6)
            for n in range(30)
        ),
        *(ended(at=n, answered=10, over=13.1, outcome="abandoned") for n in range(2)),
        *(ended(at=n, answered=10, over=18, outcome="machine", amd="MACHINE") for n in range(8)),
    ]
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE, skill="sales")
        await count(session, attempts)
        await agents(session, ada=["sales"], bea=["sales", "it"], carl=["faults"])
        for name in ("ada", "bea"):
            await shift(
                session, name, (0, "ready"), (600, "reserved"), (600, "talking"), (1800, "wrap_up"),
                (2100, "ready"), (2700, "paused"),
            )  # fmt: skip
        await shift(session, "carl", (0, "ready"), (3000, "talking"))
        people = [contact_row(n, attempts=1 + n % 2, state=ContactState.DONE) for n in range(40)]
        people += [contact_row(100 + n, attempts=1) for n in range(20)]
        people += [contact_row(200 + n) for n in range(20)]
        await add(session, *people, model=Contact)
    async with database.read() as session:
        found = await figures(session, campaign, ITALY, after(3600), zone="Europe/Rome")
    assert (found.number("attempts"), found.number("person"), found.number("machine")) == (100, 32, 8)
    assert found.connect_rate == pytest.approx(0.32)
    assert found.right_party_rate == pytest.approx(0.3)
    assert found.right_party_of_connects == pytest.approx(30 / 32)
    assert found.hit_rate == pytest.approx(6 / 32)
    assert found.machine_rate == pytest.approx(8 / 40)
    assert found.join_milliseconds == pytest.approx(20)
    assert found.outcomes == {"no_answer": 60, "sold": 30, "machine": 8, "abandoned": 2}
    assert found.abandonment.rate == pytest.approx(2 / 30)
    # each of two: 2700 s without pauses, 1200 s of them talk and 300 s wrap-up; carl knows no sales
    assert found.utilisation == pytest.approx(1500 / 2700)
    assert found.utilisation_of_signed_in == pytest.approx(1500 / 3600)
    assert found.agent_hours == pytest.approx(2 * 2700 / 3600)
    assert found.talk_minutes_per_agent_hour == pytest.approx(40 / 1.5)
    assert found.people.penetration == pytest.approx(60 / 80)
    assert found.people.saturation == pytest.approx(80 / 80)


@pytest.mark.database
async def test_agents_of_two_campaigns_are_shared_by_what_they_did(database: Database) -> None:
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE)
        await agents(session, ada=[])
        await shift(session, "ada", (0, "ready"), (600, "talking"), (1200, "wrap_up"), (1200, "ready"))
        await shift(session, "ada", (1200, "ready"), (1800, "talking"), (3600, "ready"), campaign="other")
    async with database.read() as session:
        found = await figures(session, campaign, ITALY, after(3600))
    assert found.utilisation == pytest.approx(2400 / 3600)
    assert found.agent_hours == pytest.approx(0.25)
    assert found.talk_minutes_per_agent_hour == pytest.approx(40)


@pytest.mark.database
async def test_what_lies_before_the_period_is_left_out(database: Database) -> None:
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE)
        await agents(session, ada=[])
        midnight = -10 * 3600.0  # in Rome
        steps = ((midnight - 900, "ready"), (midnight - 300, "talking"), (midnight + 300, "ready"))
        await shift(session, "ada", *steps)
    async with database.read() as session:
        found = await figures(session, campaign, ITALY, after(midnight + 600), zone="Europe/Rome")
    assert found.work.talk == pytest.approx(300)
    assert found.work.staffed == pytest.approx(600)


@pytest.mark.database
@pytest.mark.parametrize("period", list(Period))
async def test_a_campaign_that_has_done_nothing_has_no_rates(database: Database, period: Period) -> None:
    async with database.write() as session:
        campaign = await spring(session)
    async with database.read() as session:
        found = await figures(session, campaign, ITALY, NINE, period=period)
        assert await estimates(session, campaign, ITALY, NINE) is None
    rates = (
        found.connect_rate, found.right_party_rate, found.right_party_of_connects, found.goal_rate,
        found.hit_rate, found.machine_rate, found.utilisation, found.utilisation_of_signed_in,
        found.agent_hours, found.talk_minutes_per_agent_hour, found.handling_seconds, found.join_milliseconds,
        found.abandonment.rate, found.people.penetration, found.people.saturation,
    )  # fmt: skip
    assert set(rates) == {None}
    assert found.number("attempts") == 0
    assert found.hours_left == 0.0  # nobody is left


@pytest.mark.database
async def test_the_pace_is_that_of_the_last_quarter_of_an_hour(database: Database) -> None:
    rows = [attempt_row(n, at=2700 + n * 4.5, over=20) for n in range(200)]
    rows += [attempt_row(1000 + n, at=3000, outcome="refused") for n in range(50)]
    people = [contact_row(n, attempts=2, state=ContactState.DONE) for n in range(100)]
    people += [contact_row(500 + n) for n in range(1000)]
    async with database.write() as session:
        campaign = await spring(session)
        await add(session, *rows)
        await add(session, *people, model=Contact)
    async with database.read() as session:
        found = await figures(session, campaign, ITALY, after(3600))
    assert found.pace == pytest.approx(796, abs=8)  # the very first lies a moment outside
    assert found.hours_left == pytest.approx(1000 * 2 / found.pace if found.pace else 0)


@pytest.mark.unit
def test_the_end_of_a_list_is_not_forecast_from_nothing() -> None:
    young = Headcount(contacts=100, ready=95, calling=0, done=5, tried=10, attempts=10)
    assert hours_left(young, 500.0) is None
    assert hours_left(Headcount(1000, 500, 0, 500, 700, 1500), None) is None
    assert hours_left(Headcount(1000, 500, 0, 500, 700, 1500), 3000.0) == pytest.approx(0.5)
    assert hours_left(Headcount(10, 0, 0, 10, 10, 30), None) == 0.0


@pytest.mark.database
async def test_present_estimates_come_from_the_last_attempts(database: Database) -> None:
    rows = [attempt_row(n, at=n, over=24, outcome="no_answer") for n in range(70)]
    rows += [
        attempt_row(
            100 + n, at=n, answered=12, joined=12.1, released=112.1, over=113, outcome="talked", agent="ada"
        )
        for n in range(30)
    ]  # fmt: skip
    old = [attempt_row(500 + n, at=-7 * 86400, answered=1, over=2, outcome="busy") for n in range(50)]
    async with database.write() as session:
        campaign = await spring(session, mode=Mode.PREDICTIVE, wrap_seconds=20.0)
        await add(session, *rows, *old)
    async with database.read() as session:
        found = await estimates(session, campaign, ITALY, NINE + timedelta(hours=1))
    assert found is not None
    assert found.answered == pytest.approx(0.3)
    assert found.machine == 0
    assert found.handling_mean == pytest.approx(120)
    assert found.handling_cv == pytest.approx(0.05)  # all alike: as even as the simulator takes them
    assert found.ring_mean == pytest.approx(12)
    assert found.unanswered_mean == pytest.approx(24)
