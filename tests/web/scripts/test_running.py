"""The script of the call at hand: opened with what is known, moved on, kept, and nobody else's."""

import re
from collections.abc import AsyncIterator

import pytest

from agents.queues import house_queues, seed_queues
from centralino.rooms import Rooms, script_files
from customers.seed import id_of, seed
from ivr.scripts import answers_of
from tests.web.conftest import HOSTILE, Client, Enter
from tests.web.desk_scene import ATTEMPT, NUMBER, Core, attempt, running
from users import Role

pytestmark = pytest.mark.database

WHO = id_of(7)


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[Core]:
    async with rooms.db.write() as session:
        await seed(session, 20)
    await rooms.flows.publish([path.read_text("utf-8") for path in script_files()], by="test")
    await rooms.library.refresh()
    async with running(Core(rooms)) as made:
        yield made


@pytest.fixture
async def anna(enter: Enter, core: Core) -> Client:
    return await enter(Role.AGENT, name="anna", agent="anna", title="Anna Rossi")


async def opened(client: Client, call: str = ATTEMPT, **query: str) -> str:
    answer = await client.get("/scripts/run", params={"call": call, **query})
    assert answer.status == 200, await answer.text()
    return await answer.text()


async def move(client: Client, page: str, how: str, key: str = "", **typed: str) -> str:
    run, turn = (re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("run", "turn"))
    assert run
    assert turn
    fields = {f"f.{name}": text for name, text in typed.items()}
    body = {"run": run[1], "turn": turn[1], "how": how, "key": key, **fields}
    answer = await client.post("/scripts/run/move", data=body)
    assert answer.status == 200, await answer.text()
    return await answer.text()


async def test_a_campaigns_script_opens_with_who_it_is_and_keeps_its_answers(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO, script="proactive.welcome")
    page = await opened(anna)
    assert (
        "Anna Rossi di Centralino: le diamo il benvenuto" in page
    )  # what is said, in the customer's language
    assert ">Welcome</h2>" in page  # what is read, in the agent's
    page = await move(anna, page, "answer", "1")
    page = await move(anna, page, "answer", "1")
    page = await move(anna, page, "next")
    assert "Fill this in." in page
    page = await move(anna, page, "next", would_recommend="10")
    assert "A quale indirizzo" in page
    page = await move(anna, page, "next", email="no address")
    assert "This does not look as it should." in page
    assert 'value="no address"' in page
    page = await move(anna, page, "next", email="a@b.it")
    assert "welcomed" in page
    async with rooms.db.read() as session:
        kept = {one.name: one.text for one in await answers_of(session, f"{ATTEMPT}:proactive.welcome:anna")}
    assert kept == {"works": "yes", "would_recommend": "10", "email": "a@b.it"}


async def test_a_queues_script_opens_for_a_caller_whom_nobody_knows(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    async with rooms.db.write() as session:
        await seed_queues(session, house_queues(), now=rooms.db.clock.now())
    await core.joins("anna", "in-1", title="0611", number=NUMBER, queue="care")
    assert "Come posso aiutarla?" in await opened(anna, "in-1")


async def test_a_reload_shows_the_same_page_with_what_was_typed(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO, script="care.inbound")
    first = await opened(anna)
    page = await move(anna, first, "next")
    run = re.search(r'name="run" value="([^"]*)"', page)
    assert run
    note = {"run": run[1], "turn": "1", "f.question": HOSTILE}
    assert (await anna.post("/scripts/run/note", data=note)).status == 204
    page = await opened(anna)
    assert "&lt;script&gt;alert(1)" in page
    assert HOSTILE not in page
    stale = await move(anna, first, "next")
    assert "gone on in another tab" in stale
    assert "Listening" in stale
    spoken = await anna.post("/scripts/run/language", data={**note, "language": "ru"})
    assert 'aria-pressed="true" lang="ru"' in await spoken.text()
    back = await move(anna, page, "back")
    assert "Greeting" in back
    assert "Greeting" in await move(anna, back, "back")  # the first page, however often


async def test_a_call_without_a_script_lets_the_agent_choose_one(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO)
    page = await opened(anna)
    assert "No script belongs to this call." in page
    assert "A bill is not paid" in page
    assert "Verifica" not in page
    assert "Con chi parlo" not in await opened(anna, script="care.unpaid_bill")
    for name in ("care.nothing", "care.service_0611"):  # nothing, and a call's flow
        assert "not published" in await opened(anna, script=name)


async def test_nobody_reads_or_moves_another_agents_script(
    anna: Client, enter: Enter, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO, script="care.inbound")
    page = await opened(anna)
    bruno = await enter(Role.AGENT, name="bruno", agent="bruno")
    assert (await bruno.get("/scripts/run", params={"call": ATTEMPT})).status == 403
    run = re.search(r'name="run" value="([^"]*)"', page)
    assert run
    body = {"run": run[1], "turn": "0", "how": "next"}
    assert (await bruno.post("/scripts/run/move", data=body)).status == 403
    marketing = await enter(Role.MARKETING, name="mara")
    assert (await marketing.post("/scripts/run/move", data=body)).status == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 404),
        ({"run": "nothing", "turn": "0", "how": "next"}, 404),
        ({"turn": "x", "how": "next"}, 400),
        ({"turn": "0", "how": "jump"}, 400),
        ({"turn": "0", "how": "answer", "key": "7"}, 400),
        ({"turn": "0", "how": "next", "f.question": "x" * 30_000}, 400),
    ],
)
async def test_what_no_page_would_send_is_refused(
    anna: Client, core: Core, rooms: Rooms, body: dict[str, str], status: int
) -> None:
    await attempt(rooms, customer=WHO, script="care.inbound")
    await opened(anna)
    run = f"{ATTEMPT}:care.inbound:anna"
    sent = {"run": run, **body} if body else body
    assert (await anna.post("/scripts/run/move", data=sent)).status == status
    assert (await anna.get("/scripts/run")).status == 400
