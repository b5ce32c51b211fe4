"""How long it takes to bring in a long list, and how much memory: `python -m bench imports`."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil
from sqlalchemy.ext.asyncio import create_async_engine

from bench.figures import Goal, Printed, rounded
from bench.postgres import private_postgresql
from dialer import CampaignPlan, Gate, Purpose, load_profiles, set_up
from dialer.lists import ImportPlan, ImportResult, import_file
from store import Base, Database
from values import SystemClock

LINES: Final = 1_000_000
LOOK_SECONDS: Final = 0.2
_MEGA: Final = 1_000_000


async def measure(lines: int = LINES, *, postgresql: bool = False) -> Printed:
    """Write a list as a customer's system exports it, and bring it in."""
    with tempfile.TemporaryDirectory(prefix="centralino-bench-") as name:
        folder = Path(name)
        path = folder / "list.csv"
        await asyncio.to_thread(write_list, path, lines)
        print(f"bench: imports, {lines} lines …", file=sys.stderr)
        if postgresql:
            async with private_postgresql() as url:
                return await _bring_in(url, path, lines)
        return await _bring_in(f"sqlite+aiosqlite:///{folder / 'bench.db'}", path, lines)


async def _bring_in(url: str, path: Path, lines: int) -> Printed:
    clock = SystemClock()
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    most = 0
    plan = ImportPlan(
        list="spring", campaign="spring", mapping={"money:amount": "Importo", "date:due": "Scadenza"}
    )
    async with Database(url) as db:
        await _campaign(db)
        began = clock.monotonic()
        importing = asyncio.ensure_future(
            import_file(db, path, plan, reports=path.parent / "reports", by="bench")
        )
        while not importing.done():
            most = max(most, await asyncio.to_thread(_memory))
            await asyncio.wait([importing], timeout=LOOK_SECONDS)
        found = await importing
        seconds = clock.monotonic() - began
        again = clock.monotonic()
        same = await import_file(db, path, plan, reports=path.parent / "reports", by="bench")
        again = clock.monotonic() - again
    return _judged(found, lines, seconds, most) | {
        "same_file_again": {"seconds": rounded(again), "nothing_done": same.same}
    }


def _judged(found: ImportResult, lines: int, seconds: float, most: int) -> Printed:
    share = lines / LINES
    return {
        "lines": found.lines,
        "added": found.added,
        "known": found.known,
        "bad": found.bad,
        "seconds": Goal("<=", 90 * share).judged(seconds),
        "lines_per_second": rounded(lines / seconds),
        "megabytes": Goal("<=", 500).judged(most / _MEGA),
    }


def _memory() -> int:
    """What this process and those it started have in memory together, shared pages counted each time."""
    me = psutil.Process()
    most = 0
    for each in (me, *me.children(recursive=True)):
        try:
            most += each.memory_info().rss
        except psutil.Error:
            continue  # it has just ended
    return most


def write_list(path: Path, lines: int) -> None:
    """Mobiles mostly, some landlines and second numbers, some written as people do, a few wrong."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        file.write("Codice cliente;Telefono;Telefono 2;Nome;Importo;Scadenza;Punteggio\n")
        for line in range(lines):
            first = _number(chance, line)
            second = _number(chance, line) if line % 7 == 0 else ""
            amount = f"{chance.randrange(1, 900)},{line % 100:02d}"
            file.write(
                f"K{line:08d};{first};{second};Anna {line};{amount};{1 + line % 28:02d}/11/2026;{line % 97}\n"
            )


def _number(chance: random.Random, line: int) -> str:
    mobile = f"3{chance.choice('234')}{chance.randrange(10**8):08d}"
    match line % 20:
        case 0 | 1:
            return f"06{chance.randrange(10**7, 10**8)}"
        case 2 | 3:
            return f"+39{mobile}"
        case 4:
            return f"{mobile[:3]} {mobile[3:]}"
        case 5 if line % 1000 == 5:  # noqa: PLR2004
            return "3.9E+11"
        case _:
            return mobile


async def _campaign(db: Database) -> None:
    async with db.write() as session:
        plan = CampaignPlan(
            name="spring", flow="f", purpose=Purpose.SERVICE, profile="none", caller_id="+390650000611"
        )
        await set_up(session, Gate(load_profiles(), country="IT"), plan)


def main(words: Sequence[str]) -> None:
    """Measure as asked, and print the figures."""
    parser = argparse.ArgumentParser(prog="bench imports", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--postgresql", action="store_true", help="into PostgreSQL instead of SQLite")
    asked = parser.parse_args(words)
    print(json.dumps(asyncio.run(measure(asked.lines, postgresql=asked.postgresql)), indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
