"""Polls and goals: progress, regions with too few answers, the planner, and goals as files."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, event

from centralino.rooms import Rooms
from surveys.models import Answer
from tests.web.conftest import Enter
from tests.web.opinion import scene
from tests.web.opinion.test_opinion import seen
from users import RIGHTS, Right, Role

pytestmark = [
    pytest.mark.database,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
GOALS = """
title: Autumn
since: 2026-11
until: 2026-11
goals:
  - {indicator: correctness, whose: site, target: 0.8}
"""


async def test_a_poll_half_way_through(rooms: Rooms, enter: Enter) -> None:
    async with rooms.db.write() as session:
        await scene.polled(session)
    susi = await enter(Role.SUPERVISOR)
    page = await seen(susi, "/opinion/polls")
    assert "Did your bill arrive?" in page
    torino = page.split('<th scope="row">Torino')[1].split("</tr>")[0]
    assert "94.4\u00a0%" in torino
    assert "86.4" in torino  # Wilson's lower end of 67 in 71
    lecce = page.split('<th scope="row">Lecce')[1].split("</tr>")[0]
    assert "too few" in lecce
    assert "<dt>Broken off</dt>" in page
    assert '<td class="number">64</td><td class="number">5</td>' in page  # Bari
    assert "25.0" not in lecce
    assert (await susi.get("/opinion/polls?poll=hair")).status == 404
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="Levante")
    assert (await petra.get("/opinion/polls")).status == 403


async def test_a_poll_that_asked_several_things_is_shown_by_each(rooms: Rooms, enter: Enter) -> None:
    async with rooms.db.write() as session:
        await scene.polled(session)
    susi = await enter(Role.SUPERVISOR)
    assert 'name="item"' not in await seen(susi, "/opinion/polls"), "one question: nothing to choose"
    async with rooms.db.write() as session:
        asked = {"item": "clear", "at": scene.NOW, "text": ""}
        session.add_all(
            Answer(interview=f"b-Torino-{number}", value=int(number < 10), **asked) for number in range(40)
        )
    page = await seen(susi, "/opinion/polls")
    assert '<option value="arrived" selected>Did it arrive?</option><option value="clear">' in page
    assert "94.4\u00a0%" in page
    clear = await seen(susi, "/opinion/polls", poll="bill", item="clear")
    assert '<option value="clear" selected>clear</option>' in clear
    assert "25.0\u00a0%" in clear.split('<th scope="row">Torino')[1].split("</tr>")[0]
    assert (await susi.get("/opinion/polls?item=clean")).status == 400
    assert (await susi.get("/opinion/polls?item=<b>")).status == 400


async def test_the_planner_says_how_many_a_precision_takes(enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    assert "There is no poll yet" in await seen(susi, "/opinion/polls")
    size = await seen(susi, "/opinion/polls/size", margin="5", response="100")
    assert ">385<" in size
    assert ">1,068<" in await seen(susi, "/opinion/polls/size", margin="3", response="100")
    few = await seen(susi, "/opinion/polls/size", margin="3", population="500", response="40")
    assert "There are not so many to invite." in few
    for margin in ("0", "many", "1e9", "−5"):
        assert 'class="notice bad"' in await seen(susi, "/opinion/polls/size", margin=margin)


async def test_goals_are_reckoned_while_others_write(opinions: None, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    said: list[tuple[int, str]] = []

    def hear(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append((id(connection.engine), statement))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        answer = await susi.post("/opinion/goals.csv", data={"goals": GOALS})
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert answer.status == 200
    noted = {engine for engine, statement in said if statement.startswith("INSERT")}
    counted = {engine for engine, statement in said if "survey_answers" in statement}
    assert noted
    assert counted
    assert not noted & counted  # SQLite's only writer has not looked at an answer


async def test_goals_as_files(opinions: None, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    answer = await susi.post("/opinion/goals.csv", data={"goals": GOALS})
    text = (await answer.read()).decode("utf-8-sig")
    roma = next(line for line in text.splitlines() if ",Roma," in line)
    assert roma.endswith(("reached", "likely"))
    few = next(line for line in text.splitlines() if ",Lecce," in line)
    assert few.endswith(",n/a,n/a,n/a,n/a,hidden"), "and not how many have answered"
    answer = await susi.post("/opinion/goals.xlsx", data={"goals": GOALS})
    book = load_workbook(io.BytesIO(await answer.read()))
    assert book.sheetnames[0] == "MBO"
    rows = [row for row in book["MBO"].iter_rows(values_only=True) if row[0] in {"Roma", "Lecce"}]
    assert {row[0]: bool(row[8]) for row in rows} == {"Roma": True, "Lecce": False}
    wrong = await susi.post("/opinion/goals.csv", data={"goals": GOALS.replace("0.8", "80")})
    assert wrong.status == 400
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="Levante")
    theirs = await (await petra.post("/opinion/goals.csv", data={"goals": GOALS})).text()
    assert "Roma" not in theirs
    marketing = await enter(Role.MARKETING, name="mara")
    by_name = GOALS.replace("whose: site", "whose: agent")
    allowed = Right.SURVEYS in RIGHTS[Role.MARKETING]
    answer = await marketing.post("/opinion/goals.csv", data={"goals": by_name})
    assert answer.status == (200 if allowed else 403)
