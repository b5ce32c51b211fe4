"""Business events and rules as people see them: what came of each, why one was refused, what is wrong."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from centralino.rooms import Rooms
from dialer import set_up
from dialer.models.campaigns import Mode
from proactive.events import BusinessEvent, EventState
from tests.calls.samples import later
from tests.web.conftest import HOSTILE, Enter
from tests.web.opinion.test_opinion import seen
from users import Role
from web.events.desk import DESK

pytestmark = [
    pytest.mark.database,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def event(number: int, state: EventState, result: dict[str, object], **more: object) -> BusinessEvent:
    at = later(number) - timedelta(minutes=5)
    told: dict[str, object] = {
        "id": f"crm-{number}", "type": "fault.restored", "at": at, "received": later(number), "source": "crm",
        "customer_id": "c0000017", "key": f"F{number}", "data": {"fault": f"F{number}"}, "state": state,
        "tries": 0, "next_at": None, "result": result, "done_at": None,
    }  # fmt: skip
    return BusinessEvent(**(told | more))


@pytest.fixture
async def told(rooms: Rooms) -> None:
    came = {"rules": [{"rule": "repair_check", "campaign": "fault_closure", "result": "contact"},
                      {"rule": "line_day", "campaign": "line_notice", "result": "outranked"}]}  # fmt: skip
    names = [f"x{number}" for number in range(7)]
    touched = {"touched": 120, "unknown": {"count": 9, "lines": names, "customers": ["nobody"]}}
    async with rooms.db.write() as session:
        session.add_all(
            [
                event(1, EventState.DONE, came),
                event(2, EventState.REFUSED, {"refused": f"nobody knows fault F2 {HOSTILE}"}),
                event(3, EventState.PARKED, {"waits": "fault F3 was never opened"}),
                event(5, EventState.DONE, touched, type="outage.opened", key="O5", data={"cause": "power"}),
                event(4, EventState.DONE, {}, type="usage.read", key="L4", data={"number": "+39"}),
            ]
        )  # fmt: skip


async def test_what_came_in_and_what_came_of_it(told: None, enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS)
    page = await seen(olga, "/proactive/events")
    assert "repair_check: to be called" in page
    assert "nobody knows fault F2 &lt;script&gt;" in page
    assert "waits for what it builds on: fault F3 was never opened" in page
    assert "taken into the books" in page
    assert "customers touched: 120" in page
    assert "unknown to us: 9 (x0, x1, x2, x3, x4, …)" in page
    assert "no rule" not in page  # another fact may have come of it, which a rule was about
    assert "line_day: left to a rule that goes before it" in page
    assert HOSTILE not in page
    assert "+39" not in page.split("<tbody>")[1]
    refused = await seen(olga, "/proactive/events", state="refused")
    assert "F2" in refused
    assert "F3" not in refused.split("<tbody>")[1]
    assert "No such event has come in." in await seen(olga, "/proactive/events", about="F9")
    assert (await olga.get("/proactive/events?state=lost")).status == 400
    lost = await olga.get("/proactive/events?type=fault.restord")
    assert (lost.status, "did you mean " in await lost.text()) == (400, True)


async def test_the_rules_that_hold(enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS, name="olga", language="it")
    page = await seen(olga, "/proactive/rules")
    assert "fault_closure" in page
    assert "Valgono le regole della casa" in page


async def test_a_name_in_the_operators_rules_that_is_none_is_told_though_they_hold(
    enter: Enter, rooms: Rooms, server: TestServer, tmp_path: Path
) -> None:
    async with rooms.db.write() as session:
        for plan in rooms.processes.campaigns(profile="it", caller_id="+390650000611"):
            await set_up(session, rooms.gate, plan)
    shelf = server.app[DESK].rulings.shelf
    shelf.own = tmp_path / "rules.yaml"
    shelf.own.write_text("edition: 1\nrules:\n  mine:\n    on: order.planned\n    campaign: line_notise\n")
    olga = await enter(Role.OPERATIONS)
    page = await seen(olga, "/proactive/rules")
    assert "The rules of rules.yaml hold, but they name what is not there:" in page
    assert "line 5:" in page
    assert "did you mean &#39;line_notice&#39;?" in page
    told = await (await olga.get("/api/v1/rules")).json()
    assert [(each["line"], each["rule"], each["field"]) for each in told["unknown"]] == [
        (5, "mine", "campaign")
    ]


async def test_what_an_agents_script_takes_is_no_mistake_in_the_operators_rules(
    enter: Enter, rooms: Rooms, server: TestServer, tmp_path: Path
) -> None:
    async with rooms.db.write() as session:
        for plan in rooms.processes.campaigns(profile="it", caller_id="+390650000611"):
            mode = Mode.PREVIEW if plan.name == "welcome" else Mode.AGENTLESS
            here = replace(plan, flow="care.service_0611", mode=mode, script="proactive.welcome")
            await set_up(session, rooms.gate, here)
    shelf = server.app[DESK].rulings.shelf
    shelf.own = tmp_path / "rules.yaml"
    rule = "{on: order.activated, campaign: %s, fields: {order_id: '{order}', email: a@b.it, old_order: '7'}}"
    shelf.own.write_text(f"edition: 1\nrules:\n  mine: {rule % 'welcome'}\n  other: {rule % 'line_notice'}\n")
    olga = await enter(Role.OPERATIONS)
    told = await (await olga.get("/api/v1/rules")).json()
    assert told["problems"] == []
    assert {each["rule"] for each in told["unknown"]} == {"other"}


async def test_they_are_for_who_has_the_right(enter: Enter) -> None:
    for role in (Role.AGENT, Role.SUPERVISOR, Role.PARTNER_MANAGER):
        client = await enter(role, partner="Levante" if role is Role.PARTNER_MANAGER else "")
        for path in ("/proactive/events", "/proactive/rules"):
            assert (await client.get(path)).status == 403
