"""Sites side by side, ranked only where their intervals let them be told apart. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.figures.hiding import Path
from surveys.figures.indicators import Indicator
from surveys.figures.results import Figure, Results


@dataclass(frozen=True, slots=True)
class Mark:
    """One site's figure of one indicator, beside the others'."""

    figure: Figure
    best: int | None
    """The best place it can have; None when it is not shown."""
    worst: int | None
    """The worst one. The same as the best: its place is certain."""

    @property
    def rank(self) -> int | None:
        """Its place; None when that cannot be told."""
        return self.best if self.best == self.worst else None


@dataclass(frozen=True, slots=True)
class Site:
    """One line of the card."""

    path: Path
    marks: Mapping[Indicator, Mark]

    @property
    def name(self) -> str:
        """Whose it is."""
        return self.path[-1] if self.path else ""


def scorecard(results: Results, period: str) -> Sequence[Site]:
    """The rows of a period with their places.

    One is ahead of another when its whole interval is: intervals that overlap may hide the opposite order.
    """
    rows = [row for row in results.rows if row.period == period]
    marks: dict[Path, dict[Indicator, Mark]] = {row.path: {} for row in rows}
    for indicator in results.asked.indicators:
        shown = {row.path: row.figures[indicator].estimate for row in rows}
        known = {path: each for path, each in shown.items() if each}
        for row in rows:
            mine = known.get(row.path)
            if mine is None:
                marks[row.path][indicator] = Mark(row.figures[indicator], None, None)
                continue
            ahead = sum(each.low > mine.high for each in known.values())
            behind = sum(each.high < mine.low for each in known.values())
            marks[row.path][indicator] = Mark(row.figures[indicator], ahead + 1, len(known) - behind)
    return [Site(row.path, marks[row.path]) for row in rows]
