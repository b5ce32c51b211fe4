"""Files into lists: what goes in, what is told, what a second time changes, what an interruption costs."""

import csv
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from dialer import CampaignPlan, Gate, Purpose, UnknownCampaignError, load_profiles, set_up
from dialer.contacts import claim
from dialer.lists import ImportPlan, ImportResult, Progress, contact_lists, import_file, remove_list
from dialer.lists import importing as importing_module
from dialer.lists.text import LONGEST_LINE
from dialer.models import Contact, ListImport, Turn
from dialer.order import IS_READY
from store import Database
from values import BadInputError

pytestmark = pytest.mark.database

LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
async def _campaigns(database: Database) -> None:
    gate = Gate(load_profiles(), country="IT")
    async with database.write() as session:
        for name in ("spring", "autumn"):
            plan = CampaignPlan(
                name=name, flow="f", purpose=Purpose.SERVICE, profile="none", caller_id="+390650000611"
            )
            await set_up(session, gate, plan)


class Desk:
    """Somebody who brings files in."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.folder = db, folder
        self.reports = folder / "reports"

    def write(self, content: str | bytes, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    async def bring(self, content: str | bytes | Path, *, processes: int = 0, **words: Any) -> ImportResult:
        path = content if isinstance(content, Path) else self.write(content)
        plan = ImportPlan(**({"list": "l", "campaign": "spring"} | words))
        return await import_file(self.db, path, plan, reports=self.reports, by="anna", processes=processes)

    def report(self, found: ImportResult) -> list[list[str]]:
        if not found.report:
            return []
        with (self.reports / found.report).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))[1:]

    async def people(self) -> list[Contact]:
        async with self.db.read() as session:
            return list(await session.scalars(select(Contact).order_by(Contact.id)))

    async def numbers(self) -> list[str]:
        return [each.number for each in await self.people()]

    async def count(self, model: type[Any]) -> int:
        async with self.db.read() as session:
            return await session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


async def test_a_file_becomes_people_who_are_called_in_order(desk: Desk) -> None:
    found = await desk.bring(
        "Codice;Telefono;Telefono 2;Nome;Importo;Scadenza;Priorità;Fuso\n"
        "K1;329 0000017;06 1234567;Anna;1.234,50;24/12/2026;1;\n"
        "K2;+39 3290000018;;Berta;;;7;Europe/London\n",
        mapping={"money:amount": "Importo", "date:due": "Scadenza"},
    )
    assert (found.lines, found.added, found.known, found.bad, found.report) == (3, 2, 0, 0, "")
    anna, berta = await desk.people()
    assert (anna.customer_id, anna.number, list(anna.numbers)) == (
        "K1", "+393290000017", ["+393290000017", "+39061234567"],
    )  # fmt: skip
    assert anna.fields == {
        "nome": "Anna",
        "amount": {"$money": [123450, "EUR"]},
        "due": {"$date": "2026-12-24"},
    }
    assert (anna.list, anna.campaign, anna.event_id) == ("l", "spring", "list:spring:K1")
    assert berta.fields == {"nome": "Berta", "amount": None, "due": None}
    assert set(berta.zones.split(",")) >= {"Europe/London", "Europe/Rome"}
    async with desk.db.write() as session:
        leases = await claim(session, "spring", 5, worker="w", lease=LEASE, now=datetime.now(UTC))
    assert [each.contact_id for each in leases] == [berta.id, anna.id]


async def test_the_same_file_twice_changes_nothing_and_a_longer_one_adds_the_rest(desk: Desk) -> None:
    text = "number,name\n3290000017,Anna\n3290000018,Berta\n"
    await desk.bring(text)
    again = await desk.bring(text)
    assert (again.same, again.added) == (True, 2)
    assert await desk.count(ListImport) == 1
    longer = await desk.bring(text + "3290000017,Anna again\n3290000019,Carla\n")
    assert (longer.same, longer.added, longer.known) == (False, 1, 3)
    assert await desk.count(Contact) == await desk.count(Turn) == 3


async def test_a_customer_is_called_once_a_campaign_unless_it_is_wanted_again(desk: Desk) -> None:
    text = "customer_id,number\nK1,3290000017\n"
    await desk.bring(text)
    assert (await desk.bring(text, list="other")).known == 1
    assert (await desk.bring(text, list="third", again=True)).added == 1
    assert (await desk.bring(text, list="far", campaign="autumn")).added == 1
    with pytest.raises(BadInputError, match="belongs to the campaign 'spring'"):
        await desk.bring(text, list="l", campaign="autumn")
    with pytest.raises(UnknownCampaignError):
        await desk.bring(text, list="new", campaign="winter")


async def test_good_lines_go_in_and_each_bad_one_is_told_with_its_number_masked(desk: Desk) -> None:
    found = await desk.bring(
        "number;name;money:due;priority\n"  # 1
        "3290000017;Anna;10;\n"
        "3.9E+11;Berta;10;\n"
        "not known;Carla;10;\n"
        "3290000018;Dora;ten;\n"
        "3290000019;Elena\n"
        "3290000020;Franca;10;1;extra\n"
        "\n"
        ";;;\n"
        ";Gina;10;\n"
        "3290000021;Ida;10;1,5\n"
        '3290000022;"Lia"x;10;\n'
        "3290000023;Mia\0;10;\n"
        "3299999999999;Nina;10;\n"
        "3290000024;Olga;10;\n"  # 15
    )
    assert (found.lines, found.added, found.bad) == (15, 2, 10)
    assert await desk.numbers() == ["+393290000017", "+393290000024"]
    told = {int(line): (column, what, value) for line, column, what, value in desk.report(found)}
    assert sorted(told) == [3, 4, 5, 6, 7, 10, 11, 12, 13, 14]
    assert "format the column as text" in told[3][1]
    assert told[4][0] == "number"
    assert told[5] == ("money:due", "this is not a number", "ten")
    assert "2 columns where the header has 4" in told[6][1]
    assert "5 columns where the header has 4" in told[7][1]
    assert "no number" in told[10][1]
    assert "quotes are broken" in told[12][1]
    assert "NUL" in told[13][1]
    whole = (desk.reports / found.report).read_text()
    assert not any(number in whole for number in ("3290000022", "3299999999999"))


async def test_figures_and_times_that_no_database_holds_are_told_and_harm_nobody_else(desk: Desk) -> None:
    found = await desk.bring(
        "number;number:code;money:due;expires;not_before\n"  # 1
        "3290000017;7;10;;\n"
        "3290000018;12345678901234567890123;10;;\n"
        "3290000019;7;12345678901234567890,50;;\n"
        "3290000020;7;10;0001-01-01;\n"  # as programs write "never"
        "3290000021;7;10;;0001-01-01\n"
        "3290000022;7;10;31/12/9999;\n"
        "3290000023;7;10;9999-12-31T23:59;\n"
        "3290000024;7;10;24/12/2100;\n",  # 9
        zone="America/New_York",
    )
    assert (found.added, found.bad) == (2, 6)
    assert {row[0]: row[1] for row in desk.report(found)} == {
        "3": "number:code", "4": "money:due", "5": "expires", "6": "not_before",
        "7": "expires", "8": "expires",
    }  # fmt: skip
    async with desk.db.write() as session:
        assert len(await claim(session, "spring", 5, worker="w", lease=LEASE, now=datetime.now(UTC))) == 2


async def test_a_wrong_day_is_shown_as_it_stands_and_a_number_among_the_days_is_not(desk: Desk) -> None:
    found = await desk.bring(
        "number;not_before;expires\n"  # 1
        "3290000017;2026-13-01;\n"
        "3290000018;;32/12/2026\n"
        "3290000019;2026-12-24T25:30:00+01:00;\n"
        "3290000020;3290000020;\n"
        "3290000021;;+39 329 0000021\n"
        "3290000022;;2026-13-01 3290000022\n"
        "2026-13-01;;\n"  # 8
    )
    shown = {int(line): value for line, _, _, value in desk.report(found)}
    assert [shown[line] for line in (2, 3, 4)] == ["2026-13-01", "32/12/2026", "2026-12-24T25:30:00+01:00"]
    assert shown[5] == "•••••••020"
    assert all("•••" in shown[line] for line in (6, 7, 8))


async def test_times_are_by_the_houses_clock_unless_somebody_says_a_zone_and_move_nobody_there(
    desk: Desk,
) -> None:
    lines = (
        "number;not_before;expires;zone\n"
        "+12125550123;2099-07-01T09:00;2099-07-02;\n"
        "+12125550124;2099-07-01T09:00;2099-07-02;America/New_York\n"
    )
    await desk.bring(lines)
    await desk.bring(lines, list="there", again=True, zone="Europe/London")
    assert [(each.not_before.hour, each.expires and each.expires.hour) for each in await desk.people()] == [
        (7, 22), (13, 4), (8, 23), (13, 4),
    ]  # fmt: skip
    assert [each.zones for each in (await desk.people())[:2]] == ["America/New_York"] * 2


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("delimiter", {"delimiter": ";;"}),
        ("encoding", {"encoding": "hex"}),
        ("encoding", {"encoding": "rot13"}),
        ("encoding", {"encoding": "idna"}),
        ("zone", {"zone": "Europe/Room"}),
        ("country", {"country": "Italy"}),
    ],
)
async def test_a_plan_nobody_can_read_a_file_by_is_refused_by_name(
    desk: Desk, field: str, words: dict[str, str]
) -> None:
    with pytest.raises(BadInputError) as refused:
        await desk.bring("number;name\n3290000017;Anna\n", **words)
    assert refused.value.field == field
    assert await desk.count(ListImport) == 0


async def test_no_cell_of_a_report_is_a_formula(desk: Desk) -> None:
    found = await desk.bring('number;number:=1+2\n3290000017;=cmd|x\n"3290000018;\tx\n')
    for row in desk.report(found):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
    assert len(desk.report(found)) == 2


async def test_one_wrong_number_of_two_is_told_and_the_other_is_called(desk: Desk) -> None:
    found = await desk.bring("number,number2\n12,3290000017\n")
    assert (found.added, found.bad) == (1, 0)
    assert [row[:2] for row in desk.report(found)] == [["2", "number"]]
    assert await desk.numbers() == ["+393290000017"]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "it is UTF-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "looks like utf-16-le"),
        ("cp1252", "not UTF-8; read as cp1252"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_encodings_and_line_ends_are_found_out(desk: Desk, encoding: str, words: str, end: str) -> None:
    lines = ["Telefono;Città", "3290000017;Forlì", '3290000018;"San ""Pietro"", qui"', ""]
    found = await desk.bring(desk.write(end.join(lines), encoding=encoding))
    assert any(words in note for note in found.notes)
    assert [each.fields["citta"] for each in await desk.people()] == ["Forlì", 'San "Pietro", qui']


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_delimiters_are_found_out(desk: Desk, delimiter: str) -> None:
    rows = [["name", "number", "note"], ["Anna", "3290000017", "a"], ["Berta", "3290000018", "b"]]
    found = await desk.bring("\n".join(delimiter.join(row) for row in rows))
    assert found.added == 2
    excel = await desk.bring(f"sep={delimiter}\n" + "\n".join(delimiter.join(row) for row in rows), list="m")
    assert (excel.known, excel.bad) == (2, 0)


async def test_a_cell_may_run_over_lines_and_a_quote_that_never_closes_harms_one_line_only(
    desk: Desk,
) -> None:
    found = await desk.bring(
        "number,note\n"
        '3290000017,"two\nlines"\n'
        '3290000018,"never closed\n' + "".join(f"32900001{i:02d},x\n" for i in range(60))
    )
    assert (found.added, found.bad) == (61, 1)
    assert [row[0] for row in desk.report(found)] == ["4"]
    assert (await desk.people())[0].fields == {"note": "two\nlines"}


async def test_a_line_of_fifty_megabytes_is_one_bad_line(desk: Desk) -> None:
    path = desk.folder / "long.csv"
    with path.open("w") as file:
        file.write("number,note\n3290000017,ok\n3290000018,")
        for _ in range(50):
            file.write("x" * 1_000_000)
        file.write("\n3290000019,ok\n")
    found = await desk.bring(path, processes=1)
    assert (found.lines, found.added, found.bad) == (4, 2, 1)
    assert [row[:1] for row in desk.report(found)] == [["3"]]
    path.write_text("number" + "x" * (LONGEST_LINE + 1))
    with pytest.raises(BadInputError, match="line ends missing"):
        await desk.bring(path)


async def test_a_workbooks_numbers_keep_their_decimals_whoever_parses_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_module, "SMALL", 10)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["number", "number:power", "money:due"], [3290000017, 1.234, 12.5], [3290000018, 0.853, 12]):
        sheet.append(row)
    path = desk.folder / "list.xlsx"
    book.save(path)
    assert (await desk.bring(path, processes=1)).added == 2
    assert [(each.fields["power"], each.fields["due"]) for each in await desk.people()] == [
        (1.234, {"$money": [1250, "EUR"]}),
        (0.853, {"$money": [1200, "EUR"]}),
    ]


async def test_an_excel_workbook_goes_in_like_text(desk: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        [None, None, None],
        ["Telefono", "Nome", "date:Scadenza"],
        [3290000017, "Anna", datetime(2026, 12, 24)],  # noqa: DTZ001  (as Excel keeps it)
        ["3290000018", "Berta", "24/12/2026"],
        [393290000019.0, "Carla", None],
        ["nobody", "Dora", None],
    ):
        sheet.append(row)
    path = desk.folder / "list.xlsx"
    book.save(path)
    found = await desk.bring(path)
    assert (found.added, found.bad) == (3, 1)
    assert await desk.numbers() == ["+393290000017", "+393290000018", "+393290000019"]
    assert {str(each.fields["scadenza"]) for each in await desk.people()} == {
        "{'$date': '2026-12-24'}",
        "None",
    }
    assert [row[0] for row in desk.report(found)] == ["6"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "no lines"),
        (b"\xd0\xcf\x11\xe0rest", "save it as .xlsx"),
        (b"PK\x05\x06" + b"\0" * 18, "no Excel workbook"),
        (b"name,city\nAnna,Rome\n", "no column is known"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_in_words(desk: Desk, content: bytes, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        await desk.bring(content)
    assert await desk.count(Contact) == 0


async def test_without_a_header_columns_are_counted(desk: Desk) -> None:
    found = await desk.bring(
        "Anna;3290000017\nBerta;3290000018\n", header=False, mapping={"number": "2", "who": "1"}
    )
    assert found.added == 2
    assert [each.fields for each in await desk.people()] == [{"who": "Anna"}, {"who": "Berta"}]


async def test_progress_is_told_and_people_may_wait_for_their_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_module, "BATCH", 2)
    path = desk.write("number,not_before\n" + "".join(f"329000001{i},2099-01-0{i + 1}\n" for i in range(5)))
    seen: list[Progress] = []
    plan = ImportPlan(list="l", campaign="spring")
    await import_file(desk.db, path, plan, reports=desk.reports, by="anna", progress=seen.append, processes=0)
    assert [each.added for each in seen] == [2, 4, 5]
    assert seen[-1].share == 1.0
    async with desk.db.read() as session:
        assert (await session.scalars(select(Turn.contact_id).where(IS_READY))).all() == []


async def test_an_import_that_broke_off_goes_on_behind_what_was_committed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing_module, "BATCH", 3)
    path = desk.write("number\n" + "".join(f"32900000{i:02d}\n" if i % 4 else "wrong\n" for i in range(20)))
    real, calls = importing_module.take_in, 0

    async def fails_at_the_third(*words: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("the power went")
        return await real(*words)

    monkeypatch.setattr(importing_module, "take_in", fails_at_the_third)
    with pytest.raises(RuntimeError):
        await desk.bring(path)
    async with desk.db.read() as session:
        row = (await session.scalars(select(ListImport))).one()
    assert (row.state, row.lines) == ("failed", 7)
    assert "power" in row.problem
    done = await desk.bring(path)
    assert (done.resumed, done.lines, done.added, done.bad, done.known) == (True, 21, 15, 5, 0)
    assert [int(line[0]) for line in desk.report(done)] == [2, 6, 10, 14, 18]


_CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from dialer.lists import ImportPlan, import_file, importing
from store import Database
importing.BATCH = 50
async def main():
    def look(now):
        if now.lines > 400:
            os.kill(os.getpid(), signal.SIGKILL)
    async with Database(sys.argv[1]) as db:
        plan = ImportPlan(list="l", campaign="spring")
        there = Path(sys.argv[3])
        await import_file(db, Path(sys.argv[2]), plan, reports=there, by="x", processes=0, progress=look)
asyncio.run(main())
"""


