"""Attempts as a Parquet file; imported only when one is wanted, since pyarrow is an optional extra."""

from pathlib import Path
from typing import Any

from dialer.results.export import NoParquetError, Rows
from dialer.results.records import COLUMNS, TIMES

try:
    import pyarrow as pa  # type: ignore[import-not-found,unused-ignore]
    from pyarrow import parquet  # type: ignore[import-not-found,unused-ignore]
except ImportError as problem:
    raise NoParquetError from problem

_KINDS: dict[str, Any] = {
    **dict.fromkeys(COLUMNS, pa.string()),
    **dict.fromkeys(TIMES, pa.timestamp("us", tz="UTC")),
    "ring_seconds": pa.float64(),
    "talk_seconds": pa.float64(),
    "goal": pa.bool_(),
    "cause": pa.int32(),
    "cost": pa.int64(),
}


class ParquetFile:
    """One row group for each part that is written."""

    def __init__(self, path: Path) -> None:
        self._schema = pa.schema([(name, _KINDS[name]) for name in COLUMNS])
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Rows) -> None:
        """Write some more rows."""
        self._writer.write_table(pa.Table.from_pylist([dict(row) for row in rows], self._schema))

    def close(self) -> None:
        """Finish it."""
        self._writer.close()
