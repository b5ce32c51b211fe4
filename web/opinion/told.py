"""Opinions for programs: figures as JSON. Pure."""

from collections.abc import Sequence
from typing import Any

from surveys.figures import (
    BreakOff,
    Change,
    Dispositions,
    Estimate,
    Fieldwork,
    Figure,
    Indicator,
    Results,
    Row,
    Slope,
)


def results_told(found: Results) -> dict[str, Any]:
    """A table of figures. What is hidden has no value, and says why."""
    return {
        "by": found.asked.by,
        "from": found.asked.since,
        "to": found.asked.until,
        "dimension": found.asked.dimension,
        "path": list(found.asked.path),
        "confidence": found.asked.confidence,
        "least": found.asked.least,
        "comparisons": found.comparisons,
        "by_chance": round(found.by_chance, 2),
        "rows": [row_told(row) for row in found.rows],
        "totals": [row_told(row) for row in found.totals],
        "trends": [
            {"path": list(path), "indicator": each.value, **slope_told(line)}
            for (path, each), line in found.trends.items()
        ],
        "trend_of_all": {each.value: slope_told(line) for each, line in found.whole.items()},
    }


def slope_told(line: Slope) -> dict[str, Any]:
    """By how much a figure goes up or down each period, over all that are shown."""
    return {
        "a_period": round(line.value, 6),
        "low": round(line.low, 6),
        "high": round(line.high, 6),
        "p": round(line.p, 6),
        "significant": line.significant,
        "periods": line.periods,
    }


def row_told(row: Row) -> dict[str, Any]:
    """One row."""
    return {
        "period": row.period,
        "path": list(row.path),
        "figures": {each.value: figure_told(figure) for each, figure in row.figures.items()},
    }


def figure_told(figure: Figure) -> dict[str, Any]:
    """One figure; of those too few to be shown not even how many there are."""
    if figure.estimate is None:
        return {"shown": figure.shown, "n": None, "value": None}
    return {
        "shown": figure.shown,
        **estimate_told(figure.estimate),
        "change": _change_told(figure.change) if figure.change else None,
    }


def estimate_told(found: Estimate) -> dict[str, Any]:
    """A value with its interval."""
    return {
        "n": found.n,
        "value": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
    }


def fieldwork_told(found: Sequence[Fieldwork], left: Sequence[BreakOff]) -> dict[str, Any]:
    """How the asking went."""
    return {
        "rows": [
            {"period": each.period, "path": list(each.path), "total": each.total, **_rates(each.dispositions)}
            for each in found
        ],
        "break_offs": [
            {"item": each.item, "reached": each.reached, "broken": each.broken, "rate": each.rate}
            for each in left
        ],
    }


def indicators_told(indicators: Sequence[Indicator]) -> list[dict[str, Any]]:
    """What is published, and on which scale."""
    return [
        {
            "indicator": each.value,
            "item": each.definition.item,
            "unit": each.definition.unit,
            "least": each.definition.least,
            "most": each.definition.most,
        }
        for each in indicators
    ]


def _change_told(change: Change) -> dict[str, Any]:
    return {
        "difference": round(change.difference, 4),
        "low": round(change.low, 4),
        "high": round(change.high, 4),
        "p": round(change.p, 6),
        "significant": change.significant,
        "firm": change.firm,
    }


def _rates(found: Dispositions) -> dict[str, Any]:
    counts = {
        name: getattr(found, name)
        for name in (
            "complete", "partial", "refused", "no_contact", "other", "unknown", "ineligible", "pending",
        )
    }  # fmt: skip
    return {
        **counts,
        "response": found.response,
        "cooperation": found.cooperation,
        "refusal": found.refusal,
        "contact": found.contact,
    }
