"""Bars, the series on top of each other."""

from typing import Final

from reportlab.graphics.shapes import Drawing, Rect

from reports.definitions import Language
from reports.printed.booklet import Shape, Stacks
from reports.printed.drawing.frame import (
    INK,
    PAPER,
    SERIES,
    axis_of,
    below,
    legend,
    legend_height,
    rows,
    text,
    wide,
)
from reports.printed.numerals import marked, say

HEIGHT: Final = 138.0
_MOST_SUMS: Final = 16


def draw_stacks(chart: Stacks, width: float, language: Language) -> Drawing:
    """The chart, as wide as told, with each bar's sum above it."""
    names = [each.name for each in chart.series]
    top = legend_height(names, width)
    height = HEIGHT + top
    drawing = Drawing(width, height)
    sums = [sum(column) for column in zip(*(each.values for each in chart.series), strict=True)]
    axis = axis_of(sums, 0.0)
    written = marked(axis.marks, Shape.COUNT, language)
    left = max((wide(each) for each in written), default=0) + 8
    x, y, across, up = left, 18.0, width - left - 4, HEIGHT - 36
    rows(drawing, axis, (x, y, across, up), written)
    room = across / max(1, len(chart.labels))
    thick = min(34.0, room * 0.62)
    middles = [x + room * (number + 0.5) for number in range(len(chart.labels))]
    for place, middle in enumerate(middles):
        begin = 0.0
        for number, series in enumerate(chart.series):
            end = begin + series.values[place]
            low, high = y + axis.place(begin, up), y + axis.place(end, up)
            if high > low:
                colour = SERIES[number % len(SERIES)]
                drawing.add(
                    Rect(
                        middle - thick / 2,
                        low,
                        thick,
                        high - low,
                        fillColor=colour,
                        strokeColor=PAPER,
                        strokeWidth=0.5,
                    )
                )
            begin = end
        if sums[place] and len(sums) <= _MOST_SUMS:
            drawing.add(
                text(
                    middle,
                    y + axis.place(sums[place], up) + 3,
                    say(sums[place], Shape.COUNT, language),
                    size=6.5,
                    anchor="middle",
                    colour=INK,
                )
            )
    below(drawing, chart.labels, middles, 4, room)
    legend(drawing, names, left, height - 10, width - left, lines=False)
    return drawing
