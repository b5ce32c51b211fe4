"""`centralino opinion`, as a person at a terminal has it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from centralino.cli import main
from centralino.cli.campaign import desk
from centralino.cli.opinion import app
from centralino.settings import Settings
from store import Database
from surveys.contracts import EXAMPLE
from tests.surveys.figures.samples import ask, survey
from values import BadInputError

OCTOBER = datetime(2026, 10, 14, 9, tzinfo=UTC)
MONTH = ("--by", "month", "--from", "2026-10", "--to", "2026-10")
database = pytest.mark.database


@pytest.fixture
async def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """October of two sites: one of the house, one of a partner."""
    settings = Settings(home=tmp_path, database_url=database_url)
    monkeypatch.setattr(desk, "own_settings", lambda: settings)
    monkeypatch.setattr(desk, "set_up_logging", lambda _: None)
    async with Database(database_url) as db, db.write() as session:
        await survey(session)
        await ask(session, 90, {"recommend": 10, "courtesy": 5}, at=OCTOBER, site="Roma")
        await ask(session, 60, {"recommend": 10, "courtesy": 5}, at=OCTOBER, site="Bari", partner="alfa")
        await ask(session, 60, {"recommend": 0, "courtesy": 1}, at=OCTOBER, site="Bari", partner="alfa")


async def _run(*words: str, code: int = 0) -> str:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.stdout


@database
@pytest.mark.usefixtures("house")
async def test_figures_and_places() -> None:
    said = await _run("figures", *MONTH, "--per", "site", "--indicators", "nps,courtesy")
    assert "100.0 (100.0 to 100.0) n=90" in said
    assert "50.0 % (41.2 to 58.8) n=120" in said
    assert "waiting" not in said
    told = json.loads(await _run("figures", *MONTH, "--per", "partner", "--json"))
    alfa = next(row for row in told["rows"] if row.get("partner") == "alfa")
    assert (alfa["nps"]["value"], alfa["nps"]["n"]) == (0.0, 120)
    assert alfa["waiting"] == {"shown": "nobody", "n": 0}
    card = await _run("scorecard", "--month", "2026-10", "--indicators", "nps")
    assert "1. 100.0" in card
    assert "2. 0.0" in card
    assert "100.0 %" in await _run("fieldwork", *MONTH)
    assert "courtesy" in await _run("break-offs", *MONTH)


@database
@pytest.mark.usefixtures("house")
async def test_how_many_and_how_many_more() -> None:
    found = json.loads(await _run("plan", "--margin", "5", "--response", "0.2", "--population", "100000"))
    assert found == {"complete": 383, "invite": 1915, "enough": True}
    cells = json.loads(await _run("plan", "--cells", '{"voice|Roma": 3, "adsl|Roma": 1}'))
    assert cells["targets"] == {"voice|Roma": 3, "adsl|Roma": 1}
    with pytest.raises(BadInputError, match="--cells"):
        await _run("plan", "--cells", "[1]")
    missing = json.loads(await _run("more", "nps", *MONTH, "--per", "partner", "--margin", "10"))
    assert [(row["partner"], row["n"], row["more"]) for row in missing] == [("", 90, 0), ("alfa", 120, 265)]


@database
@pytest.mark.usefixtures("house")
async def test_of_a_row_that_no_table_shows_it_is_told_why_and_not_what_it_lacks(database_url: str) -> None:
    async with Database(database_url) as db, db.write() as session:
        await ask(session, 25, {"recommend": 10}, at=OCTOBER, site="Lodi", partner="beta")
    rows = json.loads(await _run("more", "nps", *MONTH, "--per", "partner", "--margin", "10"))
    assert [row["partner"] for row in rows] == ["", "alfa", "beta"]
    assert rows[0] == {"partner": "", "n": None, "why": "held back"}
    assert (rows[1]["n"], rows[1]["more"]) == (120, 265)
    assert rows[2] == {"partner": "beta", "n": None, "why": "too few answers"}
    (whole,) = json.loads(await _run("more", "nps", *MONTH))
    assert whole["n"] == 235
    (nobody,) = json.loads(await _run("more", "ces", *MONTH))
    assert (nobody["n"], nobody["reach"]) == (0, None)
    with pytest.raises(BadInputError, match="--survey: there is no survey 'car'; did you mean 'care'"):
        await _run("more", "nps", *MONTH, "--survey", "car")


@database
@pytest.mark.usefixtures("house")
async def test_a_partners_month_from_file_to_closed(tmp_path: Path) -> None:
    file = tmp_path / "alfa.yaml"
    file.write_text(await _run("contract", "example"))
    assert "is sound" in await _run("contract", "check", str(file))
    span = ("--from", "2026-09", "--to", "2026-10", "--invoice", "100000")
    tried = json.loads(await _run("contract", "try", str(file), *span))
    assert [(each["month"], each["bonus"]) for each in tried] == [
        ("2026-09", "0.00 EUR"),
        ("2026-10", "-2500.00 EUR"),
    ]
    assert json.loads(await _run("contract", "months")) == []
    await _run("contract", "add", str(file), "--by", "olga")
    settled = await _run(
        "contract", "settle", "alfa-quality", "2026-10", "--invoice", "100000", "--by", "olga"
    )
    month = json.loads(settled)
    # NPS 0 and courtesy 50 % cost all they can; of the other three nobody answered
    assert (month["bonus"], month["percent"]) == ("-2500.00 EUR", "-2.500000")
    await _run("contract", "close", "alfa-quality", "2026-10", "--by", "olga")
    assert json.loads(await _run("contract", "verify", "alfa-quality", "2026-10"))["same"]
    assert [row["closed"] is None for row in json.loads(await _run("contract", "months"))] == [False]
    file.write_text(EXAMPLE.read_text().replace("cap: 5", "cap: 6"))
    with pytest.raises(BadInputError, match="higher version"):
        await _run("contract", "add", str(file))
    with pytest.raises(BadInputError, match="--invoice"):
        await _run("contract", "settle", "alfa-quality", "2026-10", "--invoice", "a lot")


@database
@pytest.mark.usefixtures("house")
async def test_goals_as_files(tmp_path: Path) -> None:
    file, sheet = tmp_path / "goals.yaml", tmp_path / "mbo.xlsx"
    file.write_text(
        "title: =Autumn\nsince: 2026-10\nuntil: 2026-10\n"
        "goals: [{indicator: courtesy, whose: site, target: 0.9}]\n"
    )
    said = (await _run("goals", str(file))).splitlines()
    assert said[1:] == [
        "site,,Roma,,,courtesy,1,0.9,1,0.9591,1,90,reached",
        "site,alfa,Bari,,,courtesy,1,0.9,0.5,0.4119,0.5881,120,missed",
    ]
    await _run("goals", str(file), "--xlsx", str(sheet))
    rows = list(load_workbook(sheet)["MBO"].values)
    assert rows[0][0] == "=Autumn: 2026-10 to 2026-10"
    assert rows[3][-1] == "missed"
    assert "title:" in await _run("goals")


@pytest.mark.unit
def test_the_command_is_listed() -> None:
    assert "opinion" in main._MORE
    with pytest.raises(BadInputError, match="--indicators: there is no indicator 'npz'; did you mean 'nps'"):
        CliRunner().invoke(app, ["figures", "--indicators", "npz"], catch_exceptions=False)
    with pytest.raises(BadInputError, match="--to: write both"):
        CliRunner().invoke(app, ["figures", "--from", "2026-W40"], catch_exceptions=False)
    with pytest.raises(
        BadInputError, match="--from: '2026-10' is a month; write a week as in 2026-W48, or --by month"
    ):
        CliRunner().invoke(app, ["figures", "--from", "2026-10", "--to", "2026-11"], catch_exceptions=False)


@database
@pytest.mark.usefixtures("house")
async def test_what_was_never_drawn_is_not_weighed() -> None:
    with pytest.raises(BadInputError, match="nobody was drawn for 'care'"):
        await _run("weigh", "care")
    with pytest.raises(BadInputError, match="survey: there is no survey 'car'; did you mean 'care'"):
        await _run("weigh", "car")


@database
@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--from", "2026-13", "--to", "2026-13"),
            "--from: '2026-13' is no week; write a week as in 2026-W48",
        ),
        (("--by", "month", "--from", "2026-13", "--to", "2026-14"), "--from: '2026-13' is no month"),
        (("--from", "2026-W40", "--to", "2026-W39"), "--to: 2026-W39 lies before 2026-W40"),
        (("--from", "9999-W52", "--to", "9999-W52"), "--from: '9999-W52' does not lie from 2000 to 2100"),
        (("--survey", "car"), "--survey: there is no survey 'car'; did you mean 'care'?"),
        (("--area", "voise"), "--area: there is no area 'voise'; did you mean 'voice'?"),
        (
            ("--indicators", "curtesy"),
            "--indicators: there is no indicator 'curtesy'; did you mean 'courtesy'",
        ),
    ],
)
async def test_what_nobody_can_mean_is_told_by_its_option(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(BadInputError) as refused:
        await _run("figures", *words)
    assert told in str(refused.value)
