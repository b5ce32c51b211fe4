"""What happens often reaches the outbox only while another system wants to hear of it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from agents import AgentState, Desk, Diary
from calls import CallEnd, CallStart, Direction, Journal
from centralino.core.herald import Herald
from messages.webhooks import AGENT_STATE, CALL_ENDED, Interest
from store import Database, OutboxEvent
from tests.dialer.results.samples import NINE, after
from values import CallId
from values.testing import FixedClock

pytestmark = pytest.mark.database


async def told(database: Database) -> list[OutboxEvent]:
    async with database.read() as session:
        return list(await session.scalars(select(OutboxEvent).order_by(OutboxEvent.seq)))


async def calls(database: Database, folder: Path, interest: Interest) -> None:
    async with Journal(database, FixedClock(NINE), folder / "spill", told=Herald(interest).calls) as journal:
        for number in range(2):
            call_id = CallId(f"node1-1.{number}")
            journal.call_started(
                CallStart(
                    call_id, Direction.INBOUND, NINE, "node1", "trunk", "+393290000017", "0611",
                    "care.bill", "v3", customer_id="k17",
                )
            )  # fmt: skip
            if number == 0:
                journal.call_ended(CallEnd(call_id, after(70), 16, "", "resolved", goal=True))
        await journal.flush()


async def test_an_ended_call_is_told_once_somebody_wants_it(database: Database, tmp_path: Path) -> None:
    interest = Interest()
    await calls(database, tmp_path, interest)
    assert await told(database) == []
    interest.heard(frozenset({CALL_ENDED}))
    await calls(database, tmp_path, interest)  # a journal may be handed the same records twice
    await calls(database, tmp_path, interest)
    (event,) = await told(database)
    assert (event.id, event.kind, event.at) == ("ended-node1-1.0", "calls.ended", after(70))
    assert isinstance(event.payload, dict)
    assert event.payload["outcome"] == "resolved"
    assert (event.payload["flow"], event.payload["customer_id"]) == ("care.bill", "k17")
    assert "+393290000017" not in str(event.payload)


async def test_an_agents_change_is_told_once_somebody_wants_it(database: Database) -> None:
    clock, interest = FixedClock(NINE), Interest()
    diary, desk = Diary(database, clock, told=Herald(interest).agents), Desk(clock.monotonic)
    desk.on_change(diary.turned)
    desk.sign_in("ada")
    await diary.flush()
    assert await told(database) == []
    interest.heard(frozenset({AGENT_STATE}))
    clock.move(60)
    desk.pause("ada", "lunch")
    await diary.flush()
    (event,) = await told(database)
    assert event.key == "ada"
    assert isinstance(event.payload, dict)
    state = {name: event.payload[name] for name in ("state", "before", "seconds", "reason")}
    assert state == {"state": AgentState.PAUSED, "before": "ready", "seconds": 60.0, "reason": "lunch"}
