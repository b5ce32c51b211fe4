"""After which talks a survey asks, and how many of them. Pure.

    after_call:
      share: 0.2                # of all talks; 1 is everybody
      shortest: 20              # seconds: a talk that was shorter is nothing to judge
      queues: {technical: adsl, billing: commercial}      # with the area each stands for
      campaigns: {traffic_alarm: voice}

stands in the survey's plan, beside `seed` and `targets`. `"*"` names all queues, or all campaigns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from values import BadInputError, no_such

KEY: Final = "after_call"
SHORTEST: Final = 20.0
"""Seconds of talk below which there is nothing to judge."""
ALL: Final = "*"
_LONGEST: Final = 3600.0
_KNOWN: Final = frozenset({"share", "shortest", "queues", "campaigns"})


@dataclass(frozen=True, slots=True)
class AfterCall:
    """A survey's word on it."""

    share: float = 1.0
    shortest: float = SHORTEST
    queues: Mapping[str, str] = field(default_factory=dict)
    """The area of each queue after whose talks it asks; '' the survey's own."""
    campaigns: Mapping[str, str] = field(default_factory=dict)

    def area(self, queue: str, campaign: str) -> str | None:
        """The area for which a talk counts; None when the survey does not ask after it."""
        kinds = ((queue, self.queues), (campaign, self.campaigns))
        for name, areas in kinds:
            if name:
                return areas.get(name, areas.get(ALL))
        return None


def read_after_call(plan: Mapping[str, Any]) -> AfterCall | None:
    """What a survey's plan says of it; None when nothing. Raises `BadInputError` naming the field."""
    given = plan.get(KEY)
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise BadInputError("write share, shortest, queues and campaigns", field=KEY)
    for name in given:
        if name not in _KNOWN:
            raise BadInputError(no_such(str(name), _KNOWN, "word here"), field=KEY)
    return AfterCall(
        share=_number(given, "share", 1.0, most=1.0),
        shortest=_number(given, "shortest", SHORTEST, most=_LONGEST),
        queues=_areas(given, "queues"),
        campaigns=_areas(given, "campaigns"),
    )


def cell_of(targets: Mapping[str, Any], area: str, site: str) -> str:
    """For which cell a talk counts: area and site, or the area alone where targets are for areas."""
    whole = f"{area}|{site}" if site else area
    return area if area in targets and whole not in targets else whole


def _number(given: Mapping[str, Any], name: str, usual: float, *, most: float) -> float:
    value = given.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise BadInputError(f"write a number from 0 to {most:g}", field=f"{KEY}.{name}")
    return float(value)


def _areas(given: Mapping[str, Any], name: str) -> Mapping[str, str]:
    value = given.get(name) or {}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return dict.fromkeys(value, "")
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
        raise BadInputError("write each name with its area, as in technical: adsl", field=f"{KEY}.{name}")
    return {str(each): area for each, area in value.items()}
