"""The page: what it shows, what it hides, and what it does with hostile words."""

import asyncio
from xml.etree import ElementTree as ET

import pytest
from prometheus_client.parser import text_string_to_metric_families

from centralino.rooms import Rooms
from tests.web.conftest import FLOW, HOSTILE, Client, Enter
from web.board import CHANNEL
from web.health import CORE_FIGURES

pytestmark = pytest.mark.database

PAGES = ("/calls", "/calls/last", "/calls/node1-1.0", "/calls/node1-1.2", "/calls/node1-1.6")


@pytest.fixture
async def client(enter: Enter) -> Client:
    """The browser of somebody who may see calls."""
    return await enter()


async def test_pages_escape_what_networks_and_callers_wrote_and_mask_numbers(client: Client) -> None:
    for path in PAGES:
        answer = await client.get(path)
        page = await answer.text()
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert HOSTILE not in page
        for hidden in ("3290000017", "3290000018", "0650000611"):
            assert hidden not in page, path
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_shows_ended_calls_and_each_flow(client: Client) -> None:
    page = await (await client.get("/calls")).text()
    assert page.count('<a href="/calls/') == 6  # the seventh is still up
    assert "•••017" in page
    assert "Другое &amp; altro &lt;b&gt;" in page
    assert f'data-flow="{FLOW}"' in page
    assert 'data-step="main"' in page


async def test_a_call_is_told_step_by_step(client: Client) -> None:
    page = await (await client.get("/calls/node1-1.1")).text()
    for told in (
        "we called",
        "•••018",
        "resolved",
        "01:10",
        "Анна Росси",
        "the call begins",
        "operator 01:05",
    ):
        assert told in page
    assert "hung up" in await (await client.get("/calls/node1-1.0")).text()
    assert "still up" in await (await client.get("/calls/node1-1.6")).text()
    assert (await client.get("/calls/nobody")).status == 404


async def test_the_drawing_counts_callers_and_is_harmless_xml(client: Client) -> None:
    answer = await client.get(f"/flows/{FLOW}.svg")
    assert answer.content_type == "image/svg+xml"
    text = await answer.text()
    drawn = ET.fromstring(text)  # noqa: S314  (our own drawing)
    step = next(each for each in drawn.iter() if each.get("data-step") == "main")
    assert "6" in ["".join(each.itertext()).strip() for each in step.iter()]
    assert "<script" not in text
    for name in ("care.nothing", "..%2F..%2Fetc%2Fpasswd", "%3Cscript%3E"):
        missing = await client.get(f"/flows/{name}.svg")
        assert (missing.status, missing.content_type) == (404, "application/problem+json")


async def test_people_get_their_errors_as_a_page(client: Client) -> None:
    answer = await client.get("/calls/%3Cscript%3E", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "There is no such call." in await answer.text()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_only_our_own_names_are_answered(client: Client) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "[", "a b", "centralino@evil.example:80"):
        for path in ("/", "/healthz", "/api/v1/calls", "/live"):
            answer = await client.get(path, headers={"Host": host})
            assert answer.status in {400, 421}, (host, path)
    for host in ("localhost", "LOCALHOST:8080", "127.0.0.1:1"):
        assert (await client.get("/healthz", headers={"Host": host})).status == 200


async def test_files_of_the_page_are_served_and_no_others(client: Client) -> None:
    for name in ("built/base.js", "built/calls.js", "css/base.css", "icon.svg"):
        assert (await client.get(f"/static/{name}")).status == 200
    for name in ("", "../keys.py", "..%2fkeys.py", "%2e%2e/keys.py"):
        assert (await client.get(f"/static/{name}")).status in {403, 404}


async def test_readiness_names_what_is_missing(client: Client, rooms: Rooms) -> None:
    assert await (await client.get("/healthz")).json() == {"status": "ok"}
    answer = await client.get("/readyz")
    assert answer.status == 503
    assert await answer.json() == {"database": True, "redis": True, "core": False}
    async with client.get("/live") as live:
        await heard(live)
        await tell(rooms, live, {"node": "node1", "live": 1, "calls": []})
        answer = await client.get("/readyz")
        assert (answer.status, all((await answer.json()).values())) == (200, True)


async def test_figures_are_in_prometheus_form_with_the_core_and_without(client: Client, rooms: Rooms) -> None:
    async def figures() -> dict[str, float]:
        answer = await client.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        families = text_string_to_metric_families(await answer.text())
        return {sample.name: sample.value for family in families for sample in family.samples}

    assert await figures() == {"centralino_core_heard": 0}
    told = (
        "# HELP centralino_calls_live Calls.\n# TYPE centralino_calls_live gauge\ncentralino_calls_live 3.0\n"
    )
    await rooms.live.put(CORE_FIGURES, told, seconds=10)
    assert await figures() == {"centralino_core_heard": 0, "centralino_calls_live": 3}


async def test_an_open_page_hears_every_board_and_the_core_falling_silent(
    client: Client, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client.get("/live") as live:
        assert live.content_type == "text/event-stream"
        assert '"node":""' in await heard(live)
        await tell(rooms, live, {"node": "node1", "live": 2, "calls": [{"who": HOSTILE}]})
        monkeypatch.setattr("web.board.STALE_SECONDS", 0.2)
        await rooms.live.publish(CHANNEL, {"node": "last word"})
        while '"node":""' not in (await heard(live)):
            pass
    assert (await (await client.get("/readyz")).json())["core"] is False


async def heard(live: object) -> str:
    """The next event of the stream."""
    lines = [(await live.content.readline()).decode() for _ in range(3)]  # type: ignore[attr-defined]
    assert lines[0] == "event: board\n"
    assert lines[2] == "\n"
    return lines[1].removeprefix("data: ")


async def tell(rooms: Rooms, live: object, board: dict[str, object]) -> None:
    """Publish a board as the core does, again and again, until the page has it."""
    told = asyncio.ensure_future(heard(live))
    while not told.done():
        await rooms.live.publish(CHANNEL, board)
        await asyncio.sleep(0.05)
    assert '"node":"node1"' in await told
