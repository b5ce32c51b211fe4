"""A file into a list: parsed in other processes, taken in batch by batch, taken up where it broke off."""

import asyncio
import multiprocessing
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.lanes import Place
from dialer.lists.book import create_list
from dialer.lists.columns import lay_out
from dialer.lists.files import Source, look_at
from dialer.lists.parsing import Reading, parse
from dialer.lists.plan import ImportPlan, ImportResult, Line, Parsed, Problem, Progress
from dialer.lists.reports import Report
from dialer.lists.taking import take_in
from dialer.lists.text import LONGEST_LINE, records, text_lines
from dialer.models import ListImport
from store import Database
from values import new_id

RUNNING, DONE, FAILED = "running", "done", "failed"
BATCH = 4000
"""How many lines are taken in with one commit."""
SMALL = 200_000
"""A file of fewer bytes is parsed in a thread: processes would take longer to start."""
_SQLITE_CACHE = "PRAGMA cache_size = -65536"  # 64 MB: six indexes grow at once


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some lines of a file."""

    lines: list[Line]
    too_long: list[int]
    last: int
    """The last line's number, as `list_imports.lines` counts."""
    offset: int


@dataclass(slots=True)
class _Run:
    """An import at work."""

    row: ListImport
    plan: ImportPlan
    report: Report
    lanes: set[Place] = field(default_factory=set)


async def import_file(
    db: Database,
    path: Path,
    plan: ImportPlan,
    *,
    reports: Path,
    by: str,
    name: str = "",
    progress: Callable[[Progress], None] | None = None,
    processes: int = 2,
) -> ImportResult:
    """Take a file's people into a list of a campaign; good lines go in, the others into a report.

    Each batch is committed together with how far the import is, so that one that was interrupted goes on
    behind it when the same file comes again; a file that is in already changes nothing. `reports` is the
    folder of the error reports, `name` what the file is called (by itself if left out), `by` who brings it.

    Raises `BadInputError` for a file that cannot be read, a plan that does not fit it, and a list of another
    campaign, `UnknownCampaignError`, and `StoreUnavailableError` when the database goes away; what was
    committed stays.
    """
    plan.check()
    source = await asyncio.to_thread(look_at, path, plan)
    layout = lay_out(source.header, plan.mapping)
    notes = (*source.notes, layout.words())
    async with db.write() as session:
        await create_list(session, plan.list, plan.campaign, db.clock.now())
        if db.is_sqlite:
            await session.execute(text(_SQLITE_CACHE))
        row, before = await _begin(session, source, plan, name or path.name, by, db)
    if before == DONE:
        return _told(row, notes, resumed=False, same=True)
    run = _Run(row, plan, Report(reports / f"{row.id}.csv"))
    run.report.start(behind=row.lines)
    reading = Reading(plan, layout, source.delimiter)
    try:
        async with _executor(source.size, processes) as executor:
            async for batch, parsed in _parsed(executor, reading, source, row.lines, processes):
                await _take(db, run, batch, parsed)
                if progress is not None:
                    share = min(1.0, batch.offset / max(1, source.size))
                    now = run.row
                    progress(Progress(now.lines, now.added, now.known, now.bad, share))
    except Exception as problem:
        await _end(db, run, FAILED, str(problem)[:500])
        raise
    await _end(db, run, DONE, "")
    return _told(run.row, notes, resumed=before != "", same=False)


async def _begin(
    session: AsyncSession, source: Source, plan: ImportPlan, name: str, by: str, db: Database
) -> tuple[ListImport, str]:
    """The import's row, and how an earlier one of the same file stands: '' when there is none."""
    query = (
        select(ListImport)
        .where(ListImport.list == plan.list, ListImport.digest == source.digest)
        .order_by(ListImport.started.desc())
    )
    for row in await session.scalars(query):
        if dict(row.mapping) == plan.kept():
            before = row.state
            if before != DONE:
                row.state, row.problem, row.finished = RUNNING, "", None
            return row, before
    row = ListImport(
        id=new_id("i"), list=plan.list, file=Path(name).name, digest=source.digest, mapping=plan.kept(),
        state=RUNNING, lines=0, added=0, known=0, bad=0, report="", by=by, started=db.clock.now(),
        finished=None, problem="",
    )  # fmt: skip
    session.add(row)
    return row, ""


async def _take(db: Database, run: _Run, batch: _Batch, parsed: Parsed) -> None:
    """One batch and how far the import is, in one transaction."""
    row = run.row
    what = f"longer than {LONGEST_LINE} characters: are its line ends missing, or a quote not closed?"
    run.report.add(sorted([*parsed.problems, *(Problem(each, "", what, "") for each in batch.too_long)]))
    async with db.write() as session:
        added = await take_in(session, run.plan, parsed.people, run.lanes, db.clock.now())
        changed = await session.merge(row)
        changed.lines = batch.last
        changed.added = row.added + added
        changed.known = row.known + len(parsed.people) - added
        changed.bad = row.bad + parsed.bad + len(batch.too_long)
        changed.report = run.report.name
    run.row = changed


async def _end(db: Database, run: _Run, state: str, problem: str) -> None:
    async with db.write() as session:
        changed = await session.merge(run.row)
        changed.state, changed.problem, changed.finished = state, problem, db.clock.now()


def _told(row: ListImport, notes: tuple[str, ...], *, resumed: bool, same: bool) -> ImportResult:
    return ImportResult(
        row.id, row.list, row.lines, row.added, row.known, row.bad, row.report, resumed, same, notes
    )


@asynccontextmanager
async def _executor(size: int, processes: int) -> AsyncIterator[Executor]:
    """Where lines are parsed. A process of its own is begun afresh: threads do not survive a fork."""
    executor: Executor
    if size < SMALL or processes < 1:
        executor = ThreadPoolExecutor(1, "parse")
    else:
        executor = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


async def _parsed(
    executor: Executor, reading: Reading, source: Source, behind: int, processes: int
) -> AsyncIterator[tuple[_Batch, Parsed]]:
    """Batches in order, with what their lines came to; some are parsed ahead."""
    loop = asyncio.get_running_loop()
    batches = _batches(source, behind)
    ahead: deque[tuple[_Batch, asyncio.Future[Parsed]]] = deque()
    try:
        while True:
            while len(ahead) < processes + 1:
                batch = await asyncio.to_thread(next, batches, None)
                if batch is None:
                    break
                ahead.append((batch, loop.run_in_executor(executor, parse, reading, batch.lines)))
            if not ahead:
                return
            batch, parsing = ahead.popleft()
            yield batch, await parsing
    finally:
        for _, parsing in ahead:
            parsing.cancel()


def _batches(source: Source, behind: int) -> Iterator[_Batch]:
    """The file's lines after its header and behind those that are done."""
    if not source.encoding:
        yield from _sheet_batches(source, behind)
        return
    found = records(text_lines(source.path, source.encoding))
    wanted = (line for line in found if line.number >= source.first and line.number > behind)
    while lines := list(islice(wanted, BATCH)):
        good = [Line(line.number, line.text) for line in lines if line.text is not None]
        too_long = [line.number for line in lines if line.text is None]
        yield _Batch(good, too_long, lines[-1].last, lines[-1].offset)


def _sheet_batches(source: Source, behind: int) -> Iterator[_Batch]:
    from dialer.lists.workbooks import sheet_rows  # noqa: PLC0415  (openpyxl takes half a second)

    wanted = (row for row in sheet_rows(source.path) if row.number >= source.first and row.number > behind)
    while rows := list(islice(wanted, BATCH)):
        yield _Batch(rows, [], rows[-1].number, 0)
