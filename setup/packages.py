"""System packages, by apt. What is there already, from wherever, is left alone."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup.places import make_cache
from setup.step import Context, Progress, StepError, run_program

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin"
_POLICY = Path("/usr/sbin/policy-rc.d")
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/centralino-set-up.conf")


@dataclass(frozen=True)
class Need:
    """A package, and the program or file (a pattern) that shows it is there."""

    package: str
    shows: str

    def met(self) -> bool:
        """Whether it is there."""
        if self.shows.startswith("/"):
            return any(Path("/").glob(self.shows.removeprefix("/")))
        return shutil.which(self.shows, path=_PATH) is not None


RUN = (
    Need("redis-server", "redis-server"),
    Need("espeak-ng", "espeak-ng"),
    Need("ffmpeg", "ffmpeg"),
    Need(
        "fonts-dejavu-core", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    ),  # reports as PDF, Cyrillic too
    Need("nodejs", "node"),
    Need("npm", "npm"),
)
SWITCH = (
    Need("mmdebstrap", "mmdebstrap"),
    Need("fakechroot", "fakechroot"),
    Need("fakeroot", "fakeroot"),
    Need("debian-archive-keyring", "/usr/share/keyrings/debian-archive-keyring.*"),
)
PYTHON = (Need("python3-venv", "/usr/lib/python3.1[1-9]/ensurepip"),)
TESTS = (
    Need("sip-tester", "sipp"),
    Need("baresip-core", "baresip"),
    Need("postgresql", "/usr/lib/postgresql/*/bin/postgres"),
    Need("chromium", "chromium"),
)


def install(context: Context) -> str:
    """Install what is missing. Raises `StepError` when apt cannot, or may not be used."""
    needs = [*RUN, *PYTHON, *(TESTS if context.tests else ())]
    if shutil.which("asterisk", path=_PATH) is None and not (context.cache / "asterisk").is_dir():
        needs += SWITCH
    missing = [need.package for need in needs if not need.met()]
    if not missing:
        return "all there"
    progress = Progress("system packages")
    line = f"apt-get install --no-install-recommends {' '.join(missing)}"
    advice = f"see above; by hand, as root: {line}"
    sudo = _sudo(context, missing, line)
    progress.doing(f"installing {', '.join(missing)}")
    make_cache(context.cache)
    log = context.cache / "set-up.log"
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    options = ["-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3", "-q", "-y"]
    apt = [*sudo, *quiet, "apt-get", *options]
    fetch = [*apt, "install", "--no-install-recommends", *missing]
    with _nothing_started(context, missing):
        try:
            run_program(fetch, advice=advice, log=log)
        except StepError:
            progress.doing("fetching the lists of packages first")
            with contextlib.suppress(StepError):  # one broken source among several is not our business
                run_program([*apt, "update"], advice=advice, log=log)
            run_program(fetch, advice=advice, log=log)
    still = [need.package for need in needs if not need.met()]
    if still:
        raise StepError(f"installed, and yet not found: {', '.join(still)}", f"look into {log}; {advice}")
    progress.done("installed")
    return "installed"


def _sudo(context: Context, missing: list[str], line: str) -> list[str]:
    if shutil.which("apt-get", path=_PATH) is None:
        raise StepError(
            f"missing: {', '.join(missing)}, and this system has no apt-get",
            "install their like by your system's own means; the programs must be on the PATH",
        )
    if context.root:
        return []
    if shutil.which("sudo", path=_PATH) is None:
        raise StepError(
            f"missing: {', '.join(missing)}; only root may install them, and there is no sudo",
            f"as root: {line}",
        )
    return ["sudo"]


@contextlib.contextmanager
def _nothing_started(context: Context, missing: list[str]) -> Iterator[None]:
    """Keep packages from starting services of their own: ours are private, and ports are other people's.

    Only as root; a sudoer gets what Debian does by default. What we put there is taken away again.
    """
    placed = []
    if context.root and not _POLICY.exists():
        _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        _POLICY.chmod(0o755)
        placed.append(_POLICY)
    if context.root and "postgresql" in missing and not Path("/usr/bin/pg_createcluster").exists():
        _NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        _NO_CLUSTER.write_text("create_main_cluster = false\n", encoding="ascii")
        placed.append(_NO_CLUSTER)
    try:
        yield
    finally:
        for path in placed:
            path.unlink(missing_ok=True)
