"""A campaign's figures and attempts by REST."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from centralino.rooms import Rooms
from dialer.models import Contact
from dialer.results import count
from store import AuditEntry
from tests.dialer.results.samples import CALLED, add, attempt_row, contact_row, ended, spring
from tests.web.conftest import Client
from web.results import KNOWN, routes

pytestmark = pytest.mark.database

MASKED = "•••••••••017"


@pytest.fixture
async def ask(client: Client, bearer: dict[str, str], rooms: Rooms) -> Any:
    """A campaign with twelve attempts; ask with the token, get the status and the body."""
    rows = [attempt_row(n, at=n * 60.0, over=30.0) for n in range(10)]
    rows += [
        attempt_row(10 + n, at=n, answered=5, joined=5.02, released=65, over=66, agent="ada", outcome="done")
        for n in range(2)
    ]
    async with rooms.db.write() as session:
        await spring(session)
        await add(session, *rows)
        await add(session, *[contact_row(n, attempts=1) for n in range(4)], model=Contact)
        await count(session, [ended(at=n * 60.0, over=30, outcome="no_answer") for n in range(10)])

    async def asking(path: str, **headers: str) -> tuple[int, Any]:
        answer = await client.get(f"/api/v1/{path}", headers=bearer | headers)
        body = (
            await answer.text() if answer.content_type == "text/csv" else await answer.json(content_type=None)
        )
        return answer.status, body

    return asking


async def test_figures_are_told_with_null_where_nothing_can_be_divided(ask: Any) -> None:
    status, told = await ask("campaigns/spring/figures?period=all")
    assert status == 200
    assert (told["attempts"], told["connects"], told["contacts"]) == (10, 0, 4)
    assert told["connect_rate"] == 0.0
    assert told["hit_rate"] is told["utilisation"] is told["abandonment"]["rate"] is None
    assert told["penetration"] == 1.0
    assert told["outcomes"] == {"no_answer": 10}


async def test_attempts_come_latest_first_and_the_cursor_leads_to_the_first(ask: Any) -> None:
    seen, cursor = [], ""
    while True:
        status, page = await ask(f"campaigns/spring/attempts?limit=5{cursor}")
        assert status == 200
        seen += page["attempts"]
        if page["cursor"] is None:
            break
        cursor = f"&cursor={page['cursor']}"
    assert len({each["id"] for each in seen}) == 12
    assert seen == sorted(seen, key=lambda each: (each["committed"], each["id"]), reverse=True)


async def test_filters_restrict_and_one_attempt_tells_all_its_times(ask: Any) -> None:
    status, page = await ask("campaigns/spring/attempts?agent=ada&outcome=done")
    assert status == 200
    assert {each["id"] for each in page["attempts"]} == {"a000010", "a000011"}
    status, told = await ask("attempts/a000010?numbers=whole")
    assert status == 200
    assert (told["number"], told["talk_seconds"], told["ring_seconds"]) == (CALLED, 59.98, 5.0)
    assert told["joined"] == "2026-03-03T09:00:05.020000+00:00"
    assert told["detected"] is None


async def test_the_export_masks_numbers_unless_asked_and_notes_that(ask: Any, rooms: Rooms) -> None:
    status, text = await ask("campaigns/spring/attempts/export.csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert (status, len(rows), {row["number"] for row in rows}) == (200, 12, {MASKED})
    path = "campaigns/spring/attempts/export.csv?numbers=whole&outcome=done"
    status, text = await ask(path, **{"X-Operator": "ada"})
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert (len(rows), {row["number"] for row in rows}) == (2, {CALLED})
    async with rooms.db.read() as session:
        [note] = (await session.scalars(select(AuditEntry))).all()
    assert (note.by, note.what) == ("ada", "exported")


@pytest.mark.parametrize("path", ["campaigns/spring/attempts?agent=ada", "attempts/a000010?"])
async def test_pages_mask_numbers_unless_asked_and_note_that(ask: Any, rooms: Rooms, path: str) -> None:
    async def shown(more: str = "") -> set[str]:
        status, told = await ask(path + more, **{"X-Operator": "ada"})
        assert status == 200
        return {each["number"] for each in told.get("attempts", [told])}

    async def noted() -> list[tuple[str, str, str]]:
        async with rooms.db.read() as session:
            return [(each.by, each.what, each.about) for each in await session.scalars(select(AuditEntry))]

    assert (await shown(), await shown("&numbers=masked")) == ({MASKED}, {MASKED})
    assert await noted() == []
    assert await shown("&numbers=whole") == {CALLED}
    assert await noted() == [("ada", "exported", "attempts of spring")]
    status, told = await ask(f"{path}&numbers=true")
    assert (status, "write masked or whole" in told["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("campaigns/autumn/figures", 404, "no such campaign"),
        ("campaigns/autumn/attempts/export.csv", 404, "no such campaign"),
        ("attempts/a9", 404, "no such attempt"),
        ("campaigns/spring/figures?period=week", 400, "period: write one of: today, window, all"),
        ("campaigns/spring/what-if?colour=red", 400, "colour: there is no such parameter"),
        ("campaigns/spring/what-if?agents=9", 400, "campaigns are not paced"),
        ("campaigns/spring/attempts?limit=0", 400, "limit"),
        ("campaigns/spring/attempts?agnet=ada", 400, "agnet: there is no such parameter"),
        ("campaigns/spring/attempts?since=yesterday", 400, "since"),
        ("campaigns/spring/attempts?cursor=x", 400, "cursor"),
        ("campaigns/spring/attempts/export.csv?numbers=all", 400, "numbers: write masked or whole"),
    ],
)
async def test_wrong_questions_are_told_what_is_wrong(ask: Any, path: str, status: int, said: str) -> None:
    found, told = await ask(path)
    assert found == status
    assert said in told["detail"]


def test_every_path_and_parameter_is_in_the_reference() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    for route in routes:
        assert f"GET {route.path}`" in text  # type: ignore[attr-defined]
    assert all(f"`{name}`" in text for name in KNOWN)