async def test_an_import_killed_without_a_word_is_taken_up_and_nobody_is_there_twice(
    desk: Desk, database_url: str
) -> None:
    path = desk.write("number\n" + "".join(f"329000{i:04d}\n" if i % 10 else "wrong\n" for i in range(1000)))
    words = [sys.executable, "-c", _CHILD, database_url, str(path), str(desk.reports)]
    child = subprocess.run(words, env={**os.environ, "PYTHONPATH": os.getcwd()}, check=False)  # noqa: S603, ASYNC221, PTH109
    assert child.returncode == -signal.SIGKILL
    before = await desk.count(Contact)
    assert 0 < before < 900
    done = await desk.bring(path)
    assert done.resumed
    assert (done.added, done.known, done.bad) == (900, 0, 100)
    assert await desk.count(Contact) == await desk.count(Turn) == 900
    assert len(desk.report(done)) == 100


async def test_processes_of_their_own_read_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_module, "SMALL", 10)
    monkeypatch.setattr(importing_module, "BATCH", 100)
    path = desk.write("number,name\n" + "".join(f"32900{i:05d},Anna {i}\n" for i in range(1000)))
    found = await desk.bring(path, processes=2)
    assert (found.added, found.bad) == (1000, 0)
    assert [each.fields["name"] for each in await desk.people()] == [f"Anna {i}" for i in range(1000)]


async def test_a_list_that_is_removed_calls_nobody_and_what_was_stays_on_record(desk: Desk) -> None:
    await desk.bring("number\n" + "".join(f"329000000{i}\n" for i in range(5)))
    now = datetime.now(UTC)
    while True:
        async with desk.db.write() as session:
            if not await remove_list(session, "l", now, most=2):
                break
    assert await desk.count(Turn) == 0
    assert {each.outcome for each in await desk.people()} == {"list_removed"}
    async with desk.db.read() as session:
        assert await contact_lists(session) == []
