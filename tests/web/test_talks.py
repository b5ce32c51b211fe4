"""Talks over the REST API: whose may be steered by whom, what the core is asked, what is written down."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from agents import Desk, Presence, agent_card, put_agents
from centralino.core.control.errors import ForbiddenTargetError
from centralino.rooms import Rooms
from customers.seed import id_of, number_of, seed
from store import Answerer
from tests.calls.samples import later
from tests.web.conftest import Client, Enter
from users import Role
from users.models import Deed
from values import CentralinoError
from values.testing import FixedClock
from web.talks.deeds import DEEDS

pytestmark = pytest.mark.database


class Core:
    """A core that does whatever it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.refuses: CentralinoError | None = None

    def register(self, answerer: Answerer) -> None:
        supervise = [
            f"supervise.{verb}" for verb in ("listen", "whisper", "barge", "take_over", "stop", "list")
        ]
        for command in [*(deed.command for deed in DEEDS.values()), "talks.now", *supervise]:
            answerer.register(command, self._answer(command))

    def _answer(self, command: str) -> Any:
        async def answer(fields: Mapping[str, Any]) -> Any:
            self.asked.append((command, fields))
            if self.refuses:
                raise self.refuses
            return {"agent": fields.get("agent"), "call": "node1-1.1", "state": "held"}

        return answer


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[Core]:
    async with rooms.db.write() as session:
        await put_agents(
            session, [agent_card("anna"), agent_card("bruno"), agent_card("sofia")], now=later(0)
        )
    made, answerer = Core(), Answerer(rooms.live, FixedClock(later(600)))
    made.register(answerer)
    task = asyncio.create_task(answerer.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def deeds(rooms: Rooms) -> list[Deed]:
    async with rooms.db.read() as session:
        return list(await session.scalars(select(Deed).order_by(Deed.seq)))


async def test_an_agent_steers_her_own_talk_and_nobody_else_s(core: Core, enter: Enter) -> None:
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    for deed in DEEDS:
        answer = await anna.post(f"/api/v1/agents/anna/talk/{deed}", json={})
        assert answer.status == 200, await answer.text()
        refused = await anna.post(f"/api/v1/agents/bruno/talk/{deed}", json={})
        assert refused.status == 403
    assert (await anna.get("/api/v1/agents/anna/talk")).status == 200
    assert (await anna.get("/api/v1/agents/bruno/talk")).status == 403
    assert {fields["agent"] for _, fields in core.asked} == {"anna"}


async def test_a_supervisor_steers_any_talk_and_listens_with_her_own_telephone(
    core: Core, enter: Enter, rooms: Rooms
) -> None:
    sofia = await enter(Role.SUPERVISOR, name="sofia", agent="sofia")
    assert (await sofia.post("/api/v1/agents/anna/talk/hold")).status == 200
    assert (await sofia.post("/api/v1/agents/nobody/talk/hold")).status == 404
    for deed in ("listen", "whisper", "barge", "take-over"):
        assert (await sofia.post(f"/api/v1/agents/anna/supervise/{deed}")).status == 200
    assert (await sofia.post("/api/v1/supervise/stop")).status == 200
    assert core.asked[1] == ("supervise.listen", {"supervisor": "sofia", "agent": "anna"})
    other = await sofia.post("/api/v1/agents/anna/supervise/listen", json={"supervisor": "bruno"})
    assert other.status == 400
    assert [deed.did for deed in await deeds(rooms)] == [
        "supervise.listen", "supervise.whisper", "supervise.barge", "supervise.take_over", "supervise.stop",
    ]  # fmt: skip


async def test_agents_do_not_listen_to_others(core: Core, enter: Enter) -> None:
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    for path in ("agents/bruno/supervise/listen", "supervise/stop"):
        assert (await anna.post(f"/api/v1/{path}")).status == 403
    assert core.asked == []


async def test_what_the_core_refuses_is_told_with_its_reason(core: Core, enter: Enter, rooms: Rooms) -> None:
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    core.refuses = ForbiddenTargetError("Nobody may be put through there: it is an emergency number.")
    answer = await anna.post("/api/v1/agents/anna/talk/blind", json={"target": "112"})
    assert answer.status == 409
    told = await answer.json()
    assert (told["error_id"], "emergency" in told["detail"]) == ("talk-forbidden-target", True)
    (written,) = await deeds(rooms)  # also what was refused: it is written down first
    assert (written.did, written.detail) == ("talk.blind", {"agent": "anna", "target": "112"})
    unknown = await anna.post("/api/v1/agents/anna/talk/blind", json={"tarqet": "112"})
    assert (unknown.status, (await unknown.json())["field"]) == (400, "tarqet")


async def test_transfers_are_written_down_without_their_numbers(
    core: Core, enter: Enter, rooms: Rooms
) -> None:
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    for target in ("+390655512345", "outside:garage", "agent:bruno"):
        await anna.post("/api/v1/agents/anna/talk/blind", json={"target": target})
    written = [(deed.did, deed.by, deed.detail["target"]) for deed in await deeds(rooms)]
    assert written == [
        ("talk.blind", "anna", "•••••••••345"),
        ("talk.blind", "anna", "outside:garage"),
        ("talk.blind", "anna", "agent:bruno"),
    ]


async def test_a_transfer_of_which_the_core_says_nothing_is_written_down_with_its_call(
    enter: Enter, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.talks.deeds.DEED_SECONDS", 0.1)
    async with rooms.db.write() as session:
        await put_agents(session, [agent_card("anna")], now=later(0))
    desk = Desk(rooms.db.clock.monotonic)
    desk.sign_in("anna")
    held = desk.reserve("node1-1.7")
    assert held is not None
    desk.talking(held)
    await Presence(desk, rooms.live, rooms.db.clock, "node1").tell(everybody=True)
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    silent = await anna.post("/api/v1/agents/anna/talk/complete")
    assert (silent.status, (await silent.json())["error_id"]) == (503, "core-away")
    assert [(deed.did, deed.subject) for deed in await deeds(rooms)] == [("talk.complete", "node1-1.7")]


async def test_in_a_customer_s_name_only_their_own_numbers_are_dialled(
    core: Core, enter: Enter, rooms: Rooms
) -> None:
    async with rooms.db.write() as session:
        await seed(session, 3)
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    mine = {"campaign": "spring", "customer_id": id_of(1)}
    for number in (number_of(2), "+39 06 5551 2345"):
        borrowed = await anna.post("/api/v1/agents/anna/talk/manual", json=mine | {"number": number})
        assert (borrowed.status, (await borrowed.json())["field"]) == (400, "number")
    stranger = {"number": number_of(1), "customer_id": "nobody"}
    assert (await anna.post("/api/v1/agents/anna/talk/manual", json=stranger)).status == 400
    assert core.asked == []
    theirs = mine | {"number": number_of(1).replace("+39", "")}
    assert (await anna.post("/api/v1/agents/anna/talk/manual", json=theirs)).status == 200
    nobodys = {"number": number_of(2), "campaign": "spring"}
    assert (await anna.post("/api/v1/agents/anna/talk/manual", json=nobodys)).status == 200


async def test_a_program_names_the_telephone_that_listens(
    core: Core, client: Client, bearer: dict[str, str]
) -> None:
    unnamed = await client.post("/api/v1/agents/anna/supervise/listen", headers=bearer)
    assert (unnamed.status, (await unnamed.json())["field"]) == (400, "supervisor")
    named = await client.post(
        "/api/v1/agents/anna/supervise/listen", json={"supervisor": "sofia"}, headers=bearer
    )
    assert named.status == 200
