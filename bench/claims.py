"""How long a claim takes while several workers call from a long queue, and whether it takes longer in time.

Each worker is a process of its own and does what the dial loop does: claim, ask the gate and commit the
attempts, then finish them; most go back into the queue and are due again a minute later.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import Index, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.schema import CreateIndex, DropIndex

from bench.figures import Goal, Printed, percentile, rounded
from bench.postgres import private_postgresql
from dialer import CampaignPlan, Gate, Purpose, load_profiles, set_up
from dialer.attempts import commit_attempts
from dialer.contacts import claim, give_back
from dialer.endings import finish
from dialer.models.turns import POSTGRESQL_SETTINGS
from dialer.placement import AttemptResult, Wanted
from store import Base, Database
from values import SystemClock

BATCH: Final = 200
LEASE: Final = timedelta(seconds=30)
CAMPAIGN: Final = "long"
LISTS: Final = ("north", "south")
ZONES: Final = ("Europe/Rome", "Europe/Rome,Europe/Vatican")
OUTCOMES: Final = ("no_answer", "busy", "closed")
SHARES: Final = (0.6, 0.15, 0.25)
RETRY: Final = {
    "max_attempts": 50,
    "outcomes": {"no_answer": {"after": [1], "most": 50}, "busy": {"after": [1], "most": 50}},
}
SETTLED_SECONDS: Final = 75.0
"""Then those tried again come back as fast as they ever will; what claims take is compared from here on."""
_CHUNK: Final = 500_000
_MEGA: Final = 1_000_000
_LOAD: Final = """
INSERT INTO contacts (id, campaign, event_id, customer_id, number, numbers, zone, zones, fields, list,
    priority, score, agent, promised, not_before, expires, state, created, finished, outcome, goal, attempts,
    tally, fence)
SELECT 'c' || lpad(i::text, 20, '0'), :campaign, 'list:long:k' || i, 'k' || i, '+39' || (3200000000 + i),
    '[]', '', (CAST(:zones AS text[]))[1 + i % 2], '{"name": "Anna", "amount": {"$money": [1990, "EUR"]}}',
    (CAST(:lists AS text[]))[1 + (i / 2) % 2], i % 3, round((random() * 100)::numeric, 2), '', NULL,
    now() - interval '1 day', NULL, 'ready', now(), NULL, '', false, 0, '{}', 0
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS i
"""
_LANES: Final = (
    "INSERT INTO lanes (campaign, list, zones) SELECT DISTINCT campaign, list, zones FROM contacts"
)
_QUEUE: Final = """
INSERT INTO turns (contact_id, lane, stage, rank, place, due, wake, expires, promised, agent, owner, fence)
SELECT c.id, lanes.id, 'ready', -c.priority, -c.score, c.not_before, c.not_before, NULL, false, '', '', 0
FROM contacts c JOIN lanes ON lanes.campaign = c.campaign AND lanes.list = c.list AND lanes.zones = c.zones
"""
_SIZES: Final = """
SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relname IN ('turns', 'pk_turns', 'ix_turns_ready')
"""


async def measure(contacts: int = 300_000, minutes: float = 0.5, workers: int = 4) -> Printed:
    """Fill a queue, let the workers call from it, and say how long their claims took."""
    async with private_postgresql() as url:
        clock = SystemClock()
        began = clock.monotonic()
        await _fill(url, contacts)
        filled = clock.monotonic() - began
        before = await _sizes(url)
        print(f"bench: claims, {contacts} contacts are there, {workers} workers begin …", file=sys.stderr)
        claims = await asyncio.to_thread(_work, url, minutes, workers)
        return {
            "contacts": contacts,
            "workers": workers,
            "minutes": minutes,
            "load_seconds": rounded(filled),
            "processes_wanting_to_run": [rounded(load) for load in psutil.getloadavg()],
            **judged(claims, minutes),
            "megabytes_before": before,
            "megabytes_after": await _sizes(url),
        }


def judged(claims: Sequence[tuple[float, float, int]], minutes: float) -> Printed:
    """What the claims came to; each is when it began, how long it took in seconds, and how many it took."""
    tenth = minutes * 6
    begin = min(SETTLED_SECONDS, 2 * tenth)
    first = [took for at, took, _ in claims if begin <= at < begin + tenth]
    last = [took for at, took, _ in claims if at >= 9 * tenth]
    times = [took for _, took, _ in claims]
    grown = percentile(last, 0.5) / percentile(first, 0.5) if first and last else 0.0
    return {
        "claims": len(claims),
        "claimed": sum(count for _, _, count in claims),
        "milliseconds_p50": rounded(1000 * percentile(times, 0.5)),
        "milliseconds_p99": Goal("<", 100).judged(1000 * percentile(times, 0.99)),
        "milliseconds_worst": rounded(1000 * max(times, default=0.0)),
        "p99_first_tenth_settled": rounded(1000 * percentile(first, 0.99)),
        "p99_last_tenth": rounded(1000 * percentile(last, 0.99)),
        "last_tenth_to_first": Goal("<", 1.5).judged(grown),
    }


def _work(url: str, minutes: float, workers: int) -> list[tuple[float, float, int]]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers) as pool:
        found = pool.starmap(_worker, [(url, minutes * 60, number) for number in range(workers)], chunksize=1)
    return sorted(each for part in found for each in part)


def _worker(url: str, seconds: float, number: int) -> list[tuple[float, float, int]]:
    return asyncio.run(_call(url, seconds, number))


async def _call(url: str, seconds: float, number: int) -> list[tuple[float, float, int]]:
    """One worker's life: its claims."""
    clock, chance = SystemClock(), random.Random(number)
    gate = Gate(load_profiles(), country="IT")
    found = []
    async with Database(url) as db:
        async with db.write() as session:  # a dial loop is connected long before
            for lease in await claim(session, CAMPAIGN, 1, worker="first", lease=LEASE, now=clock.now()):
                await give_back(session, [lease])
        began = clock.monotonic()
        while (at := clock.monotonic() - began) < seconds:
            async with db.write() as session:
                leases = await claim(
                    session, CAMPAIGN, BATCH, worker=f"w{number}", lease=LEASE, now=clock.now(), zones=ZONES
                )
            found.append((at, clock.monotonic() - began - at, len(leases)))
            wanted = [Wanted(lease, "first") for lease in leases]
            async with db.write() as session:
                placed = await commit_attempts(session, gate, wanted, node=f"n{number}", now=clock.now())
            over = clock.now()
            results = [
                AttemptResult(each.attempt_id, outcome, over)
                for each, outcome in zip(placed, chance.choices(OUTCOMES, SHARES, k=len(placed)), strict=True)
            ]
            async with db.write() as session:
                await finish(session, gate, results, over)
    return found


