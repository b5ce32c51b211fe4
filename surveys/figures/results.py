"""A table of figures from counted answers. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from surveys.figures.crossing import crossed
from surveys.figures.estimates import Estimate, estimate
from surveys.figures.hiding import Path, hidden
from surveys.figures.indicators import Indicator
from surveys.figures.questions import Question
from surveys.figures.tallies import Tally
from surveys.figures.trend import Change, Slope, change, firm, slope

Cells = Mapping[tuple[str, Path, str, str], Tally]
"""By period, row, area and item. The area is '' where the question is about all of them together."""


class Shown(StrEnum):
    """Whether a figure is shown, and why not."""

    YES = "yes"
    NOBODY = "nobody"
    """There is no answer: n/a."""
    FEW = "few"
    """There are too few answers."""
    GUARD = "guard"
    """It would give away another's that are too few."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one row."""

    indicator: Indicator
    shown: Shown
    n: int
    """Answers, also of a hidden one."""
    estimate: Estimate | None
    """None when it is not shown."""
    change: Change | None = None
    """Against the period before; None unless both are shown."""

    @property
    def value(self) -> float | None:
        """The value in the indicator's unit; None when it is not shown."""
        return self.estimate.value if self.estimate else None


@dataclass(frozen=True, slots=True)
class Row:
    """One period of one site, partner, team, agent, area or region; or of all together."""

    period: str
    path: Path
    """As `Question.path` names its parts: partner, site, team."""
    figures: Mapping[Indicator, Figure]
    total: bool = False

    @property
    def name(self) -> str:
        """Whose it is; '' for all together, and for who belongs to none."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Results:
    """A table of figures."""

    asked: Question
    periods: Sequence[str]
    rows: Sequence[Row]
    """In the periods' order, in each by name."""
    totals: Sequence[Row]
    """One a period."""
    comparisons: int
    """How many changes were tested."""
    by_chance: float
    """How many of them chance alone would call significant: reason not to make much of a single one."""
    trends: Mapping[tuple[Path, Indicator], Slope]
    """The line through each row's figures, by its path, where there are enough of them."""
    whole: Mapping[Indicator, Slope]
    """The same of all together."""


def results_of(asked: Question, cells: Cells) -> Results:
    """The table: estimates with intervals, small cells hidden, changes tested."""
    rows: list[Row] = []
    totals: list[Row] = []
    by_period: dict[str, dict[tuple[Path, str, str], Tally]] = defaultdict(dict)
    for (period, path, area, item), tally in cells.items():
        by_period[period][path, area, item] = tally
    for period in asked.periods:
        figures, whole = _period(asked, by_period[period])
        rows += [Row(period, path, found) for path, found in sorted(figures.items())]
        totals.append(Row(period, (), whole, total=True))
    parted = bool(asked.path)
    every = _compared([*rows, *totals] if parted else totals, asked)
    tested = [f.change for row in every for f in row.figures.values() if f.change]
    return Results(
        asked,
        asked.periods,
        [row for row in every if not row.total],
        [row for row in every if row.total],
        len(tested),
        len(tested) * (1 - asked.confidence),
        {key[1:]: line for key, line in _lines(rows, asked).items()},
        {key[2]: line for key, line in _lines(totals, asked).items()},
    )


def pooled(asked: Question, cells: Cells) -> tuple[Results, Cells]:
    """The table of all periods together, under the last one's name, and the answers that it is made of."""
    parts: dict[tuple[str, Path, str, str], list[Tally]] = defaultdict(list)
    for (_, path, area, item), tally in cells.items():
        parts[asked.until, path, area, item].append(tally)
    together = {key: Tally.together(tallies) for key, tallies in parts.items()}
    return results_of(replace(asked, since=asked.until), together), together


