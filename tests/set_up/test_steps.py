"""A set-up step that fails says which one, why, and what to do; one that has nothing to do says nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from setup import environment, packages
from setup.places import cache_folder
from setup.step import Context, Step, StepError, run_program, run_steps

pytestmark = pytest.mark.unit

CHECKOUT = Path(__file__).resolve().parents[2]


def _context(tmp_path: Path, *, root: bool = False) -> Context:
    return Context(checkout=tmp_path, cache=tmp_path / "cache", tests=False, root=root)


def test_a_failed_step_says_which_why_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Context) -> str:
        run_program(["sh", "-c", "echo no space left on device; exit 7"], advice="free some space")
        return ""

    reached = []

    def reach(_: Context) -> str:
        reached.append("Asterisk")
        return ""

    steps = [Step("system packages", fail), Step("Asterisk", reach)]
    assert run_steps(steps, _context(tmp_path)) == 1
    said = capsys.readouterr().err
    assert "set-up stopped at: system packages" in said
    assert "sh ended with 7 and said:\n    no space left on device" in said
    assert "what to do: free some space" in said
    assert reached == []


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(StepError, match="no-such-program cannot be run"):
        run_program(["no-such-program"], advice="")


def test_missing_packages_without_root_and_sudo_give_the_line_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setattr(packages, "_PATH", str(tmp_path))
    with pytest.raises(StepError) as failed:
        packages.install(_context(tmp_path))
    assert "only root may install them, and there is no sudo" in failed.value.why
    assert failed.value.advice.startswith(
        "as root: apt-get install --no-install-recommends redis-server espeak-ng"
    )


def test_packages_that_are_there_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for need in packages.RUN:
        (tmp_path / need.shows).touch(mode=0o755)
    monkeypatch.setattr(packages, "_PATH", str(tmp_path))
    monkeypatch.setattr(packages, "PYTHON", ())
    (tmp_path / "cache/asterisk").mkdir(parents=True)
    assert packages.install(_context(tmp_path)) == "all there"


def test_a_python_of_no_use_is_passed_over_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    monkeypatch.setenv("CENTRALINO_PYTHON", str(old))
    with pytest.raises(StepError, match=rf"looked at {old}"):
        environment.build(_context(tmp_path))


def test_the_thin_environment_sees_the_shared_packages_and_the_clone(tmp_path: Path) -> None:
    shared, clone = tmp_path / "shared", tmp_path / "my clone"
    version = "{}.{}".format(*sys.version_info[:2])
    packages_folder = shared / f"lib/python{version}/site-packages"
    packages_folder.mkdir(parents=True)
    (packages_folder / "borrowed.py").write_text("word = 'shared'\n")
    (clone / "room").mkdir(parents=True)
    (clone / "room/__init__.py").touch()
    python = environment.Interpreter(Path(sys.base_prefix) / "bin/python3", version)
    for _ in range(2):  # the second time finds everything as it should be
        environment._thin(clone, shared, python)
    code = "import borrowed, room, sys; print(borrowed.word, room.__file__, sys.prefix)"
    ended = subprocess.run(  # noqa: S603
        [clone / ".venv/bin/python", "-c", code], capture_output=True, text=True, check=True, cwd="/"
    )
    assert ended.stdout.strip() == f"shared {clone}/room/__init__.py {clone}/.venv"


def test_programs_know_their_interpreter_by_its_last_place(tmp_path: Path) -> None:
    script = tmp_path / "ruff"
    script.write_bytes(b"#!/cache/env.new/bin/python\nimport sys\n")
    environment._move_shebang(script, Path("/cache/env.new"), Path("/cache/env"))
    assert script.read_bytes().startswith(b"#!/cache/env/bin/python\n")


def test_the_cache_is_where_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CENTRALINO_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("CENTRALINO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert cache_folder() == tmp_path / "centralino"


def test_the_lock_names_no_registry_and_has_a_hash_for_all() -> None:
    lines = (CHECKOUT / "requirements.lock").read_text().splitlines()
    assert not [line for line in lines if "://" in line]
    pinned = [number for number, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
    assert len(pinned) > 50
    assert all("--hash=sha256:" in lines[number + 1] for number in pinned)