async def _fill(url: str, contacts: int) -> None:
    engine = create_async_engine(url)
    tables = [table for table in Base.metadata.sorted_tables if table.name in {"contacts", "turns"}]
    indexes = [index for table in tables for index in table.indexes]
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        for statement in POSTGRESQL_SETTINGS:
            await connection.execute(text(statement))
        await _indexes(connection, indexes, there=False)
    async with Database(url) as db, db.write() as session:
        plan = CampaignPlan(
            name=CAMPAIGN, flow="f", purpose=Purpose.SERVICE, profile="none", caller_id="+390650000611",
            retry=RETRY,
        )  # fmt: skip
        await set_up(session, Gate(load_profiles(), country="IT"), plan)
    for first in range(0, contacts, _CHUNK):
        bounds = {"first": first, "last": min(contacts, first + _CHUNK) - 1}
        async with engine.begin() as connection:
            names = {"campaign": CAMPAIGN, "lists": list(LISTS), "zones": list(ZONES)}
            await connection.execute(text(_LOAD), bounds | names)
    async with engine.begin() as connection:
        await connection.execute(text(_LANES))
        await connection.execute(text(_QUEUE))
        await _indexes(connection, indexes, there=True)
    await _vacuumed(url)
    await engine.dispose()


async def _indexes(connection: AsyncConnection, indexes: Sequence[Index], *, there: bool) -> None:
    for index in indexes:
        await connection.execute(CreateIndex(index) if there else DropIndex(index))


async def _vacuumed(url: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
        await connection.execute(text("CHECKPOINT"))
    await engine.dispose()


async def _sizes(url: str) -> dict[str, float]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found: dict[str, Any] = {name: size for name, size in await connection.execute(text(_SIZES))}  # noqa: C416
    await engine.dispose()
    return {name: rounded(size / _MEGA) for name, size in sorted(found.items())}


def main(words: Sequence[str]) -> None:
    """Measure as asked, and print the figures."""
    parser = argparse.ArgumentParser(prog="bench claims", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--contacts", type=int, default=300_000)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--out", type=Path, help="write the figures to this file too")
    asked = parser.parse_args(words)
    found = json.dumps(asyncio.run(measure(asked.contacts, asked.minutes, asked.workers)), indent=2)
    if asked.out:
        asked.out.write_text(found + "\n", encoding="utf-8")
    print(found)


if __name__ == "__main__":
    main(sys.argv[1:])
