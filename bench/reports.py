"""How long reports take: a month of 300 agents and 20 campaigns, made up, on SQLite.

`python -m bench.reports` prints JSON; `--days 5` for a look. It needs no telco and about a gigabyte.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine

from agents.models import Agent, AgentEvent
from dialer import CampaignPlan, Gate, Mode, Purpose, load_profiles, set_up
from dialer.models import Campaign, Tally
from reports import Asked, Language, ReportName, Step, report
from reports.files import write_csv, write_xlsx
from store import Base, Database

AGENTS: Final = 300
CAMPAIGNS: Final = 20
FIRST: Final = datetime(2026, 3, 1, 23, tzinfo=UTC)
GOALS: Final = {"agents.day": 12.0, "agents.60m": 20.0, "campaigns.day": 5.0, "campaigns.60m": 10.0}
"""Seconds of the processor for a month."""
_CYCLE: Final = (("reserved", 1.0), ("talking", 150.0), ("wrap_up", 30.0), ("ready", 60.0))
_WORDS: Final = (
    "attempts", "placed", "rang", "answered", "joined", "talk", "person", "connected", "abandoned", "machine",
    "right_party", "goal", "outcome:no_answer", "outcome:busy", "outcome:sold", "disposition:sold",
)  # fmt: skip


def day_of(agent: str, begin: datetime, dice: random.Random) -> Iterator[dict[str, Any]]:
    """Eight hours of one agent: talks, two pauses, about 450 changes."""
    at, end = begin + timedelta(minutes=dice.uniform(0, 20)), begin + timedelta(hours=8)
    before, campaign = "offline", ""
    yield _event(agent, at, "ready", before, 0.0, "", "")
    before = "ready"
    pauses = [begin + timedelta(hours=3), begin + timedelta(hours=6)]
    while at < end:
        if pauses and at > pauses[0]:
            pauses.pop(0)
            yield _event(agent, at + timedelta(seconds=5), "paused", before, 5.0, "lunch", "")
            at += timedelta(seconds=5 + 1200)
            yield _event(agent, at, "ready", "paused", 1200.0, "", "")
            before = "ready"
            continue
        campaign = f"c{dice.randrange(CAMPAIGNS):02}"
        for state, mean in _CYCLE:
            seconds = dice.expovariate(1 / mean)
            at += timedelta(seconds=seconds)
            yield _event(agent, at, state, before, seconds, "", campaign)
            before = state
    yield _event(agent, at, "offline", before, 0.0, "sign_out", "")


def _event(
    agent: str, at: datetime, state: str, before: str, seconds: float, reason: str, campaign: str
) -> dict[str, Any]:
    return {
        "agent": agent, "at": at, "state": state, "before": before, "seconds": round(seconds, 3),
        "reason": reason, "campaign": campaign, "call_id": "",
    }  # fmt: skip


async def fill(db: Database, days: int) -> int:
    """Make a month up; how many changes of agents there are."""
    dice, count = random.Random(7), 0
    created = {"endpoint": "", "skills": [], "node": "", "active": True, "created": FIRST}
    async with db.write() as session:
        await session.execute(
            insert(Agent), [{"name": f"a{n:03}", "title": f"Agent {n}", **created} for n in range(AGENTS)]
        )
        gate = Gate(load_profiles(), country="IT")
        for n in range(CAMPAIGNS):
            plan = CampaignPlan(
                name=f"c{n:02}", flow="f", purpose=Purpose.SERVICE, profile="it", caller_id="+390650000611"
            )
            await set_up(session, gate, plan)
            (await session.get_one(Campaign, plan.name)).mode = Mode.PREDICTIVE
    for day in range(days):
        begin = FIRST + timedelta(days=day, hours=8)
        rows = [row for n in range(AGENTS) for row in day_of(f"a{n:03}", begin, dice)]
        rows.sort(key=lambda row: row["at"])  # as they come in a running house
        count += len(rows)
        hours = [
            {
                "campaign": f"c{n:02}", "hour": begin + timedelta(hours=hour), "what": what,
                "count": dice.randrange(1, 400), "seconds": dice.uniform(0, 9000),
            }
            for n in range(CAMPAIGNS) for hour in range(10) for what in _WORDS
        ]  # fmt: skip
        async with db.write() as session:
            await session.execute(insert(AgentEvent.__table__), rows)  # type: ignore[arg-type]
            await session.execute(insert(Tally.__table__), hours)  # type: ignore[arg-type]
    return count


async def timed(
    db: Database, name: ReportName, by: Step, days: int, folder: Path, form: str
) -> tuple[float, int]:
    """One report into a file; seconds of the processor (others may use it meanwhile) and rows."""
    asked = Asked(report=name, since=FIRST, until=FIRST + timedelta(days=days), by=by)
    write = write_csv if form == "csv" else write_xlsx
    began = time.process_time()
    rows = await write(folder / f"report.{form}", await report(db, asked), asked, Language.EN)
    return time.process_time() - began, rows


async def measure(days: int = 30) -> dict[str, Any]:
    """Every report by day and by hour as CSV, agents by day as a workbook."""
    with tempfile.TemporaryDirectory(prefix="centralino-bench-") as name:
        folder = Path(name)
        url = f"sqlite+aiosqlite:///{folder / 'reports.db'}"
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()
        told: dict[str, Any] = {}
        async with Database(url) as db:
            told["changes"] = await fill(db, days)
            for each, by, form in (
                (ReportName.AGENTS, Step.DAY, "csv"),
                (ReportName.AGENTS, Step.HOUR, "csv"),
                (ReportName.AGENTS, Step.DAY, "xlsx"),
                (ReportName.CAMPAIGNS, Step.DAY, "csv"),
                (ReportName.CAMPAIGNS, Step.HOUR, "csv"),
            ):
                seconds, rows = await timed(db, each, by, days, folder, form)
                goal = GOALS.get(f"{each}.{by}", 30.0) * days / 30
                judged = {"goal": f"<= {goal:g}", "met": seconds <= goal}
                told[f"{each}.{by}.{form}"] = {"seconds": round(seconds, 2), "rows": rows, **judged}
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--days", type=int, default=30)
    sys.stdout.write(json.dumps(asyncio.run(measure(options.parse_args(arguments).days)), indent=2) + "\n")


if __name__ == "__main__":
    main()
