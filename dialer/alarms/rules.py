"""Thresholds: which figures may have one, how one is read, and the house's own to begin with. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dialer.models.alarms import Severity, Side
from dialer.readers import Setting, choice, flag, number, text
from values import BadInputError

LONGEST: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that is watched."""

    name: str
    unit: str
    """`share` from 0 to 1, `seconds`, or `count`."""
    words: str
    most: float = 1_000_000.0


FIGURES: Final[Mapping[str, Figure]] = {
    each.name: each
    for each in (
        Figure("campaign.abandonment", "share", "abandoned by the law's formula, in the law's window", 1.0),
        Figure("campaign.budget_used", "share", "abandonment divided by its limit", 10.0),
        Figure("campaign.utilisation", "share", "talk and wrap-up / staffed time, last five minutes", 1.0),
        Figure("campaign.waiting", "count", "persons who have no agent yet"),
        Figure("campaign.left", "count", "contacts not done yet"),
        Figure("queue.waiting", "count", "callers who wait"),
        Figure("queue.longest_wait", "seconds", "how long the first of them has waited"),
        Figure("queue.service_level", "share", "answered in time / offered", 1.0),
        Figure("agents.ready", "count", "agents who are free"),
        Figure("agents.paused", "share", "paused / signed in", 1.0),
        Figure("trunk.resting", "count", "1 while nothing starts on it: it refused too many calls"),
        Figure("trunk.used", "share", "lines in use / lines", 1.0),
    )
}

RULE_SETTINGS: Final[Mapping[str, Setting]] = {
    each.name: each
    for each in (
        Setting("figure", text, "what is watched"),
        Setting("subject", text, "the campaign, queue or trunk; empty: any"),
        Setting("side", choice(Side), "on which side it is alarming"),
        Setting("threshold", number(least=0), "the value; a share from 0 to 1"),
        Setting("seconds", number(least=0, most=LONGEST), "for how long it must hold"),
        Setting("severity", choice(Severity), "how loud it is"),
        Setting("enabled", flag, "whether it is watched"),
    )
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One rule as it is watched."""

    id: str
    figure: str
    side: Side
    threshold: float
    seconds: float = 0.0
    severity: Severity = Severity.WARNING
    subject: str = ""
    enabled: bool = True

    def crossed(self, value: float) -> bool:
        """Whether a value is alarming."""
        return value > self.threshold if self.side is Side.ABOVE else value < self.threshold


HOUSE_RULES: Final[Sequence[Threshold]] = (
    Threshold("house-abandonment", "campaign.budget_used", Side.ABOVE, 0.9, 10, Severity.WARNING),
    Threshold("house-abandonment-over", "campaign.budget_used", Side.ABOVE, 1.0, 0, Severity.CRITICAL),
    Threshold("house-utilisation", "campaign.utilisation", Side.BELOW, 0.5, 300, Severity.WARNING),
    Threshold("house-service", "queue.service_level", Side.BELOW, 0.7, 60, Severity.WARNING),
    Threshold("house-wait", "queue.longest_wait", Side.ABOVE, 120, 0, Severity.CRITICAL),
    Threshold("house-trunk", "trunk.resting", Side.ABOVE, 0, 0, Severity.CRITICAL),
)
"""What is watched until operations say otherwise."""


def read_rule(given: Mapping[str, Any], present: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A rule's settings from outside; with `present` only what is named changes.

    Raises `BadInputError` naming the field.
    """
    for name in given:
        if name not in RULE_SETTINGS:
            raise BadInputError(f"there are: {', '.join(RULE_SETTINGS)}", field=name)
    usual = {"subject": "", "side": "above", "seconds": 0.0, "severity": "warning", "enabled": True}
    known = dict(present) if present is not None else usual
    for name in ("figure", "threshold"):
        if name not in given and name not in known:
            raise BadInputError("this must be told", field=name)
    read = {name: RULE_SETTINGS[name].read(value) for name, value in (known | dict(given)).items()}
    figure = FIGURES.get(read["figure"])
    if figure is None:
        raise BadInputError(f"choose one of: {', '.join(FIGURES)}", field="figure")
    if read["threshold"] > figure.most:
        raise BadInputError(f"write at most {figure.most:g}", field="threshold")
    return read
