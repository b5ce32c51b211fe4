"""What is written down about agents, and what a restarted core reads from it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from agents import AgentCard, AgentState, Desk, Diary, Present, agent_card, agent_cards, put_agents
from agents.lifetime import rules
from agents.models import AgentEvent
from agents.returning import Left, left_by, returned
from agents.service import last_events
from store import Database, StoreUnavailableError
from store.lifetime import apply
from values import BadInputError
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


async def test_agents_are_added_changed_and_put_away(database: Database, clock: FixedClock) -> None:
    cards = [
        agent_card("anna", skills=["fibre", "mobile"]),
        agent_card("bruno", node="node2", team="evening", site="bari", partner="levante"),
    ]
    async with database.write() as session:
        await put_agents(session, cards, now=clock.now())
    clock.move(60)
    async with database.write() as session:
        await put_agents(session, [agent_card("anna", title="Anna Rossi")], now=clock.now())
        await put_agents(session, [agent_card("carla", active=False)], now=clock.now())
    async with database.read() as session:
        assert [card.name for card in await agent_cards(session)] == ["anna", "bruno"]
        assert [card.name for card in await agent_cards(session, node="node1")] == ["anna"]
        (anna,) = await agent_cards(session, ["anna"])
        everybody = await agent_cards(session, inactive=True)
        (bruno,) = await agent_cards(session, ["bruno"])
    assert anna == AgentCard("anna", "anna", "Anna Rossi", frozenset())
    assert (bruno.team, bruno.site, bruno.partner) == ("evening", "bari", "levante")
    assert [card.active for card in everybody] == [True, True, False]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "an na"}),
        ("name", {"name": ""}),
        ("endpoint", {"name": "anna", "endpoint": "PJSIP/+39@trunk"}),
        ("endpoint", {"name": "anna", "endpoint": "city:1"}),
        ("skills", {"name": "anna", "skills": ["a b"]}),
        ("title", {"name": "anna", "title": "two\nlines"}),
        ("node", {"name": "anna", "node": "?"}),
        ("team", {"name": "anna", "team": "a team"}),
        ("site", {"name": "anna", "site": "../bari"}),
        ("partner", {"name": "anna", "partner": "?"}),
    ],
)
@pytest.mark.unit
def test_what_cannot_be_is_refused_by_its_field(field: str, values: dict[str, object]) -> None:
    with pytest.raises(BadInputError) as problem:
        agent_card(**values)  # type: ignore[arg-type]
    assert problem.value.field == field


async def test_a_day_is_written_down_with_how_long_each_state_lasted(
    database: Database, clock: FixedClock
) -> None:
    desk, diary = Desk(clock.monotonic), Diary(database, clock)
    desk.on_change(diary.turned)
    diary.signed_in("anna")
    desk.sign_in("anna")
    clock.move(30)
    held = desk.reserve("c1", campaign="spring")
    assert held is not None
    clock.move(1)
    desk.talking(held)
    clock.move(90)
    desk.talked("anna")
    clock.move(15)
    desk.wrapped_up("anna")
    desk.sign_out("anna")
    await diary.flush()
    async with database.read() as session:
        rows = list(await session.scalars(select(AgentEvent).order_by(AgentEvent.seq)))
        (last,) = await last_events(session, ["anna", "nobody"])
    assert [(row.before, row.state, row.seconds, row.campaign) for row in rows] == [
        ("offline", "offline", 0, ""),
        ("offline", "ready", 0, ""),
        ("ready", "reserved", 30, "spring"),
        ("reserved", "talking", 1, "spring"),
        ("talking", "wrap_up", 90, "spring"),
        ("wrap_up", "ready", 15, "spring"),
        ("ready", "offline", 0, ""),
    ]
    assert (last.state, last.reason) == ("offline", "sign_out")
    assert rows[3].call_id == "c1"


async def test_changes_wait_for_a_database_that_is_away(
    database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = Diary(database, clock)
    diary.signed_in("anna")
    with monkeypatch.context() as away:
        away.setattr(database, "write", _away)
        with pytest.raises(StoreUnavailableError):
            await diary.flush()
    await diary.close()
    async with database.read() as session:
        assert len(await last_events(session, ["anna"])) == 1


def _away() -> None:
    raise StoreUnavailableError("away")


ROW = AgentEvent(
    agent="anna", at=EPOCH, state="talking", before="reserved", seconds=1.0, reason="", campaign="spring",
    call_id="c1",
)  # fmt: skip


def seen(state: AgentState, after: float, **more: object) -> Present:
    values = {
        "reason": "",
        "campaign": "",
        "call": "",
        "node": "node1",
        "leaving": False,
        "going_home": False,
    }
    since = EPOCH + timedelta(seconds=after)
    return Present(agent="anna", state=state, since=since, told=since, **{**values, **more})  # type: ignore[arg-type]


@pytest.mark.unit
def test_the_later_word_counts() -> None:
    assert left_by(ROW, None).state is AgentState.TALKING
    assert left_by(ROW, seen(AgentState.READY, -60)).state is AgentState.TALKING
    assert left_by(ROW, seen(AgentState.PAUSED, 5, reason="lunch")).paused
    same = left_by(ROW, seen(AgentState.TALKING, 0.01, call="c1", campaign="spring", leaving=True))
    assert (same.lasted, same.paused, same.since) == (1.0, True, EPOCH)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("left", "state", "leaving"),
    [
        (AgentState.READY, AgentState.OFFLINE, False),
        (AgentState.PAUSED, AgentState.OFFLINE, True),
        (AgentState.TALKING, AgentState.TALKING, False),
        (AgentState.WRAP_UP, AgentState.WRAP_UP, False),
        (AgentState.RESERVED, AgentState.RESERVED, False),
    ],
)
def test_nobody_is_taken_for_ready_before_their_leg_is_found(
    left: AgentState, state: AgentState, leaving: bool
) -> None:
    card = agent_card("anna", skills=["fibre"])
    known = Left(left, EPOCH, 40.0, leaving, "", "spring", "c1")
    seat = returned(card, known, now=EPOCH + timedelta(seconds=10), seconds=1000.0)
    assert seat is not None
    assert (seat.state, seat.leaving, seat.parked, seat.skills) == (state, leaving, False, {"fibre"})
    assert seat.since == 990.0
    if left is AgentState.WRAP_UP:
        assert seat.busy_since == 950.0


@pytest.mark.unit
def test_who_went_home_stays_there() -> None:
    gone = Left(AgentState.OFFLINE, EPOCH, 0.0, paused=False, reason="sign_out", campaign="", call="")
    assert returned(agent_card("anna"), gone, now=EPOCH, seconds=0.0) is None


async def test_what_agents_did_is_kept_two_years_and_who_left_goes_with_it(
    database: Database, clock: FixedClock
) -> None:
    diary = Diary(database, clock)
    async with database.write() as session:
        await put_agents(session, [agent_card("anna"), agent_card("bruno", active=False)], now=clock.now())
    diary.signed_in("anna")
    diary.signed_in("bruno")
    await diary.flush()
    for days, left in ((700, ["anna", "bruno"]), (60, ["anna"])):
        clock.move(days * 86_400)
        async with database.write() as session:
            await apply(session, rules(clock.now()))
            assert [card.name for card in await agent_cards(session, inactive=True)] == left
            assert len(await last_events(session, ["anna", "bruno"])) == (2 if days == 700 else 0)
