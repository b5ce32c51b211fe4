"""Figures as people read them on a terminal, and as JSON."""

from typing import Any

from surveys.figures import Estimate, Figure, Indicator, Shown, Slope, Unit

NOTHING = "n/a"
WORDS = {Shown.NOBODY: "no answers", Shown.FEW: "too few answers", Shown.GUARD: "held back"}
"""In place of a figure: the same words as on pages and on paper."""


def figure_words(figure: Figure) -> str:
    """`84.0 % (71.5 to 91.7) n=50 ▲`: value, interval, answers, and whether it has changed."""
    if figure.estimate is None:
        return WORDS[figure.shown]
    how, found = figure.indicator.definition.unit, figure.estimate
    interval = f"{_bare(how, found.low)} to {_bare(how, found.high)}"
    return f"{value_words(how, found.value)} ({interval}) n={found.n}{_arrow(figure)}"


def value_words(unit: Unit, value: float | None) -> str:
    """A value with its unit."""
    if value is None:
        return NOTHING
    return f"{_bare(unit, value)}{' %' if unit is Unit.SHARE else ''}"


def share_words(share: float | None) -> str:
    """A share as per cent."""
    return value_words(Unit.SHARE, share)


def figure_told(figure: Figure) -> dict[str, Any]:
    """A figure for programs."""
    change = figure.change
    return {
        "shown": figure.shown.value,
        "n": None if figure.shown in {Shown.FEW, Shown.GUARD} else figure.n,
        **(_told(figure.estimate) if figure.estimate else {}),
        **(
            {
                "change": {
                    "difference": change.difference,
                    "low": change.low,
                    "high": change.high,
                    "p": change.p,
                    "significant": change.significant,
                    "firm": change.firm,
                }
            }
            if change
            else {}
        ),
    }


def slope_words(indicator: Indicator, line: Slope | None) -> str:
    """`▼ -0.4 (-0.7 to -0.1)`: by how much it goes up or down each period."""
    if line is None:
        return NOTHING
    how = indicator.definition.unit
    arrow = ("▲ " if line.value > 0 else "▼ ") if line.significant else ""
    return f"{arrow}{value_words(how, line.value)} ({_bare(how, line.low)} to {_bare(how, line.high)})"


def slope_told(line: Slope) -> dict[str, Any]:
    """The same for programs."""
    return {
        "a_period": line.value,
        "low": line.low,
        "high": line.high,
        "p": line.p,
        "significant": line.significant,
        "periods": line.periods,
    }


def indicator_head(indicator: Indicator) -> str:
    """Its name and unit."""
    return f"{indicator.value} ({indicator.definition.unit.value})"


def _told(found: Estimate) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "effective_n": found.worth}


def _bare(unit: Unit, value: float) -> str:
    if unit is Unit.MARK:
        return f"{value:z.2f}"
    return f"{100 * value:z.1f}" if unit is Unit.SHARE else f"{value:z.1f}"


def _arrow(figure: Figure) -> str:
    change = figure.change
    if change is None or not change.significant:
        return ""
    arrow = "▲" if change.difference > 0 else "▼"
    return f" {arrow}{arrow}" if change.firm else f" {arrow}"
