"""Attempts into a file: CSV, or Parquet where the optional extra is installed."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from dialer.results import cells
from dialer.results.records import AttemptFilter, row_of, stream
from store import AuditNote, Database, note_audit
from values import BadInputError, CentralinoError, Clock

Rows = Sequence[Mapping[str, Any]]


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    PARQUET = "parquet"


class NoParquetError(CentralinoError):
    """Parquet needs pyarrow, which is not installed: install the optional extra `parquet`, or write CSV."""

    error_id = "no-parquet"


class ExportFile(Protocol):
    """A file that takes rows."""

    def write(self, rows: Rows) -> None:
        """Write some more."""
        ...

    def close(self) -> None:
        """Finish it."""
        ...


async def rows(db: Database, wanted: AttemptFilter, *, numbers: bool) -> AsyncIterator[Rows]:
    """The attempts as rows, some at a time."""
    async for part in stream(db, wanted):
        yield [row_of(each, numbers=numbers) for each in part]


async def note_export(db: Database, clock: Clock, wanted: AttemptFilter, *, by: str) -> None:
    """Write down who sees whole numbers or takes them out of the house, before the first is shown."""
    note = AuditNote(at=clock.now(), by=by, what="exported", about=f"attempts of {wanted.campaign or 'all'}")
    async with db.write() as session:
        await note_audit(session, [note])


async def export(
    db: Database,
    clock: Clock,
    wanted: AttemptFilter,
    target: Path,
    form: Format = Format.CSV,
    *,
    numbers: bool = False,
    by: str = "",
) -> int:
    """Write attempts into a file that only its owner may read; how many there were.

    The file appears when it is whole. Memory does not grow with it. Whole telephone numbers leave an audit
    note. Raises `NoParquetError`, and `BadInputError` where no file can be written.
    """
    half = target.with_name(f".{target.name}.part")
    try:
        half.unlink(missing_ok=True)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.close(descriptor)
    except OSError as problem:
        raise BadInputError(f"cannot be written: {problem.strerror}", field=str(target)) from problem
    written = 0
    try:
        with _Opened(half, form) as file:
            if numbers:
                await note_export(db, clock, wanted, by=by)
            async for part in rows(db, wanted, numbers=numbers):
                await asyncio.to_thread(file.write, part)
                written += len(part)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
    return written


class _Opened:
    def __init__(self, path: Path, form: Format) -> None:
        if form is Format.PARQUET:
            from dialer.results.parquet import ParquetFile  # noqa: PLC0415  (an optional extra, 40 MB)

            self._file: ExportFile = ParquetFile(path)
        else:
            self._file = CsvFile(path)

    def __enter__(self) -> ExportFile:
        return self._file

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


class CsvFile:
    """A CSV file with its header."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(cells.header())

    def write(self, rows: Rows) -> None:
        """Write some more lines."""
        self._file.write(cells.lines(rows))

    def close(self) -> None:
        """Finish it."""
        self._file.close()
