"""Lines over time with the band of their intervals; points that changed significantly are ringed."""

from collections.abc import Sequence
from typing import Final

from reportlab.graphics.shapes import Circle, Drawing, Polygon, PolyLine
from reportlab.lib.colors import Color

from reports.definitions import Language
from reports.printed.booklet import Line, Lines
from reports.printed.drawing.frame import (
    DASHES,
    PAPER,
    SERIES,
    Axis,
    axis_of,
    below,
    legend,
    legend_height,
    rows,
    wide,
)
from reports.printed.numerals import marked

HEIGHT: Final = 136.0
_MOST_BANDS: Final = 2
"""With more lines than these the bands would cover each other; tables still hold the intervals."""


def draw_lines(chart: Lines, width: float, language: Language) -> Drawing:
    """The chart, as wide as told."""
    top = legend_height([each.name for each in chart.series], width)
    height = HEIGHT + top
    drawing = Drawing(width, height)
    axis = axis_of(_values(chart), chart.least, chart.most)
    written = marked(axis.marks, chart.shape, language)
    left = max((wide(each) for each in written), default=0) + 8
    box = (left, 18.0, width - left - 8, HEIGHT - 30)
    rows(drawing, axis, box, written)
    places = _places(len(chart.labels), box[0], box[2])
    room = box[2] / max(1, len(chart.labels) - 1)
    below(drawing, chart.labels, places, 4, room)
    bands = len(chart.series) <= _MOST_BANDS
    for number, series in enumerate(chart.series):
        if bands:
            _band(drawing, series, axis, places, box, SERIES[number % len(SERIES)])
    for number, series in enumerate(chart.series):
        _line(drawing, series, axis, places, box, number)
    legend(drawing, [each.name for each in chart.series], left, height - 10, width - left, lines=True)
    return drawing


def _values(chart: Lines) -> list[float]:
    bands = len(chart.series) <= _MOST_BANDS
    found: list[float] = []
    for series in chart.series:
        for each in series.values:
            if each.value is None:
                continue
            found.append(each.value)
            found += [end for end in (each.low, each.high) if bands and end is not None]
    return found


def _places(count: int, x: float, width: float) -> list[float]:
    if count == 1:
        return [x + width / 2]
    return [x + 4 + (width - 8) * number / (count - 1) for number in range(count)]


def _runs(values: Sequence[bool]) -> list[list[int]]:
    """Neighbours that are there, together."""
    found: list[list[int]] = [[]]
    for number, there in enumerate(values):
        if there:
            found[-1].append(number)
        elif found[-1]:
            found.append([])
    return [each for each in found if each]


def _band(
    drawing: Drawing, series: Line, axis: Axis, places: Sequence[float],
    box: tuple[float, float, float, float], colour: Color,
) -> None:  # fmt: skip
    _, y, _, height = box
    pale = Color(colour.red, colour.green, colour.blue, alpha=0.14)
    there = [
        each.value is not None and each.low is not None and each.high is not None for each in series.values
    ]
    for run in _runs(there):
        above = [(places[at], y + axis.place(series.values[at].high or 0.0, height)) for at in run]
        under = [(places[at], y + axis.place(series.values[at].low or 0.0, height)) for at in reversed(run)]
        drawing.add(
            Polygon([end for pair in (*above, *under) for end in pair], fillColor=pale, strokeColor=None)
        )


def _line(
    drawing: Drawing, series: Line, axis: Axis, places: Sequence[float],
    box: tuple[float, float, float, float], number: int,
) -> None:  # fmt: skip
    _, y, _, height = box
    colour, dash = SERIES[number % len(SERIES)], DASHES[number % len(DASHES)]
    for run in _runs([each.value is not None for each in series.values]):
        points = [(places[at], y + axis.place(series.values[at].value or 0.0, height)) for at in run]
        flat = [end for pair in points for end in pair]
        if len(points) > 1:
            drawing.add(PolyLine(flat, strokeColor=colour, strokeWidth=1.6, strokeDashArray=dash))
        for at, (x, up) in zip(run, points, strict=True):
            if at in series.marked:
                drawing.add(Circle(x, up, 3.4, fillColor=PAPER, strokeColor=colour, strokeWidth=1.6))
            else:
                drawing.add(Circle(x, up, 1.6, fillColor=colour, strokeColor=None))
