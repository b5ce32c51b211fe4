"""Supervisors' pages: who may open them, and what setting somebody's presence asks of the core."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from agents import AgentCard
from agents.service import note_events, put_agents
from centralino.rooms import Rooms
from store import Answerer
from tests.calls.samples import later
from tests.web.conftest import Enter
from users import Role
from users.models import Deed

pytestmark = pytest.mark.database


@pytest.fixture
async def anna(rooms: Rooms) -> None:
    async with rooms.db.write() as session:
        await put_agents(session, [AgentCard("anna", "agent01", "Anna Verdi")], now=later(0))
        rows = [
            (0, "ready", ""),
            (60, "talking", "node1-1.2"),
            (180, "wrap_up", "node1-1.2"),
            (240, "paused", ""),
        ]
        await note_events(
            session,
            [
                {
                    "agent": "anna", "at": later(at), "state": state, "before": "ready", "seconds": 1.0,
                    "reason": "", "campaign": "spring" if call else "", "call_id": call,
                }
                for at, state, call in rows
            ],
        )  # fmt: skip


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[list[Mapping[str, Any]]]:
    """What the core is asked, answered as it answers."""
    asked: list[Mapping[str, Any]] = []
    answerer = Answerer(rooms.live, rooms.db.clock)

    async def pause(fields: Mapping[str, Any]) -> Any:
        asked.append(fields)
        return {"agents": [{"agent": fields["agent"], "state": "paused", "reason": fields["reason"]}]}

    answerer.register("agents.pause", pause)
    task = asyncio.create_task(answerer.run())
    yield asked
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("role", [Role.AGENT, Role.MARKETING, Role.PARTNER_MANAGER])
async def test_the_grid_and_a_day_are_for_supervisors(enter: Enter, anna: None, role: Role) -> None:
    more = {"partner": "blu"} if role is Role.PARTNER_MANAGER else {}
    somebody = await enter(role, **more)
    assert (await somebody.get("/supervise")).status == 403
    assert (await somebody.get("/supervise/anna")).status == 403
    assert (await somebody.post("/supervise/anna/presence", json={"state": "pause"})).status == 403


async def test_a_supervisor_pauses_an_agent_who_sees_who_it_was(
    rooms: Rooms, enter: Enter, anna: None, core: list[Mapping[str, Any]]
) -> None:
    piero = await enter(Role.SUPERVISOR, name="piero", title="Piero Blu")
    assert (await piero.get("/supervise")).status == 200
    body = {"state": "pause", "reason": "training", "why": "new price list"}
    told = await piero.post("/supervise/anna/presence", json=body)
    assert (told.status, (await told.json())["state"]) == (200, "paused")
    assert core == [{"agent": "anna", "by": "Piero Blu", "reason": "training"}]
    async with rooms.db.read() as session:
        (deed,) = await session.scalars(select(Deed).where(Deed.did == "agent.presence_set"))
    assert (deed.by, deed.subject, deed.detail["why"]) == ("piero", "anna", "new price list")
    for bad, field in (
        ({"state": "dance"}, "state"),
        ({"state": "pause"}, "reason"),
        ({"state": "ready", "why": 7}, "why"),
    ):
        refused = await piero.post("/supervise/anna/presence", json=bad)
        assert (refused.status, (await refused.json())["field"]) == (400, field)
    assert (await piero.post("/supervise/nobody/presence", json={"state": "ready"})).status == 404


async def test_an_agents_day_shows_states_talks_and_their_recordings(enter: Enter, anna: None) -> None:
    piero = await enter(Role.SUPERVISOR)
    day = later(0).date().isoformat()
    text = await (await piero.get(f"/supervise/anna?date={day}")).text()
    assert "Anna Verdi" in text
    assert text.count('<rect class="s-talking"') == 1
    assert "/calls/node1-1.2" in text
    told = await (await piero.get(f"/api/v1/agents/anna/day?date={day}")).json()
    assert told["seconds"] == {"ready": 60, "talking": 120, "wrap_up": 60, "paused": 360}
    empty = (later(0) - timedelta(days=3)).date()
    assert "Nothing on this day" in await (await piero.get(f"/supervise/anna?date={empty}")).text()
    assert (await piero.get("/supervise/anna?date=yesterday")).status == 400
    assert (await piero.get("/supervise/nobody")).status == 404
