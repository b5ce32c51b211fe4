"""Monthly volumes as stacked bars: where each lies in the drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reports import Language
from reports.printed import Shape, say
from reports.printed.drawing.frame import axis_of

WIDTH: Final = 720.0
HEIGHT: Final = 230.0
LEFT: Final = 56.0
BOTTOM: Final = 24.0
TOP: Final = 18.0
_THICK: Final = 0.62


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a month's bar."""

    series: int
    x: float
    y: float
    width: float
    height: float
    said: str
    """`March: 12,345`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the axis, or a label."""

    at: float
    said: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole chart."""

    names: Sequence[str]
    bars: Sequence[Bar]
    rows: Sequence[Mark]
    """Heights of the axis's lines."""
    labels: Sequence[Mark]
    sums: Sequence[tuple[float, float, str]]
    """Above each bar, what it comes to."""
    words: str
    """For who cannot see it."""

    @property
    def right(self) -> float:
        """Where the lines end."""
        return WIDTH

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.bars


def draw(
    names: Sequence[str], labels: Sequence[str], columns: Sequence[Sequence[int]], language: Language
) -> Drawing:
    """Bars of so many series over months; `columns` by series, then month."""
    sums = [sum(column) for column in zip(*columns, strict=True)] if columns else []
    axis = axis_of([float(each) for each in sums], 0.0)
    across, up = WIDTH - LEFT, HEIGHT - BOTTOM - TOP
    room = across / max(1, len(labels))
    thick = room * _THICK

    def height(value: float) -> float:
        return axis.place(value, up)

    def count(value: float) -> str:
        return say(value, Shape.COUNT, language)

    bars = []
    for month, label in enumerate(labels):
        begun = 0.0
        for series, values in enumerate(columns):
            value = values[month]
            if value:
                low, high = height(begun), height(begun + value)
                x = LEFT + room * month + (room - thick) / 2
                y = TOP + up - high
                said = f"{names[series]}, {label}: {count(value)}"
                bars.append(
                    Bar(series, round(x, 1), round(y, 1), round(thick, 1), round(high - low, 1), said)
                )
            begun += value
    middles = [LEFT + room * (month + 0.5) for month in range(len(labels))]
    told = [
        (round(middles[month], 1), round(TOP + up - height(total) - 5, 1), count(total))
        for month, total in enumerate(sums)
        if total
    ]
    return Drawing(
        names,
        bars,
        [Mark(round(TOP + up - height(mark), 1), count(mark)) for mark in axis.marks],
        [Mark(round(at, 1), label) for at, label in zip(middles, labels, strict=True)],
        told,
        "; ".join(f"{label} {count(total)}" for label, total in zip(labels, sums, strict=True)),
    )
