"""Charts for paper: lines with bands, stacked bars, points with whiskers."""

from reports.printed.drawing.lines import draw_lines
from reports.printed.drawing.stacks import draw_stacks
from reports.printed.drawing.whiskers import draw_whiskers

__all__ = ["draw_lines", "draw_stacks", "draw_whiskers"]
