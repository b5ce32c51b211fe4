"""Fresh databases for tests: `database` gives one on SQLite and one on a private PostgreSQL.

The PostgreSQL is Debian's, started once a test worker under an unprivileged account in a folder of its own,
reachable by a Unix socket only, and stopped with the tests, even when they are killed.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from centralino.migrations.models import MODEL_MODULES
from store import Base, Database

_numbers = count(1)

# The shell outlives a killed test run by a moment: its input closes, and it takes the server down.
_KEEPER = """
"$@" & server=$!
read -r word
kill -QUIT $server
wait $server
[ "$word" = keep ] || { cd / && rm -rf "${PGDATA%/data}"; }
"""


class PostgresServer:
    """A private PostgreSQL in a folder of its own."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._account = _account()
        self._folder = Path(tempfile.mkdtemp(prefix="centralino-pg-", dir=_enterable()))
        self._data = self._folder / "data"
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self._account:
            shutil.chown(self._folder, self._account, self._account)
            self._folder.chmod(0o711)  # a telco's account comes to the socket; the data stay closed
        self._run(
            "initdb", "--auth=trust", "--username=centralino", "--encoding=UTF8", "--locale=C", "--no-sync"
        )
        self.launch()

    def launch(self) -> None:
        """Start the server on the data that is there."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._folder),
            "fsync": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "autovacuum": "off",
            "max_connections": "60",
            "logging_collector": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "server.log").open("wb") as said:
            self._keeper = subprocess.Popen(  # noqa: S603  (our own words only)
                ["/bin/sh", "-c", _KEEPER, "keeper", str(self._programs / "postgres"), *options],
                stdin=subprocess.PIPE, stdout=said, stderr=said, **self._as_account(),
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while self._run("pg_isready", "-q", "-h", str(self._folder), "-U", "centralino", check=False) != 0:
            if time.monotonic() > deadline or self._keeper.poll() is not None:
                said_text = (self._folder / "server.log").read_text()
                raise RuntimeError(f"the private PostgreSQL did not start:\n{said_text}")
            time.sleep(0.05)

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._keeper is not None

    def halt(self) -> None:
        """Stop the server at once; its data stay for another launch."""
        assert self._keeper is not None
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(b"keep\n")
        self._dismiss()

    def stop(self) -> None:
        """Stop the server and remove its data."""
        self._dismiss()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _dismiss(self) -> None:
        if self._keeper is not None:
            assert self._keeper.stdin is not None
            self._keeper.stdin.close()
            self._keeper.wait(30)
            self._keeper = None

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://centralino@/{name}?host={self._folder}"

    async def execute(self, statement: str) -> None:
        async with self.connection() as connection:
            await connection.execute(statement)

    @asynccontextmanager
    async def connection(
        self, database: str = "postgres"
    ) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        connection = await asyncpg.connect(user="centralino", host=str(self._folder), database=database)
        try:
            yield connection
        finally:
            await connection.close()

    def _as_account(self) -> dict[str, object]:
        environment = {"PATH": os.environ.get("PATH", ""), "PGDATA": str(self._data), "LC_ALL": "C"}
        who = {"user": self._account, "group": self._account, "extra_groups": []} if self._account else {}
        return {"cwd": self._folder, "env": environment, **who}

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        done = subprocess.run(  # noqa: S603  (our own words only)
            [str(self._programs / program), *arguments],
            capture_output=True, text=True, timeout=60, check=False, **self._as_account(),
        )  # fmt: skip
        if check and done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")
        return done.returncode


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise RuntimeError("no PostgreSQL programs here; install Debian's package: apt-get install postgresql")


def _account() -> str:
    """PostgreSQL refuses to run as root: give up root's rights for those of an account that has none."""
    if os.geteuid() != 0:
        return ""
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise RuntimeError("PostgreSQL cannot run as root, and there is neither an account postgres nor nobody")


def _enterable() -> Path:
    """A temporary folder that any account may enter (root's own is often private)."""
    for folder in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108
        if all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents)):
            return folder
    raise RuntimeError("no temporary folder that every account can enter")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The worker's private PostgreSQL."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sqlite")


def _tables() -> MetaData:
    """Every room's tables. A room whose code is broken fails in its own tests, not in everybody's."""
    for name in MODEL_MODULES:
        with suppress(ImportError):
            import_module(name)
    return Base.metadata


async def _create_tables(url: str) -> None:
    tables = _tables()
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(tables.create_all)
    finally:
        await engine.dispose()


async def _fresh_sqlite(folder: Path) -> str:
    template = folder / "template.db"
    if not template.exists():
        half_made = folder / "half-made.db"
        half_made.unlink(missing_ok=True)
        await _create_tables(f"sqlite+aiosqlite:///{half_made}")
        half_made.rename(template)
    path = folder / f"test{next(_numbers)}.db"
    shutil.copyfile(template, path)
    return f"sqlite+aiosqlite:///{path}"


_SHAPE = """
SELECT string_agg(relname || relnatts, ',' ORDER BY relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace
"""
_EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE name text; filled boolean; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
    IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %I RESTART', name);
  END LOOP;
END $$;
"""
_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_LARGE = 30_000_000
"""Bytes; a database that has grown beyond is slower to empty than to make anew."""
_shape = ""
_emptied: list[str] = []
"""Databases of earlier tests, empty again: to make one takes ten times as long."""


async def _fresh_postgresql(server: PostgresServer) -> str:
    global _shape  # noqa: PLW0603  (once a worker)
    if not _shape:
        await server.execute("DROP DATABASE IF EXISTS tables")  # half made by a test that failed
        await server.execute("CREATE DATABASE tables")
        await _create_tables(server.url("tables"))
        async with server.connection("tables") as connection:
            _shape = await connection.fetchval(_SHAPE)
    if _emptied:
        return _emptied.pop()
    name = f"test{next(_numbers)}"
    await server.execute(f"CREATE DATABASE {name} TEMPLATE tables STRATEGY FILE_COPY")
    return name


async def _put_back(server: PostgresServer, name: str) -> None:
    """Empty a test's database for another one; what was altered or has grown goes."""
    async with server.connection(name) as connection:
        await connection.execute(_ALONE)
        size = await connection.fetchval("SELECT pg_database_size(current_database())")
        reusable = size < _LARGE and await connection.fetchval(_SHAPE) == _shape
        if reusable:
            await connection.execute(_EMPTY)
    if reusable:
        _emptied.append(name)
    else:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_database_url(request: pytest.FixtureRequest, sqlite_folder: Path) -> AsyncIterator[str]:
    """The address of a database without any table, once for each kind of database."""
    name = f"empty{next(_numbers)}"
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{sqlite_folder / name}.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    await server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, sqlite_folder: Path) -> AsyncIterator[str]:
    """The address of a fresh database with every room's tables, once for each kind of database."""
    if request.param == "sqlite":
        yield await _fresh_sqlite(sqlite_folder)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = await _fresh_postgresql(server)
    yield server.url(name)
    await _put_back(server, name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh `store.Database` with every room's tables, once on SQLite and once on PostgreSQL."""
    async with Database(database_url) as fresh:
        yield fresh
