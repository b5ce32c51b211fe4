"""A day as a picture: utilisation, abandonment and staff over the hours, a colour for each contender."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from PIL import Image, ImageDraw, ImageFont

from dialer.simulator.abandonment import share
from dialer.simulator.results import Slice, Summary
from dialer.simulator.scenario import Scenario
from dialer.simulator.tally import SLICE
from dialer.simulator.timeofday import written

_SIZE = (1200, 860)
_SCALE = 2
"""Drawn larger and made smaller, which smooths the lines."""
_LEFT, _RIGHT = 70, 30
_COLOURS = ("#0b62a4", "#d1495b", "#3a8f5c", "#e08e1b", "#7a4fa3", "#5a6572", "#c2559d", "#1aa3a3", "#8a6d3b")
_INK, _GRID, _LIMIT = "#222222", "#dddddd", "#c00000"
_HOUR = 12
"""Slices of an hour."""
_SMOOTHED = 6
"""Slices over which utilisation is averaged: half an hour."""
_TICKS = 4
_HEIGHTS = (0.04, 0.08, 0.12, 0.2, 0.28, 0.4)
"""Where the axis of abandonment may end; what is higher is cut off."""

Line = Sequence[float]


@dataclass(frozen=True, slots=True)
class _Panel:
    title: str
    top: int
    height: int
    most: float
    form: Callable[[float], str]
    lines: Sequence[Line]
    limit: float | None = None


def draw_days(scenario: Scenario, summaries: Sequence[Summary], path: Path) -> None:
    """Write a PNG of the mean of each contender's days."""
    image = Image.new("RGB", (_SIZE[0] * _SCALE, _SIZE[1] * _SCALE), "white")
    pen = _Pen(ImageDraw.Draw(image), scenario)
    pen.text((_LEFT, 14), scenario.scenario, size=18)
    for place, summary in enumerate(summaries):
        row, column = divmod(place, 5)
        pen.legend(
            _LEFT + column * 220,
            44 + row * 20,
            summary.title.replace("×", "x"),
            _COLOURS[place % len(_COLOURS)],
        )
    for panel in _panels(scenario, summaries):
        pen.panel(panel)
    image.resize(_SIZE, Image.Resampling.LANCZOS).save(path, format="PNG")


def _panels(scenario: Scenario, summaries: Sequence[Summary]) -> Sequence[_Panel]:
    limit = scenario.campaign.max_abandon
    abandoned = [_rolling(summary) for summary in summaries]
    highest = max(1.5 * limit, *(max(line) for line in abandoned))
    most = next((height for height in _HEIGHTS if height >= highest), _HEIGHTS[-1])
    staff = [[each.agents for each in summary.days[0].series] for summary in summaries[:1]]
    crowd = float(_TICKS * max(1, math.ceil(max(max(line) for line in staff) / _TICKS)))
    used = [_utilisation(summary) for summary in summaries]
    return [
        _Panel("utilisation, of the last half hour", 116, 250, 1.0, _percent, used),
        _Panel("abandoned, of the last hour's live answers", 414, 210, most, _percent, abandoned, limit),
        _Panel("agents signed in", 672, 140, crowd, lambda value: f"{value:.0f}", staff),
    ]


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _mean(summary: Summary, of: Callable[[Slice], float]) -> Line:
    return [fmean(of(each) for each in at) for at in zip(*(day.series for day in summary.days), strict=True)]


def _utilisation(summary: Summary) -> Line:
    staffed = _mean(summary, lambda each: each.agents)
    busy = _mean(summary, lambda each: each.agents * each.utilisation)
    parts = [slice(max(0, place - _SMOOTHED + 1), place + 1) for place in range(len(staffed))]
    return [share(sum(busy[part]), sum(staffed[part])) for part in parts]


def _rolling(summary: Summary) -> Line:
    abandoned = _mean(summary, lambda each: each.abandoned)
    connected = _mean(summary, lambda each: each.connected)
    line = []
    for place in range(len(abandoned)):
        hour = slice(max(0, place - _HOUR + 1), place + 1)
        lost = sum(abandoned[hour])
        line.append(share(lost, lost + sum(connected[hour])))
    return line


class _Pen:
    """Draws in the picture's own measures."""

    def __init__(self, draw: ImageDraw.ImageDraw, scenario: Scenario) -> None:
        self._draw = draw
        self._starts = scenario.starts
        self._seconds = scenario.seconds

    def text(self, at: tuple[float, float], words: str, *, size: int = 13, anchor: str = "la") -> None:
        font = ImageFont.load_default(size * _SCALE)
        self._draw.text((at[0] * _SCALE, at[1] * _SCALE), words, fill=_INK, font=font, anchor=anchor)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 1.0) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * _SCALE), joint="curve")

    def legend(self, x: float, y: float, words: str, colour: str) -> None:
        self.line([(x, y + 8), (x + 24, y + 8)], colour, 3)
        self.text((x + 30, y), words)

    def panel(self, panel: _Panel) -> None:
        bottom = panel.top + panel.height
        self.text((_LEFT, panel.top - 20), panel.title)
        for step in range(_TICKS + 1):
            value = panel.most * step / _TICKS
            y = bottom - panel.height * step / _TICKS
            self.line([(_LEFT, y), (_SIZE[0] - _RIGHT, y)], _GRID)
            self.text((_LEFT - 8, y), panel.form(value), anchor="rm")
        for hour in range(int(self._seconds // 3600) + 1):
            x = self._x(hour * 3600)
            self.line([(x, panel.top), (x, bottom)], _GRID)
            self.text((x, bottom + 4), written(self._starts + hour * 3600), anchor="ma")
        if panel.limit is not None:
            y = bottom - panel.height * panel.limit / panel.most
            self.line([(_LEFT, y), (_SIZE[0] - _RIGHT, y)], _LIMIT, 1.5)
        for place, line in reversed(list(enumerate(panel.lines))):  # the first, the dialler's own, on top
            points = [
                (self._x((at + 0.5) * SLICE), bottom - panel.height * min(1.0, value / panel.most))
                for at, value in enumerate(line)
            ]
            if len(points) > 1:
                self.line(points, _COLOURS[place % len(_COLOURS)], 1.5 if place else 3)

    def _x(self, seconds: float) -> float:
        width = _SIZE[0] - _LEFT - _RIGHT
        return _LEFT + width * min(1.0, seconds / self._seconds)
