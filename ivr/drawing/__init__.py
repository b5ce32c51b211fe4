"""Flows as pictures: our own layered layout, written as SVG without scripts, in light and dark."""

from ivr.drawing.picture import StepCount, draw_flow
from ivr.drawing.style import STYLE

__all__ = ["STYLE", "StepCount", "draw_flow"]
