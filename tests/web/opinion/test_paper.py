"""Sites, partners, one's own results and the month on paper: who sees which, and what stands there."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from openpyxl import load_workbook
from sqlalchemy import delete, select, update

from centralino.rooms import Rooms
from surveys.contracts import contract_of, put_contract, settle
from surveys.contracts.models import PartnerContract, PartnerSettlement
from surveys.models import Answer, Interview, InterviewState
from tests.web.conftest import Enter
from tests.web.opinion import scene
from tests.web.opinion.test_opinion import seen, told
from users import Role
from users.models import Deed
from web.keys import PARTS

pytestmark = [
    pytest.mark.database,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
MONTHLY = "/api/v1/opinion/monthly"


async def test_an_agent_sees_their_own_results_and_no_others(opinions: None, enter: Enter) -> None:
    anna = await enter(Role.AGENT, name="anna", agent="voce 1-0")
    page = await seen(anna, "/opinion/mine")
    assert '<a href="/opinion/mine" aria-current="page">My results</a>' in page
    assert "n 120" in page
    assert "November 2026" in page
    new = await enter(Role.AGENT, name="nuovo", agent="nuovo")
    assert "no answers" in await seen(new, "/opinion/mine")
    assert "You do not work as an agent" in await seen(await enter(Role.MARKETING), "/opinion/mine")
    assert (await anna.get("/opinion/sites")).status == 403


async def test_sites_have_a_place_only_where_it_is_certain(opinions: None, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    page = await seen(susi, "/opinion/sites", period="2026-11")
    roma = page.split("Roma")[1].split("</tr>")[0]
    assert "place 1" in roma
    october = await seen(susi, "/opinion/sites", period="2026-10")
    assert "place 1 to 2" in october.split("Roma")[1].split("</tr>")[0]
    assert (await susi.get("/opinion/sites?period=1999-01")).status == 400


async def test_a_partners_month_says_what_it_pays_and_why(opinions: None, enter: Enter, rooms: Rooms) -> None:
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="Levante")
    page = await seen(petra, "/opinion/partners")
    assert "levante-quality, version 2" in page
    assert "whole interval below the band" in page
    assert "and every figure the same" in page
    assert "closed by olga" in page
    found = await told(petra, "/api/v1/opinion/settlements")
    assert [each["month"] for each in found["settlements"]] == ["2026-10", "2026-09"]
    other = await enter(Role.PARTNER_MANAGER, name="paul", partner="Ponente")
    assert "No partner&#39;s month has been reckoned yet" in await seen(other, "/opinion/partners")
    assert (await other.get("/opinion/partners?contract=levante-quality&month=2026-10")).status in {200, 404}
    async with rooms.db.write() as session:  # somebody has laid hands on the money
        await session.execute(update(PartnerSettlement).values(minor=1))
    assert "that is not the same" in await seen(petra, "/opinion/partners")


async def test_of_too_few_answers_a_partners_month_tells_neither_counts_nor_value(
    opinions: None, enter: Enter, rooms: Rooms
) -> None:
    async with rooms.db.write() as session:
        kept = (await session.scalars(select(PartnerContract.terms))).one()
        strict = contract_of({**kept, "version": 3, "minimum": 500})
        await put_contract(session, strict, now=scene.NOW, by="olga")
        row = await settle(session, "levante-quality", "2026-11", 100, now=scene.NOW, by="olga")
        assert {each["why"] for each in row.result["indicators"]} == {"too_few"}
        assert all(each["value"] is not None for each in row.result["indicators"])
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="Levante")
    for client in (petra, await enter(Role.OPERATIONS)):
        month, closed, _ = (await told(client, "/api/v1/opinion/settlements"))["settlements"]
        asked = ["correctness", "courtesy", "recommend"]
        assert month["inputs"] == {"tallies": {}, "too_few": asked, "held_back": []}
        assert {(each["n"], each["value"], each["low"]) for each in month["result"]["indicators"]} == {
            (None, None, None)
        }
        assert (len(closed["inputs"]["tallies"]), closed["inputs"]["too_few"]) == (3, [])
        page = await seen(client, "/opinion/partners", month="2026-11", contract="levante-quality")
        parts = page.split('id="parts-title"')[1]
        assert parts.count('<span class="value">too few answers</span>') == 3
        assert parts.count('<span class="n">n –</span>') == 3
        assert "and every figure the same" in page  # it is still reckoned again from what is kept
    olga = await enter(Role.OPERATIONS, name="olga")
    answer = await olga.get(f"{MONTHLY}.xlsx", params={"month": "2026-11", "language": "en"})
    rows = load_workbook(io.BytesIO(await answer.read()))["Partners"].iter_rows(values_only=True)
    few = [row for row in rows if "too few answers" in row]
    assert [row[2:5] for row in few] == [("too few answers", None, "–")] * 3


async def test_what_gives_the_others_few_answers_away_is_told_to_who_settles_and_to_the_partner(
    opinions: None, enter: Enter, rooms: Rooms
) -> None:
    async with rooms.db.write() as session:  # a handful of the house's own: the sum less Levante's is theirs
        october = (Interview.finished >= scene.OCTOBER, Interview.finished < scene.NOVEMBER)
        own = (Interview.partner == "", Interview.state == InterviewState.COMPLETE)
        house = list(await session.scalars(select(Interview.id).where(*own, *october)))
        gone = delete(Answer).where(Answer.interview.in_(house[25:]), Answer.item == "courtesy")
        await session.execute(gone)
    olga = await enter(Role.OPERATIONS, name="olga")
    query = {"by": "month", "from": "2026-10", "to": "2026-10", "dimension": "partner"}
    rows = {row["path"][0]: row["figures"] for row in (await told(olga, **query))["rows"]}
    assert (rows[""]["courtesy"]["shown"], rows["Levante"]["courtesy"]["shown"]) == ("few", "guard")
    others = (await enter(Role.PARTNER_MANAGER, name="petra", partner="Levante"), await enter(Role.ADMIN))
    for client, hidden in ((olga, True), (others[0], False), (others[1], False)):
        settled = (await told(client, "/api/v1/opinion/settlements"))["settlements"]
        month = next(each for each in settled if each["month"] == "2026-10")
        courtesy = next(each for each in month["result"]["indicators"] if each["indicator"] == "courtesy")
        assert [courtesy[name] is None for name in ("n", "value", "low", "high")] == [hidden] * 4
        assert courtesy["why"] == "pays", "the money stands, whoever looks"
        assert ("courtesy" in month["inputs"]["tallies"]) is not hidden
        assert month["inputs"]["held_back"] == (["courtesy"] if hidden else [])
        assert "recommend" in month["inputs"]["tallies"]
        page = await seen(client, "/opinion/partners", month="2026-10", contract="levante-quality")
        parts = page.split('id="parts-title"')[1]
        assert parts.count('<span class="value">held back</span>') == hidden
        assert parts.count('<span class="n">n –</span>') == hidden
    answer = await others[1].get(f"{MONTHLY}.xlsx", params={"month": "2026-10", "language": "en"})
    sheet = load_workbook(io.BytesIO(await answer.read()))["Partners"].iter_rows(values_only=True)
    held = [row for row in sheet if "held back" in row]
    assert [row[2:5] for row in held] == [("held back", None, "–")], "paper is passed on"


async def test_the_month_on_paper(opinions: None, enter: Enter, rooms: Rooms) -> None:
    olga = await enter(Role.OPERATIONS, name="olga")
    assert "monthly.xlsx" in await seen(olga, "/opinion/monthly")
    for language in ("en", "it", "ru"):
        answer = await olga.get(f"{MONTHLY}.pdf", params={"month": "2026-10", "language": language})
        assert answer.status == 200, await answer.text()
        assert (await answer.read()).startswith(b"%PDF")
        assert f"monthly-2026-10-{language}.pdf" in answer.headers["Content-Disposition"]
    answer = await olga.get(f"{MONTHLY}.xlsx", params={"month": "2026-10", "language": "it"})
    book = load_workbook(io.BytesIO(await answer.read()))
    assert {"Opinione", "Scheda dei siti", "Partner"} <= set(book.sheetnames)
    rows = [[cell.value for cell in row] for row in book["Scheda dei siti"].iter_rows()]
    assert any(row[0] == "Roma" and row[4] == 240 for row in rows)
    assert any(row[0] == "Lecce · Levante" and row[1] == "troppo poche risposte" for row in rows)
    async with rooms.db.read() as session:
        deeds = (await session.scalars(select(Deed).where(Deed.did == "report.taken"))).all()
    assert [deed.detail["form"] for deed in deeds] == ["pdf", "pdf", "pdf", "xlsx"]


async def test_without_fonts_the_month_is_still_a_workbook(
    opinions: None, enter: Enter, server: TestServer, tmp_path: Path
) -> None:
    server.app._state[PARTS] = replace(server.app[PARTS], fonts=tmp_path)
    olga = await enter(Role.OPERATIONS)
    answer = await olga.get(f"{MONTHLY}.pdf?month=2026-10")
    told = await answer.json()
    assert (answer.status, told["error_id"]) == (503, "fonts-missing")
    assert "lacks DejaVuSans.ttf" in told["detail"]
    assert (await olga.get(f"{MONTHLY}.xlsx?month=2026-10")).status == 200


async def test_a_month_that_cannot_be_printed(enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS)
    for query, field in (
        ({"month": "October"}, "month"),
        ({"month": "0001-01"}, "month"),
        ({"month": "9999-12"}, "month"),
        ({}, "month"),
        ({"month": "2026-10", "language": "fr"}, "language"),
    ):
        answer = await olga.get(f"{MONTHLY}.pdf", params=query)
        assert (answer.status, (await answer.json())["field"]) == (400, field)
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="Levante")
    assert (await petra.get(f"{MONTHLY}.pdf?month=2026-10")).status == 403
