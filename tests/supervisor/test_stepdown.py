"""Root's own clone may be closed to the service's account; then a copy of the code runs."""

import fcntl
import os
from pathlib import Path

import pytest

from centralino import stepdown
from centralino.accounts import service_account
from centralino.places import Places
from tests.rig import own_folder

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root gives root away"),
]


def test_a_closed_clone_is_copied_so_that_the_account_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "clone"
    for name in ("centralino/cli", "tests", ".git", "ivr/__pycache__"):
        (clone / name).mkdir(parents=True)
        (clone / name / "file").write_text(name)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(stepdown, "CODE", clone)
    account = service_account()
    assert not stepdown._can(account, "-r", clone / "centralino/cli/file")
    with own_folder("centralino-home-") as home:
        account.own(home)
        copy = stepdown._copy(account, home)
        assert stepdown._can(account, "-r", copy / "centralino/cli/file")
        assert sorted(path.name for path in copy.iterdir()) == ["centralino", "ivr"]
        assert list((copy / "ivr").iterdir()) == []
        assert stepdown._copy(account, home) == copy
        (clone / "centralino/cli/file").write_text("changed")
        assert stepdown._copy(account, home) != copy
        assert not copy.exists()


def test_a_running_telco_keeps_the_copy_it_was_started_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "clone"
    (clone / "centralino").mkdir(parents=True)
    monkeypatch.setattr(stepdown, "CODE", clone)
    account = service_account()

    def changed(words: str) -> Path:
        (clone / "centralino/file").write_text(words)
        os.utime(clone / "centralino/file", (len(words), len(words)))
        return stepdown._copy(account, home)

    with own_folder("centralino-home-") as home:
        places = Places(home)
        places.make()
        with places.supervisor_lock.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            running = changed("one")
            newer = changed("newer")
            assert (running / "centralino/file").read_text() == "one"
        newest = changed("stopped")
        assert not running.exists()
        assert not newer.exists()
        assert [path.name for path in home.glob("app-*")] == [newest.name]
