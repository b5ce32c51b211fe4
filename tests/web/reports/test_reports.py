"""Reports on the page, by the API and as files: what each role sees, and what cannot be asked."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from centralino.rooms import Rooms
from tests.reports.test_agents import day, staff
from tests.web.conftest import HOSTILE, Client, Enter
from users import Person, Role, add_user
from users.models import Deed
from values.testing import FixedClock

pytestmark = pytest.mark.database
DAY = {"from": "2026-03-03", "to": "2026-03-03"}


@pytest.fixture
async def worked(rooms: Rooms, clock: FixedClock) -> None:
    """Two agents were there for ten minutes; one has a name that would like to be a script."""
    clock.instant = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    rooms.db.clock = clock
    async with rooms.db.write() as session:
        await staff(session, "ada", HOSTILE)
        for name in ("ada", HOSTILE):
            await day(
                session, name, (0, "ready"), (300, "talking"), (540, "wrap_up"), (600, "offline", "sign_out")
            )


async def asked(client: Client, path: str, **query: str) -> Any:
    answer = await client.get(path, params=DAY | query)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_a_report_by_the_api(worked: None, client: Client, bearer: dict[str, str]) -> None:
    client.session.headers.update(bearer)
    told = await asked(client, "/api/v1/reports/agents", by="total", only="ada", language="it")
    keys = [column["key"] for column in told["columns"]]
    row = dict(zip(keys, told["rows"][0], strict=True))
    assert (row["agent"], row["talk"], row["handled"], row["aht"], row["occupancy"]) == (
        "ada",
        240,
        1,
        300,
        0.5,
    )
    assert told["columns"][keys.index("talk")]["title"] == "Conversazione"
    assert (told["more"], told["from"], told["to"]) == (
        False, "2026-03-02T23:00:00+00:00", "2026-03-03T23:00:00+00:00",
    )  # fmt: skip
    assert len((await asked(client, "/api/v1/reports/agents", by="15m", limit="1"))["rows"]) == 1
    for name in ("campaigns", "queues", "funnel"):
        assert (await asked(client, f"/api/v1/reports/{name}", by="60m"))["rows"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"by": "fortnight"}, "by"), ({"from": "yesterday", "to": "2026-03-03"}, "from"),
        ({"from": "2026-03-03"}, "to"), ({"range": "never"}, "range"), ({"zone": "Moon"}, "zone"),
        ({"range": "today", "from": "2026-03-03"}, "range"),
        ({"limit": "0"}, "limit"), ({"langauge": "it"}, "langauge"), ({"language": "fr"}, "language"),
        ({"from": "2020-01-01", "to": "2026-03-03"}, "to"),
        ({"from": "2026-03-04", "to": "2026-03-03"}, "to"),
        ({"from": "0001-01-01", "to": "9999-12-31"}, "from"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_named(
    client: Client, bearer: dict[str, str], query: dict[str, str], field: str
) -> None:
    answer = await client.get("/api/v1/reports/agents", params=query, headers=bearer)
    assert answer.status == 400
    assert (await answer.json())["field"] == field


async def test_reports_that_are_not_there(client: Client, bearer: dict[str, str]) -> None:
    assert (await client.get("/api/v1/reports/nothing", headers=bearer)).status == 400
    assert (await client.get("/api/v1/reports/agents.pdf", headers=bearer)).status == 404


async def test_files_are_taken_and_that_is_written_down(worked: None, rooms: Rooms, enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS, name="olga")
    answer = await olga.get("/api/v1/reports/agents.csv", params=DAY | {"by": "30m"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="agents-2026-03-03-30m.csv"'
    rows = list(csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert [row["Agent"] for row in rows] == [HOSTILE, "ada"]
    assert rows[1]["Talk"] == "240"
    answer = await olga.get("/api/v1/reports/agents.xlsx", params=DAY)
    book = load_workbook(io.BytesIO(await answer.read()))
    assert [sheet.title for sheet in book.worksheets] == ["Report", "Definitions"]
    async with rooms.db.read() as session:
        deeds = (await session.scalars(select(Deed).where(Deed.did == "report.taken"))).all()
    assert [(deed.by, deed.subject, deed.detail["by"]) for deed in deeds] == [
        ("olga", "agents", "30m"), ("olga", "agents", "day"),
    ]  # fmt: skip


async def test_the_page_shows_the_table_and_says_what_is_wrong(worked: None, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    text = await (await susi.get("/reports", params=DAY | {"by": "60m"})).text()
    assert "50.0 %" in text
    assert "4:00" in text
    assert "(Talk + wrap-up) / (talk + wrap-up + ready); pauses are out." in text
    assert HOSTILE not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "/api/v1/reports/agents.csv?by=60m&amp;from=2026-03-03&amp;to=2026-03-03" in text
    answer = await susi.get("/reports", params={"from": "2026-03-05", "to": "2026-03-03"})
    assert answer.status == 400
    assert "must be later than the beginning" in await answer.text()
    assert "Nothing happened in that time." in await (await susi.get("/reports?report=queues")).text()


async def test_a_funnel_is_drawn(rooms: Rooms, enter: Enter) -> None:
    anna = await enter()
    text = await (await anna.get("/reports?report=funnel&range=today&by=total")).text()
    assert "care.service_0611" in text
    assert "main: 6 callers, 1 hung up here" in text


async def test_a_partners_manager_sees_his_own_people_alone(worked: None, rooms: Rooms, enter: Enter) -> None:
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="north")
    async with rooms.db.write() as session:
        await add_user(
            session, Person(name="ada", partner="north", agent="ada"), password="", now=rooms.db.clock.now()
        )
    told = await asked(petra, "/api/v1/reports/agents")
    assert [row[1] for row in told["rows"]] == ["ada"]
    for path in ("/api/v1/reports/campaigns", "/api/v1/reports/queues.csv", "/api/v1/reports/funnel"):
        assert (await petra.get(path, params=DAY)).status == 403
    page = await (await petra.get("/reports", params=DAY)).text()
    assert "ada" in page
    assert "alert(1)" not in page
    nonsense = await (await petra.get("/reports?range=nonsense")).text()
    assert "alert(1)" not in nonsense


async def test_who_may_not_see_reports(client: Client, enter: Enter) -> None:
    paths = ("/reports", "/reports/schedules", "/api/v1/reports/agents", "/api/v1/reports/agents.csv")
    agent = await enter(Role.AGENT)
    for path in paths:
        assert (await agent.get(path)).status == 403
        assert (await client.get(path)).status == 401
    assert (await agent.post("/api/v1/report-schedules", json={})).status == 403


PLAN = {
    "title": "Agents",
    "report": "agents",
    "recipients": ["ops@example.com"],
    "time": "07:30",
    "days": [1, 5],
}


async def test_schedules_are_made_changed_sent_and_removed(rooms: Rooms, enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS, name="olga")
    answer = await olga.post("/api/v1/report-schedules", json=PLAN)
    assert answer.status == 201
    made = await answer.json()
    assert (made["owner"], made["form"], made["days"], made["by"]) == ("olga", "xlsx", [1, 5], "day")
    url = f"/api/v1/report-schedules/{made['id']}"
    changed = await (await olga.patch(url, json={"form": "csv", "only": ["ada"]})).json()
    assert (changed["form"], changed["only"], changed["title"]) == ("csv", ["ada"], "Agents")
    assert (await olga.post(f"{url}/send")).status == 202
    listed = await (await olga.get("/api/v1/report-schedules")).json()
    assert [each["id"] for each in listed["schedules"]] == [made["id"]]
    page = await (await olga.get("/reports/schedules")).text()
    assert "ops@example.com" in page
    assert "Mon, Fri 07:30" in page
    assert (await (await olga.get(url)).json())["sendings"] == []
    assert (await olga.delete(url)).status == 204
    assert (await olga.get(url)).status == 404
    async with rooms.db.read() as session:
        did = (
            await session.scalars(select(Deed.did).where(Deed.subject == made["id"]).order_by(Deed.seq))
        ).all()
    assert did == [f"report_schedule.{what}" for what in ("made", "changed", "sent", "removed")]


async def test_the_month_on_paper_is_scheduled_like_the_other_reports(enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS, name="olga")
    plan = {"title": "The month", "report": "monthly", "recipients": ["board@example.com"], "form": "both"}
    answer = await olga.post("/api/v1/report-schedules", json=plan)
    assert answer.status == 201, await answer.text()
    made = await answer.json()
    assert (made["range"], made["month_day"], made["days"]) == ("last_month", 1, [])
    page = await (await olga.get("/reports/schedules?report=monthly")).text()
    assert "Monthly report · last month · PDF and XLSX" in page
    assert "on day 1 of each month" in page
    assert '<option value="monthly" selected>' in page
    assert "monthly" not in (await (await olga.get("/api/v1/reports")).json())["reports"]
    refused = await olga.get("/api/v1/reports/monthly")
    assert (refused.status, (await refused.json())["field"]) == (400, "report")
    assert (await olga.get("/reports?report=monthly")).status == 400
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="north")
    assert (await petra.post("/api/v1/report-schedules", json=plan)).status == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"), (PLAN | {"report": "all"}, "report"),
        (PLAN | {"recipients": "ops@example.com"}, "recipients"),
        (PLAN | {"recipients": ["x\r\nBcc: y@z.it"]}, "recipients"), (PLAN | {"days": [0]}, "days"),
        (PLAN | {"days": [True]}, "days"), (PLAN | {"active": "yes"}, "active"),
        (PLAN | {"titel": "x"}, "titel"),
        (PLAN | {"form": "pdf"}, "form"), (PLAN | {"report": "monthly"}, "days"),
        (PLAN | {"time": None}, "time"), (PLAN | {"month_day": 3}, "month_day"),
    ],
)  # fmt: skip
async def test_schedules_that_cannot_be_meant(enter: Enter, body: dict[str, Any], field: str) -> None:
    olga = await enter(Role.OPERATIONS)
    answer = await olga.post("/api/v1/report-schedules", json=body)
    assert answer.status == 400
    assert (await answer.json())["field"] == field


async def test_a_partners_manager_has_schedules_of_his_own(enter: Enter) -> None:
    olga, petra = (
        await enter(Role.OPERATIONS),
        await enter(Role.PARTNER_MANAGER, name="petra", partner="north"),
    )
    theirs = await (await olga.post("/api/v1/report-schedules", json=PLAN)).json()
    assert (await petra.post("/api/v1/report-schedules", json=PLAN)).status == 201
    assert len((await (await petra.get("/api/v1/report-schedules")).json())["schedules"]) == 1
    for method in ("GET", "PATCH", "DELETE"):
        assert (await petra.request(method, f"/api/v1/report-schedules/{theirs['id']}")).status == 403
    assert (await petra.post("/api/v1/report-schedules", json=PLAN | {"report": "campaigns"})).status == 403
