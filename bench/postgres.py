"""A private PostgreSQL for measurements: Debian's, set as an operator would, gone afterwards."""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from bench.telco import BenchError

ACCOUNTS: Final = ("postgres", "nobody")
SETTINGS: Final = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "maintenance_work_mem": "512MB",
    "max_connections": "60",
}
"""Everything else is as Debian ships it: autovacuum runs, and every commit is on the disk."""
_UP_SECONDS: Final = 60.0


@asynccontextmanager
async def private_postgresql() -> AsyncIterator[str]:
    """A server of its own until the block ends; gives the address of an empty database."""
    folder, account, programs = _folder(), _account(), _programs()
    if account:
        shutil.chown(folder, account, account)
    who: dict[str, Any] = {"user": account, "group": account, "extra_groups": []} if account else {}
    environment = {"PATH": os.environ.get("PATH", ""), "PGDATA": str(folder / "data"), "LC_ALL": "C"}
    options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (folder / "server.log").open("wb") as said:
        made = await asyncio.create_subprocess_exec(
            str(programs / "initdb"), "--auth=trust", "--username=centralino", "--encoding=UTF8",
            "--locale=C", cwd=folder, env=environment, stdout=said, stderr=said, **who,
        )  # fmt: skip
        if await made.wait():
            raise BenchError(f"no PostgreSQL could be made: {(folder / 'server.log').read_text()}")
        server = await asyncio.create_subprocess_exec(
            str(programs / "postgres"), "-c", f"unix_socket_directories={folder}", *options,
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **who,
        )  # fmt: skip
        try:
            await _answering(programs, folder, server)
            yield f"postgresql+asyncpg://centralino@/postgres?host={folder}"
        finally:
            if server.returncode is None:
                server.send_signal(3)  # SIGQUIT: at once; nothing here is kept
            await server.wait()
            shutil.rmtree(folder, ignore_errors=True)


async def _answering(programs: Path, folder: Path, server: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(_UP_SECONDS):
        while server.returncode is None:
            ready = await asyncio.create_subprocess_exec(
                str(programs / "pg_isready"), "-q", "-h", str(folder), "-U", "centralino"
            )
            if await ready.wait() == 0:
                return
            await asyncio.sleep(0.1)
    raise BenchError(f"PostgreSQL did not start: {(folder / 'server.log').read_text()}")


def _folder() -> Path:
    """One that any account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="centralino-bench-pg-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise BenchError("no PostgreSQL programs here; install Debian's package postgresql")
    return found[-1].parent


def _account() -> str:
    """PostgreSQL does not run as root: the account it runs under instead, '' for our own."""
    if os.geteuid() != 0:
        return ""
    for name in ACCOUNTS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise BenchError("PostgreSQL cannot run as root, and there is neither an account postgres nor nobody")
