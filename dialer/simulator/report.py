"""What came of it as plain data, for JSON."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dialer.simulator.outlook import Forecast
from dialer.simulator.results import DayResult, ListResult, Summary
from dialer.simulator.scenario import Scenario

_DIGITS = 4


def as_document(scenario: Scenario, summaries: Sequence[Summary]) -> dict[str, Any]:
    """All contenders' days; shares are 0 … 1, times are seconds unless their name says otherwise."""
    return {
        "scenario": scenario.scenario,
        "hours": scenario.hours,
        "formula": scenario.campaign.formula.value,
        "max_abandon": scenario.campaign.max_abandon,
        "contenders": [as_figures(summary) | _days(summary) for summary in summaries],
    }


def as_figures(summary: Summary) -> dict[str, Any]:
    """One contender's figures, mean and worst day."""
    return {
        "name": summary.contender,
        "title": summary.title,
        "days": len(summary.days),
        "utilisation": {"mean": _short(summary.utilisation), "worst_day": _short(summary.worst_utilisation)},
        "abandonment": {
            "mean": _short(summary.abandonment),
            "worst_day": _short(summary.worst_abandonment),
            "worst_hour": _short(summary.worst_hour),
        },
        "talk_minutes_per_agent_hour": _short(summary.talk_minutes_per_agent_hour),
        "mean_idle": _short(summary.mean_idle),
        "placed": _short(summary.placed),
        "decision_milliseconds": _short(1000 * summary.decision_seconds),
    }


def as_forecast(forecast: Forecast) -> dict[str, Any]:
    """A forecast; None for what never ends. `list_end` is in hours."""
    return {
        "utilisation": _rounded(asdict(forecast.utilisation)),
        "abandonment": _rounded(asdict(forecast.abandonment)),
        "list_end": _rounded(asdict(forecast.list_end)) if forecast.list_end else None,
        "calls_per_hour": _short(forecast.calls_per_hour),
        "connected_per_hour": _short(forecast.connected_per_hour),
        "runs": forecast.runs,
    }


def _days(summary: Summary) -> dict[str, Any]:
    series = [_rounded(asdict(each)) for each in summary.days[0].series]
    return {"each_day": [_day(day) for day in summary.days], "series_of_first_day": series}


def _day(day: DayResult) -> dict[str, Any]:
    return {
        "seed": day.seed,
        "utilisation": _short(day.utilisation),
        "abandonment": _short(day.abandonment),
        "by_formula": _rounded(day.by_formula),
        "worst_hour": _short(day.worst_hour),
        "staffed_hours": _short(day.staffed_hours),
        "calls": asdict(day.counts),
        "inbound": _rounded(asdict(day.inbound)) if day.inbound else None,
        "list": _list(day.list) if day.list else None,
    }


def _list(found: ListResult) -> dict[str, Any]:
    figures = _rounded(asdict(found))
    return figures | {"ends_after_hours": figures.pop("ends")}


def _rounded(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _short(value) if isinstance(value, float) else value for name, value in figures.items()}


def _short(value: float) -> float | None:
    """Four digits; None for what is endless."""
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
