"""`centralino dnc` and `may-call`, as a person at a terminal has them."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import centralino.cli.dnc.words as words_of_dnc
import centralino.cli.maycall as may_call
from centralino.cli.dnc import app as dnc
from centralino.cli.dnc.numberfile import BadLine, read_numbers
from centralino.settings import Settings
from dialer import CampaignPlan, Gate, Purpose, UnknownCampaignError, load_profiles, set_up
from store import Database
from values import BadInputError

ANNA, BERTA = "+393290000017", "+393290000018"


@pytest.fixture
async def _offers(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, database_url=database_url)
    for module in (words_of_dnc, may_call):
        monkeypatch.setattr(module, "own_settings", lambda: settings)
        monkeypatch.setattr(module, "set_up_logging", lambda _: None)
    plan = CampaignPlan(
        name="offers", flow="any", purpose=Purpose.MARKETING, profile="it", caller_id="+390650000611"
    )
    async with Database(database_url) as db, db.write() as session:
        await set_up(session, Gate(load_profiles(), country="IT"), plan)


async def _run(app: typer.Typer, *words: str) -> tuple[int, str, str]:
    """In a thread: the command has an event loop of its own."""
    done = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


async def _ask(number: str, at: str = "2026-03-03T11:00", *more: str) -> dict[str, Any]:
    status, out, _ = await _run(may_call.app, number, "--campaign", "offers", "--at", at, "--json", *more)
    answer: dict[str, Any] = json.loads(out)
    assert status == (0 if answer["allowed"] else 3)
    return answer


def _check(answer: dict[str, Any], rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in answer["checks"] if each["rule"] == rule)
    return found


@pytest.mark.database
@pytest.mark.usefixtures("_offers")
async def test_a_number_is_entered_shown_and_withdrawn() -> None:
    await _run(dnc, "add", "3290000017", "--for", "marketing", "--source", "letter of 3 March")
    shown = json.loads((await _run(dnc, "show", ANNA))[1])
    assert [(each["for"], each["source"]) for each in shown["entries"]] == [
        ("marketing", "letter of 3 March")
    ]
    assert _check(await _ask(ANNA), "do_not_call")["reason"] == "do_not_call"
    await _run(dnc, "remove", ANNA, "--for", "marketing")
    assert _check(await _ask(ANNA), "do_not_call")["allowed"]


@pytest.mark.database
@pytest.mark.usefixtures("_offers")
async def test_a_register_is_read_in_its_bad_lines_are_told_and_its_age_is_watched(tmp_path: Path) -> None:
    file = tmp_path / "rpo.csv"
    good = "".join(f"+39329{n:07d};x\n" for n in range(300))
    file.write_text(f"\ufeffNumero;Altro\n{good}3.9E+11;x\nnonsense;x\n\n", encoding="utf-8")
    status, out, told = await _run(dnc, "import", str(file), "--register", "rpo", "--dated", "2026-03-01")
    assert (status, json.loads(out)["numbers"], json.loads(out)["bad_lines"]) == (0, 300, 2)
    assert "line 302: a spreadsheet has rounded" in told
    report = (tmp_path / "rpo.csv.errors.csv").read_text()
    assert [line.split(",")[0] for line in report.splitlines()] == ["line", "302", "303"]

    assert _check(await _ask(ANNA), "register")["words"].startswith("it stands in the public register")
    assert _check(await _ask("+393400000000"), "register")["allowed"]
    stale = _check(await _ask("+393400000000", "2026-03-16T11:00"), "register_age")
    assert (stale["reason"], stale["source"]) == ("register_stale", "DPR 26/2022")
    (register,) = json.loads((await _run(dnc, "show"))[1])
    assert (register["register"], register["numbers"]) == ("rpo", 300)


@pytest.mark.database
@pytest.mark.usefixtures("_offers")
async def test_a_file_that_is_no_register_leaves_the_one_that_holds(tmp_path: Path) -> None:
    file = tmp_path / "rpo.txt"
    file.write_text(f"{ANNA}\n")
    await _run(dnc, "import", str(file), "--register", "rpo", "--dated", "2026-03-01")
    for text in ("", "a letter\nand no list\n", f"{BERTA}\nwrong\n"):
        file.write_text(text)
        with pytest.raises(BadInputError, match="stays as it is"):
            await _run(dnc, "import", str(file), "--register", "rpo", "--dated", "2026-03-02")
    assert not _check(await _ask(ANNA), "register")["allowed"]
    assert _check(await _ask(BERTA), "register")["allowed"]
    with pytest.raises(BadInputError, match="--dated"):
        await _run(dnc, "import", str(file), "--register", "rpo")


@pytest.mark.database
@pytest.mark.usefixtures("_offers")
async def test_a_campaign_leaves_numbers_out_one_by_one_and_by_the_file(tmp_path: Path) -> None:
    await _run(dnc, "exclude", ANNA, "--campaign", "offers")
    file = tmp_path / "out.txt"
    file.write_text(f"{BERTA}\n")
    await _run(dnc, "import", str(file), "--campaign", "offers")
    for number in (ANNA, BERTA):
        assert _check(await _ask(number), "exclusion")["reason"] == "excluded"
    await _run(dnc, "exclude", ANNA, "--campaign", "offers", "--undo")
    assert _check(await _ask(ANNA), "exclusion")["allowed"]
    with pytest.raises(UnknownCampaignError):
        await _run(dnc, "exclude", ANNA, "--campaign", "ofers")


@pytest.mark.database
@pytest.mark.usefixtures("_offers")
async def test_a_customer_is_held_and_let_go() -> None:
    words = (
        "hold",
        "c0000017",
        "--purpose",
        "marketing",
        "--reason",
        "complaint",
        "--until",
        "2099-03-04T09:00",
    )
    (held,) = json.loads((await _run(dnc, *words))[1])
    assert (held["for"], held["reason"]) == ("marketing", "complaint")
    check = _check(await _ask(ANNA, "2026-03-03T11:00", "--customer", "c0000017"), "hold")
    assert (check["reason"], check["words"]) == ("hold", "the customer is held: complaint")
    assert json.loads((await _run(dnc, "lift", "c0000017", "--purpose", "marketing"))[1]) == {"lifted": 1}
    assert _check(await _ask(ANNA, "2026-03-03T11:00", "--customer", "c0000017"), "hold")["allowed"]


@pytest.mark.database
@pytest.mark.usefixtures("_offers")
async def test_the_table_for_people_shows_every_rule_and_no_whole_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    status, out, _ = await _run(may_call.app, ANNA, "--campaign", "offers", "--at", "2026-03-08T11:00")
    assert status == 3
    for word in ("destination", "register_age", "hours", "Sun 11:00 in Europe/Rome", "no ("):
        assert word in " ".join(out.split())
    assert ANNA not in out


@pytest.mark.unit
def test_files_of_any_kind_give_their_numbers_and_tell_their_bad_lines() -> None:
    file = io.BytesIO(
        b'name,phone\r\n"Rossi","329 0000017"\r\n\r\n"x","+39 329 0000018"\n\xff\xfe,?\nonly-one-cell\n'
        + b"9" * 30_000
        + b"\n"
        + b"y,+393290000019"
    )
    found = list(read_numbers(file, "IT"))
    assert [each for each in found if isinstance(each, str)] == [ANNA, BERTA, "+393290000019"]
    bad = [each for each in found if isinstance(each, BadLine)]
    assert [each.line for each in bad] == [5, 6, 7]
    assert "longer than" in bad[-1].problem


@pytest.mark.unit
def test_a_single_line_of_fifty_megabytes_is_told_and_never_kept() -> None:
    file = io.BytesIO(b"3" * 50_000_000 + b"\n+393290000017\n")
    bad, number = read_numbers(file, "IT")
    assert isinstance(bad, BadLine)
    assert number == ANNA
