"""Points with their intervals, below each other on one scale."""

from typing import Final

from reportlab.graphics.shapes import Circle, Drawing, Line

from reports.definitions import Language
from reports.printed.booklet import Whiskers, Words
from reports.printed.drawing.frame import BRAND, FAINT, INK, SOFT, WARN, axis_of, fitting, text, wide
from reports.printed.numerals import cell, marked

ROW: Final = 17.0
_LABELS: Final = 0.27
_FIGURES: Final = 0.24
"""How much of the width the names and the numbers take."""


def draw_whiskers(chart: Whiskers, width: float, language: Language, words: Words) -> Drawing:
    """The chart, as wide as told; those of whom too few were asked say so."""
    height = ROW * len(chart.rows) + 24
    drawing = Drawing(width, height)
    left, right = width * _LABELS, width * (1 - _FIGURES)
    across = right - left
    values = [
        end
        for row in chart.rows
        for end in (row.value.low, row.value.high, row.value.value)
        if end is not None
    ]
    if chart.target is not None:
        values.append(chart.target)
    axis = axis_of(values, chart.least, chart.most)
    for mark, written in zip(axis.marks, marked(axis.marks, chart.shape, language), strict=True):
        at = left + axis.place(mark, across)
        drawing.add(Line(at, 16, at, height - 4, strokeColor=FAINT, strokeWidth=0.6))
        drawing.add(text(at, 4, written, anchor="middle"))
    if chart.target is not None:
        at = left + axis.place(chart.target, across)
        drawing.add(Line(at, 16, at, height - 4, strokeColor=WARN, strokeWidth=1, strokeDashArray=(3, 2)))
    for number, row in enumerate(chart.rows):
        y = height - 4 - ROW * (number + 0.5)
        drawing.add(text(0, y - 2.8, fitting(row.label, left - 10, 8), size=8, colour=INK))
        told = cell(row.value, chart.shape, language, words)
        size = 8 if wide(told, 8) < width - right - 6 else 7
        few = row.value.value is None
        drawing.add(text(width, y - 2.8, told, size=size, anchor="end", colour=SOFT if few else INK))
        if row.value.value is None:
            continue
        at = left + axis.place(row.value.value, across)
        if row.value.low is not None and row.value.high is not None:
            low, high = (left + axis.place(end, across) for end in (row.value.low, row.value.high))
            drawing.add(Line(low, y, high, y, strokeColor=BRAND, strokeWidth=1.3))
            for end in (low, high):
                drawing.add(Line(end, y - 3, end, y + 3, strokeColor=BRAND, strokeWidth=1.3))
        drawing.add(Circle(at, y, 2.7, fillColor=BRAND, strokeColor=None))
    return drawing
