"""Figures as pages show them: numbers in the language's way, intervals as drawings. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports import Language
from reports.printed import Estimate as Printed
from reports.printed import Shape, say, span
from surveys.figures import By, Change, Dispositions, Figure, Indicator, Row, Shown, Slope, Unit

Say = Callable[..., str]
"""`t` of a language."""

SHAPES: Final[Mapping[Unit, Shape]] = {
    Unit.POINTS: Shape.SCORE,
    Unit.SHARE: Shape.SHARE,
    Unit.MARK: Shape.FINE,
}
WIDTH: Final = 120.0
"""Of a whisker's drawing."""
_ROOM: Final = 6.0


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in a table or on a tile."""

    text: str
    span: str
    """`27.1 – 35.0`; '' when it is hidden."""
    n: str
    hidden: bool
    why: str
    """Why it is hidden, in words."""
    low: float
    at: float
    high: float
    """Where the whisker's ends and its point lie, 0 to `WIDTH`."""
    turn: str
    """`up`, `down` or ''."""
    firm: bool
    """Whether the change holds when all comparisons are taken together."""
    turned: str
    """The change in words, as `+5.1 against the period before, …`."""


_HIDDEN: Final[Mapping[Shown, str]] = {
    Shown.NOBODY: "opinion.silent", Shown.FEW: "opinion.few", Shown.GUARD: "opinion.guard",
}  # fmt: skip


def hidden_words(figure: Figure, t: Say) -> str:
    """Why there is no figure, in the same words on pages and on paper."""
    return t(_HIDDEN[figure.shown])


def printed(figure: Figure, t: Say) -> Printed:
    """A figure for paper."""
    found = figure.estimate
    if found is None:
        return Printed(None, why=hidden_words(figure, t))
    return Printed(found.value, found.low, found.high, found.n)


def shape_of(indicator: Indicator) -> Shape:
    """How its numbers are written."""
    return SHAPES[indicator.definition.unit]


def scale_of(indicator: Indicator, rows: Iterable[Row]) -> tuple[float, float]:
    """The part of the indicator's scale that some rows take, the same for all of them."""
    how = indicator.definition
    found = [row.figures[indicator].estimate for row in rows if indicator in row.figures]
    ends = [end for each in found if each for end in (each.low, each.high)]
    low, high = min(ends, default=how.least), max(ends, default=how.most)
    room = max((high - low) * 0.08, (how.most - how.least) * 0.01)
    return max(how.least, low - room), min(how.most, high + room)


def cell(figure: Figure, scale: tuple[float, float], language: Language, t: Say) -> Cell:
    """A figure for a page."""
    found = figure.estimate
    if found is None:
        nobody = figure.shown is Shown.NOBODY
        text = hidden_words(figure, t)
        why = "" if nobody else t(f"opinion.shown_{figure.shown}", least=30)
        return Cell(text, "", "", not nobody, why, 0, 0, 0, "", firm=False, turned="")
    shape = shape_of(figure.indicator)
    low, at, high = (place(end, scale) for end in (found.low, found.value, found.high))
    turn, firm, turned = _turned(figure.change, shape, language, t)
    return Cell(
        say(found.value, shape, language),
        span(Printed(found.value, found.low, found.high), shape, language),
        say(found.n, Shape.COUNT, language),
        hidden=False,
        why="",
        low=low,
        at=at,
        high=high,
        turn=turn,
        firm=firm,
        turned=turned,
    )


def line_words(line: Slope | None, indicator: Indicator, by: By, language: Language, t: Say) -> str:
    """`Over 13 weeks: up by 0.4 a week (0.1 – 0.7).`; '' where there are too few figures for a line."""
    if line is None:
        return ""
    if not line.significant:
        return t(f"opinion.line_flat_{by}", count=line.periods)
    way = "up" if line.value > 0 else "down"
    shape = shape_of(indicator)
    low, high = sorted((abs(line.low), abs(line.high)))
    words = {
        "step": say(abs(line.value), shape, language).lstrip("+"),
        "span": span(Printed(abs(line.value), low, high), shape, language).replace("+", ""),
    }
    return t(f"opinion.line_{way}_{by}", count=line.periods, **words)


def place(value: float, scale: tuple[float, float]) -> float:
    """Where a value lies in a whisker's drawing."""
    low, high = scale
    part = 0.5 if high <= low else (min(max(value, low), high) - low) / (high - low)
    return round(_ROOM + part * (WIDTH - 2 * _ROOM), 1)


def share(value: float | None, language: Language, t: Say) -> str:
    """A share in per cent; `n/a` of nothing."""
    return say(value, Shape.SHARE, language, none=t("opinion.nobody"))


def added(found: Sequence[Dispositions]) -> Dispositions:
    """Several periods' together."""
    names = Dispositions.__dataclass_fields__
    return Dispositions(**{name: sum(getattr(each, name) for each in found) for name in names})


def period_name(period: str, t: Say, *, short: bool = False) -> str:
    """`week 48 of 2026`, `November 2026`; short: `W48`, `Nov`."""
    year, _, rest = period.partition("-")
    if rest.startswith("W"):
        key = "opinion.week_short" if short else "opinion.week_long"
        return t(key, week=int(rest[1:]), year=year)
    if short:
        return t(f"opinion.month_short_{int(rest)}")
    return f"{t(f'opinion.month_{int(rest)}')} {year}"


def drawn(
    rows: Sequence[tuple[str, Sequence[Row | None]]], indicators: Sequence[Indicator]
) -> list[dict[str, Any]]:
    """Series for the trend's drawing: value, ends, answers and whether it changed, for each period."""
    return [
        {
            "name": name,
            "figures": {
                indicator.value: [_point(row.figures.get(indicator)) if row else None for row in found]
                for indicator in indicators
            },
        }
        for name, found in rows
    ]


def _point(figure: Figure | None) -> list[Any] | None:
    if figure is None or figure.estimate is None:
        return None
    found = figure.estimate
    firm = bool(figure.change and figure.change.firm)
    return [round(found.value, 4), round(found.low, 4), round(found.high, 4), found.n, firm]


def _turned(change: Change | None, shape: Shape, language: Language, t: Say) -> tuple[str, bool, str]:
    if change is None or not (change.significant or change.firm):
        return "", False, ""
    by = say(abs(change.difference), shape, language).lstrip("+")
    turn = "up" if change.difference > 0 else "down"
    words = t(f"opinion.turned_{turn}", by=by)
    return turn, change.firm, words if change.firm else f"{words} {t('opinion.maybe_chance')}"