def _period(
    asked: Question, here: Mapping[tuple[Path, str, str], Tally]
) -> tuple[Mapping[Path, Mapping[Indicator, Figure]], Mapping[Indicator, Figure]]:
    """A period's rows and its sum."""
    by_item: dict[str, dict[tuple[Path, str], Tally]] = defaultdict(dict)
    for (path, area, item), tally in here.items():
        by_item[item][path, area] = tally
    found: dict[Path, dict[Indicator, Figure]] = defaultdict(dict)
    whole: dict[Indicator, Figure] = {}
    for indicator in asked.indicators:
        how = indicator.definition
        tallies = {key: tally.within(how.low, how.high) for key, tally in by_item.get(how.item, {}).items()}
        away, sum_away = _away(asked, {key: tally.n for key, tally in tallies.items()})
        mine = {path: tally for (path, area), tally in tallies.items() if area == asked.area}
        for path, tally in mine.items():
            found[path][indicator] = _figure(asked, indicator, tally, guarded=path in away)
        together = Tally.together(mine[path] for path in sorted(mine))
        whole[indicator] = _figure(asked, indicator, together, guarded=sum_away)
    for figures in found.values():
        for indicator in asked.indicators:
            figures.setdefault(indicator, Figure(indicator, Shown.NOBODY, 0, None))
    return found, whole


def _away(asked: Question, sizes: Mapping[tuple[Path, str], int]) -> tuple[set[Path], bool]:
    """The rows not to be shown, and whether their sum is not either."""
    if not asked.area:
        away = hidden({path: n for (path, _), n in sizes.items()}, asked.least)
        return set(away), () in away
    cross = crossed(sizes, asked.least)
    areas = hidden({(area, *path): n for (path, area), n in sizes.items()}, asked.least)
    return {path for path, area in cross if area == asked.area}, bool({(asked.area,), ()} & areas)


def _figure(asked: Question, indicator: Indicator, tally: Tally, *, guarded: bool) -> Figure:
    n = tally.n
    if n == 0:
        return Figure(indicator, Shown.NOBODY, 0, None)
    if n < asked.least:
        return Figure(indicator, Shown.FEW, n, None)
    if guarded:
        return Figure(indicator, Shown.GUARD, n, None)
    return Figure(indicator, Shown.YES, n, estimate(indicator, tally, asked.confidence))


def _lines(rows: Sequence[Row], asked: Question) -> Mapping[tuple[bool, Path, Indicator], Slope]:
    """The line through each row's figures."""
    places = {period: place for place, period in enumerate(asked.periods)}
    points: dict[tuple[bool, Path, Indicator], list[tuple[int, Estimate]]] = defaultdict(list)
    for row in rows:
        for indicator, figure in row.figures.items():
            if figure.estimate:
                points[row.total, row.path, indicator].append((places[row.period], figure.estimate))
    lines = {key: slope(found, asked.confidence) for key, found in points.items()}
    return {key: line for key, line in lines.items() if line}


def _compared(rows: Sequence[Row], asked: Question) -> Sequence[Row]:
    """Each row's figures against those of the period before, firm ones marked."""
    before = dict(zip(asked.periods[1:], asked.periods, strict=False))
    known = {(row.period, row.path, row.total): row for row in rows}
    changes: dict[tuple[int, Indicator], Change] = {}
    for place, row in enumerate(rows):
        earlier = known.get((before.get(row.period, ""), row.path, row.total))
        for indicator, figure in row.figures.items():
            old = earlier.figures[indicator].estimate if earlier else None
            if old and figure.estimate:
                changes[place, indicator] = change(old, figure.estimate, asked.confidence)
    held = firm([each.p for each in changes.values()], asked.confidence)
    told = {key: replace(each, firm=holds) for (key, each), holds in zip(changes.items(), held, strict=True)}
    figures = [dict(row.figures) for row in rows]
    for (place, indicator), each in told.items():
        figures[place][indicator] = replace(figures[place][indicator], change=each)
    return [replace(row, figures=mine) for row, mine in zip(rows, figures, strict=True)]
