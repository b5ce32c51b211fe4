"""The Python environment: one in the cache for all clones with the same lock, and a thin `.venv` in each."""

import contextlib
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from setup.account import NAME
from setup.places import held
from setup.step import Context, Progress, StepError, run_program

_WANTED = ("python3", "python3.13", "python3.12", "python3.11")
_PROBE = (
    "import sys, venv, ensurepip; assert sys.version_info >= (3, 11); print('%d.%d' % sys.version_info[:2])"
)
_PROGRAMS = ("ruff", "pytest", "mypy", "lint-imports", "pre-commit", "alembic")
_ADVICE = (
    "see above; pip uses its own settings (pip config list), so `pip download aiohttp` must work here."
    " The lock is checked by hashes: a mirror must carry the very same files"
)


@dataclass(frozen=True)
class Interpreter:
    """A Python to build on."""

    path: Path
    version: str
    """As 3.11."""


def build(context: Context) -> str:
    """Build the shared environment for this lock, unless it is there, and point the clone's `.venv` at it."""
    python = _interpreter(context)
    lock = context.checkout / "requirements.lock"
    seed = f"{python.path}\n{python.version}\n".encode() + lock.read_bytes()
    shared = context.cache / f"python{python.version}-{hashlib.sha256(seed).hexdigest()[:12]}"
    if not (shared / "bin/python").exists():
        with held(context.cache, shared.name):
            if not (shared / "bin/python").exists():
                _install(python, lock, shared, context.cache / "set-up.log")
    _thin(context.checkout, shared, python)
    if context.root:
        _compile(context.checkout, python)
    return shared.name


def _install(python: Interpreter, lock: Path, shared: Path, log: Path) -> None:
    progress = Progress("Python environment")
    progress.doing("installing what requirements.lock names, a minute or two")
    fresh = shared.with_name(shared.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    run_program([str(python.path), "-m", "venv", str(fresh)], advice=_ADVICE, log=log)
    pip = [
        str(fresh / "bin/python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--require-hashes",
    ]
    options = ["--no-deps", "--no-input", "--quiet", "--root-user-action=ignore"]
    run_program([*pip, *options, "-r", str(lock)], advice=_ADVICE, log=log)
    for script in (fresh / "bin").iterdir():
        _move_shebang(script, fresh, shared)
    shutil.rmtree(shared, ignore_errors=True)
    fresh.rename(shared)
    progress.done("ready")


def _compile(checkout: Path, python: Interpreter) -> None:
    """Translate our own code ahead: the services' account cannot write next to it, and would at each start.

    A file that is broken is left for the checks to name.
    """
    rooms = [str(folder.parent) for folder in checkout.glob("*/__init__.py") if folder.parent.name != "tests"]
    with contextlib.suppress(StepError):
        run_program([str(python.path), "-m", "compileall", "-q", *rooms], advice="")


def _move_shebang(script: Path, old: Path, new: Path) -> None:
    """A program's first line names the interpreter by its place; the place changes when it is all ready."""
    if script.is_symlink() or not script.is_file():
        return
    text = script.read_bytes()
    if text.startswith(b"#!") and bytes(old) in text:
        script.write_bytes(text.replace(bytes(old), bytes(new)))


def _thin(checkout: Path, shared: Path, python: Interpreter) -> None:
    """Write the clone's own `.venv`: links and a path file, nothing installed."""
    venv = checkout / ".venv"
    packages = f"lib/python{python.version}/site-packages"
    config = (
        f"home = {python.path.parent}\ninclude-system-site-packages = false\nversion = {python.version}\n"
    )
    lines = f"import site; site.addsitedir({str(shared / packages)!r})\n{checkout}\n"
    command = f'#!/bin/sh\nexec {shlex.quote(f"{venv}/bin/python")} -m centralino "$@"\n'
    links = {f"bin/{name}": shared / "bin" / name for name in _PROGRAMS}
    links |= {"bin/python": python.path, "bin/python3": python.path, "shared": shared}
    files = {"pyvenv.cfg": config, f"{packages}/centralino.pth": lines, "bin/centralino": command}
    for folder in ("bin", packages):
        (venv / folder).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        _write(venv / name, text, 0o755 if name.startswith("bin/") else 0o644)
    for name, target in links.items():
        link = venv / name
        if not (link.is_symlink() and link.readlink() == target):
            link.unlink(missing_ok=True)
            link.symlink_to(target)


def _write(path: Path, text: str, mode: int) -> None:
    if path.is_file() and not path.is_symlink() and path.read_text(encoding="utf-8") == text:
        return
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _interpreter(context: Context) -> Interpreter:
    """The first Python that is new enough, can make environments, and that the services' account may run."""
    named = os.environ.get("CENTRALINO_PYTHON")
    system = [f"/usr/bin/{name}" for name in _WANTED] + [f"/usr/local/bin/{name}" for name in _WANTED]
    on_path = [found for name in _WANTED if (found := shutil.which(name))]
    candidates = [named] if named else [*system, *on_path, sys.executable]
    for candidate in candidates:
        if Path(candidate).exists() and (version := _probe(context, candidate)) is not None:
            return Interpreter(Path(candidate), version)
    whose = f" that the account {NAME} may run (one below /root is of no use)" if context.root else ""
    tried = ", ".join(dict.fromkeys(candidates))
    raise StepError(
        f"found no Python of 3.11 or later with venv and ensurepip{whose}; looked at {tried}",
        "as root: apt-get install python3 python3-venv; or name one: CENTRALINO_PYTHON=/path/to/one make …",
    )


def _probe(context: Context, python: str) -> str | None:
    drop = ["setpriv", f"--reuid={NAME}", f"--regid={NAME}", "--clear-groups", "--"] if context.root else []
    try:
        ended = subprocess.run(
            [*drop, python, "-c", _PROBE], capture_output=True, text=True, timeout=30, check=True, cwd="/"
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return ended.stdout.strip()
