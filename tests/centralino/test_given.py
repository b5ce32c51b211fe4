"""Files named on the command line, as the account sees them that root's commands go on as."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from centralino import stepdown
from centralino.accounts import service_account
from centralino.cli import flowshelf
from centralino.cli.campaign import desk
from centralino.cli.dnc import app as dnc
from centralino.cli.given import given, lost
from centralino.cli.lists import app as lists
from centralino.cli.report import app as reports
from centralino.cli.target import check_folder
from centralino.settings import Settings, check_names
from tests.rig import own_folder
from values import BadInputError

CLONE = "/root/clone"


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a command finds it that root started in its own clone."""
    monkeypatch.setenv(stepdown.LEFT, CLONE)


@pytest.mark.unit
@pytest.mark.usefixtures("left")
def test_a_bare_name_is_refused_when_its_folder_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("not the one that was meant")
    words = ["import", "people.csv", "--list", "l", "--campaign", "c"]
    with pytest.raises(BadInputError, match=rf"^people\.csv: .*{CLONE}.*whole path.*/tmp/people\.csv$"):
        CliRunner().invoke(lists, words, catch_exceptions=False)
    with pytest.raises(BadInputError, match="pipe it in"):
        flowshelf.read_text(Path("people.csv"))
    assert given(tmp_path / "people.csv") == tmp_path / "people.csv"
    check_names(os.environ)


@pytest.mark.unit
@pytest.mark.usefixtures("left")
def test_no_report_is_written_where_nobody_looks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(desk, "own_settings", lambda: Settings(home=tmp_path))
    monkeypatch.setattr(desk, "set_up_logging", lambda _: None)
    for words in (
        ["agents", "--range", "today", "--xlsx", "march.xlsx"],
        ["monthly", "--month", "2026-10", "--out", "march.pdf"],
        ["monthly", "--month", "2026-10"],  # named by itself
    ):
        with pytest.raises(BadInputError, match="whole path"):
            CliRunner().invoke(reports, words, catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.unit
def test_in_a_folder_that_was_kept_a_bare_name_is_told_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(stepdown.LEFT, "")
    assert not lost(Path("march.xlsx"))
    assert check_folder(Path("march.xlsx")) == tmp_path / "march.xlsx"
    with pytest.raises(BadInputError, match="no such file"):
        given(Path("people.csv"))
    with pytest.raises(BadInputError, match="is a folder"):
        given(tmp_path)


@pytest.mark.unit
def test_a_file_that_may_not_be_read_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the service's account meets root's files: asked of the system, since tests may be root."""
    file = tmp_path / "numbers.csv"
    file.write_text("+393290000017\n")
    monkeypatch.setattr(os, "access", lambda *_at, **_how: False)
    with pytest.raises(BadInputError, match=r"may not read it.*/tmp.*chmod") as problem:
        CliRunner().invoke(dnc, ["import", str(file), "--for", "marketing"], catch_exceptions=False)
    assert problem.value.field == str(file)


@pytest.mark.asterisk
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives root away")
@pytest.mark.parametrize("closed", [True, False])
def test_the_folder_that_root_started_in_is_told_when_it_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, closed: bool
) -> None:
    with own_folder("centralino-home-") as home, own_folder("centralino-clone-") as clone:
        service_account().own(home)
        clone.chmod(0o755)
        (clone / "pyproject.toml").touch()
        monkeypatch.setattr(stepdown, "CODE", clone)
        started = tmp_path if closed else clone
        tmp_path.chmod(0o700)
        monkeypatch.chdir(started)
        told: dict[str, str] = {}

        def go_on(_program: str, _words: list[str], environment: dict[str, str]) -> None:
            told.update(environment, folder=str(Path.cwd()))
            raise SystemExit

        monkeypatch.setattr(os, "execvpe", go_on)
        with pytest.raises(SystemExit):
            stepdown._become(service_account(), Settings(home=home), home)
        assert told[stepdown.LEFT] == (str(tmp_path) if closed else "")
        assert (told["folder"] == str(started)) is not closed
