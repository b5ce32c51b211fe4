"""The error report: what is wrong with which line, as a file that opens in a spreadsheet."""

import csv
from collections.abc import Sequence
from pathlib import Path

from dialer.lists.plan import Problem
from dialer.results.cells import cell

HEADER = ("line", "column", "what is wrong", "value")


class Report:
    """A report that grows with its import. `path` is made with the first problem."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def start(self, *, behind: int) -> None:
        """Begin, or go on behind so many lines after an interruption: what was told of later ones goes."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            kept = [row for row in csv.reader(file) if row and row[0].isdigit() and int(row[0]) <= behind]
        self.path.unlink()
        if kept:
            self._write(kept)

    def add(self, problems: Sequence[Problem]) -> None:
        """Tell of these lines."""
        if problems:
            self._write(
                [[str(each.line), *map(cell, (each.column, each.what, each.value))] for each in problems]
            )

    @property
    def name(self) -> str:
        """The file's name; '' while there is nothing to report."""
        return self.path.name if self.path.exists() else ""

    def _write(self, rows: Sequence[Sequence[str]]) -> None:
        fresh = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8-sig" if fresh else "utf-8", newline="") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(HEADER)
            writer.writerows(rows)
