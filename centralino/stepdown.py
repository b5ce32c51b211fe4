"""Giving root away: a program that root started goes on as the service's account, or not at all."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NoReturn

from centralino.accounts import Account, service_account
from centralino.cache import cache_folder
from centralino.places import Places
from centralino.settings import Settings
from values import CentralinoError

CODE = Path(__file__).resolve().parent.parent
LEFT: Final = "CENTRALINO_LEFT"
"""In the environment: the folder that was left, as the account cannot get into it. Its names mean nothing."""
_LEFT_OUT = shutil.ignore_patterns(
    ".*", "var", "tests", "docs", "node_modules", "__pycache__", "setup", "bench"
)


class UnreachableError(CentralinoError):
    """The service's account cannot reach a folder that it needs."""

    error_id = "unreachable"


def own_settings() -> Settings:
    """The settings, with root given away first: for every command that reads or writes the home."""
    settings = Settings()
    step_down(settings)
    os.umask(0o077)
    return settings


def step_down(settings: Settings) -> None:
    """If we are root: hand the home to the service's account and go on as it, with the same words.

    Code that the account cannot read (a clone under /root) is copied into the home and runs from there.
    Raises `UnreachableError`.
    """
    account = service_account()
    if not account.drops:
        return
    home = settings.home.absolute()
    _make(account, home)
    account.own(home)
    home.chmod(0o700)
    if not _can(account, "-w", home):
        raise UnreachableError(
            f"the account {account.name} cannot get into {home}; set CENTRALINO_HOME to a place it can"
        )
    _become(account, settings, home)


def _make(account: Account, home: Path) -> None:
    """Make the home. One that is there must be empty, the account's already, or have been a home before.

    A mistyped `CENTRALINO_HOME=/` must not hand the whole machine over. Raises `UnreachableError`.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        ours = (
            home.stat().st_uid == account.uid or not any(home.iterdir()) or (home / "secrets.json").exists()
        )
    except OSError as problem:
        raise UnreachableError(f"CENTRALINO_HOME={home} cannot be made: {problem.strerror}") from problem
    if not ours:
        raise UnreachableError(f"{home} holds other things; set CENTRALINO_HOME to a new or an empty folder")


def _become(account: Account, settings: Settings, home: Path) -> NoReturn:
    python, code = Path(sys.executable), CODE
    folder, left = Path.cwd(), ""
    if not _can(account, "-r", CODE / "pyproject.toml") or not _can(account, "-x", python):
        code = _copy(account, home)
        python = (Path(sys.prefix) / "shared").resolve() / "bin/python"
    if not _can(account, "-x", folder):
        if Path("centralino.toml").exists():
            shutil.copy("centralino.toml", code)
            account.own(code)
        folder, left = code, str(folder)
    environment = {
        **os.environ,
        "PYTHONPATH": str(code),
        "CENTRALINO_HOME": str(home),
        "CENTRALINO_CACHE": str(cache_folder(settings.cache)),
        "HOME": str(account.home),
        "USER": account.name,
        "LOGNAME": account.name,
        LEFT: left,
    }
    os.chdir(folder)
    drop = ["--reuid", str(account.uid), "--regid", str(account.gid), "--clear-groups", "--no-new-privs"]
    command = ["setpriv", *drop, "--", str(python), "-m", "centralino", *sys.argv[1:]]
    os.execvpe(command[0], command, environment)  # noqa: S606  (the same program again, under another account)


def _copy(account: Account, home: Path) -> Path:
    """A copy of the code, named by its content, so that one that runs is never changed, and never deleted."""
    digest = hashlib.sha256()
    for path in sorted(CODE.glob("*/**/*")):
        if path.is_file() and not any(
            part.startswith((".", "__")) for part in path.relative_to(CODE).parts[:-1]
        ):
            digest.update(bytes(path.relative_to(CODE)) + b"\0" + str(path.stat().st_mtime_ns).encode())
    target = home / f"app-{digest.hexdigest()[:12]}"
    if not target.exists():
        fresh = target.with_suffix(".new")
        for old in [fresh] if _in_use(home) else home.glob("app-*"):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(CODE, fresh, ignore=_LEFT_OUT)
        account.own(fresh)
        fresh.rename(target)
    return target


def _in_use(home: Path) -> bool:
    """Whether a telco runs on the home: its programs are started again from the copy it was started from."""
    try:
        with Places(home).supervisor_lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _can(account: Account, test: str, path: Path) -> bool:
    drop = ["setpriv", "--reuid", str(account.uid), "--regid", str(account.gid), "--clear-groups", "--"]
    return subprocess.run([*drop, "test", test, str(path)], check=False).returncode == 0  # noqa: S603  (our own words)
