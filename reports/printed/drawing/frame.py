"""What every chart has: colours, an axis with round numbers, a legend that stays readable in grey."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics

from reports.printed.fonts import NAME

INK: Final = HexColor("#17212b")
SOFT: Final = HexColor("#556270")
FAINT: Final = HexColor("#dfe4e9")
SUNK: Final = HexColor("#f3f5f7")
PAPER: Final = HexColor("#ffffff")
BRAND: Final = HexColor("#0b6e63")
WARN: Final = HexColor("#93480a")
SERIES: Final = (
    BRAND,
    HexColor("#c07a2c"),
    HexColor("#3d6fb4"),
    HexColor("#8a5aa5"),
    HexColor("#7d8894"),
    HexColor("#a33b33"),
)
"""Their lightness differs, so that they can be told apart in grey."""
DASHES: Final[Sequence[Sequence[int] | None]] = (None, (6, 3), (2, 2), (8, 2, 2, 2), (4, 4), (1, 2))
SMALL: Final = 7.5
NOUGHT: Final = 1e-9
_LEGEND: Final = 13


@dataclass(frozen=True, slots=True)
class Axis:
    """A range with its round marks."""

    low: float
    high: float
    marks: Sequence[float]

    def place(self, value: float, size: float) -> float:
        """Where a value lies on so many points."""
        inside = min(max(value, self.low), self.high)
        return size * (inside - self.low) / (self.high - self.low)


def axis_of(
    values: Sequence[float], least: float | None = None, most: float | None = None, *, about: int = 5
) -> Axis:
    """An axis that holds all values, with about so many marks at round numbers."""
    low = min([*values, *([least] if least is not None else [])], default=0.0)
    high = max([*values, *([most] if most is not None else [])], default=1.0)
    if high - low < NOUGHT:  # all the same
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 2.5, 5, 10) if each * power >= rough * 0.999)
    first = low if least is not None and low == least else math.floor(low / step) * step
    last = high if most is not None and high == most else math.ceil(high / step - 1e-9) * step
    begin = math.ceil(first / step - 1e-9) * step
    marks = [begin + step * number for number in range(int((last - begin) / step + 1e-9) + 1)]
    return Axis(first, last, marks)


def text(
    x: float, y: float, words: str, *, size: float = SMALL, anchor: str = "start", colour: Color = SOFT
) -> String:
    """Words in a chart."""
    return String(x, y, words, fontName=NAME, fontSize=size, textAnchor=anchor, fillColor=colour)


def wide(words: str, size: float = SMALL) -> float:
    """How many points a text takes."""
    return float(pdfmetrics.stringWidth(words, NAME, size))


def fitting(words: str, most: float, size: float = SMALL) -> str:
    """A text that takes no more than so many points."""
    if wide(words, size) <= most:
        return words
    while words and wide(f"{words}…", size) > most:
        words = words[:-1]
    return f"{words.rstrip()}…"


def rows(
    drawing: Drawing, axis: Axis, box: tuple[float, float, float, float], written: Sequence[str]
) -> None:
    """Horizontal lines at an axis's marks, with their numbers to the left; `box` is x, y, width, height."""
    x, y, width, height = box
    for mark, words in zip(axis.marks, written, strict=True):
        at = y + axis.place(mark, height)
        strong = abs(mark) < NOUGHT and axis.low < 0  # the line of nought
        drawing.add(Line(x, at, x + width, at, strokeColor=SOFT if strong else FAINT, strokeWidth=0.6))
        drawing.add(text(x - 5, at - 2.6, words, anchor="end"))


def below(drawing: Drawing, labels: Sequence[str], places: Sequence[float], y: float, room: float) -> None:
    """Labels below a chart, as many as there is room for; the last always."""
    widest = max((wide(each) for each in labels), default=0) + 6
    every = max(1, math.ceil(widest / room)) if room else 1
    last = len(labels) - 1
    for number, (label, place) in enumerate(zip(labels, places, strict=True)):
        if (last - number) % every == 0:
            drawing.add(text(place, y, label, anchor="middle"))


def legend(drawing: Drawing, names: Sequence[str], x: float, y: float, width: float, *, lines: bool) -> None:
    """The names of the series, each with its colour and dash; wraps within the width."""
    at = x
    for number, name in enumerate(names):
        said = fitting(name, width - 20)
        if at > x and at + 20 + wide(said) > x + width:
            at, y = x, y - _LEGEND
        colour = SERIES[number % len(SERIES)]
        if lines:
            dash = DASHES[number % len(DASHES)]
            drawing.add(
                Line(at, y + 2.6, at + 15, y + 2.6, strokeColor=colour, strokeWidth=1.8, strokeDashArray=dash)
            )
        else:
            drawing.add(Rect(at + 4, y - 0.4, 8, 7, fillColor=colour, strokeColor=None))
        drawing.add(text(at + 19, y, said, colour=INK))
        at += 19 + wide(said) + 14


def legend_height(names: Sequence[str], width: float) -> float:
    """How high a legend is."""
    rows_needed, at = 1, 0.0
    for name in names:
        needed = 33 + wide(fitting(name, width - 20))
        if at and at + needed - 14 > width:
            rows_needed, at = rows_needed + 1, 0.0
        at += needed
    return rows_needed * _LEGEND if names else 0.0
