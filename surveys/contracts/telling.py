"""What is told of a partner's month. Of an indicator with too few answers neither value nor counts. Pure.

They stay with the month, so that it can be reckoned again: such an indicator scores 0 whatever they are.
"""

from collections.abc import Mapping
from typing import Any, Final

from surveys.contracts.reckoning import Why
from surveys.figures import Indicator

_WITHHELD: Final = {"n": None, "value": None, "low": None, "high": None}


def result_shown(result: Mapping[str, Any]) -> dict[str, Any]:
    """A month's result as it is kept (`settling.told`), as it is told."""
    parts = [part | _WITHHELD if _few(part) else part for part in result["indicators"]]
    return {**result, "indicators": parts}


def inputs_shown(inputs: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """The counts that a month was reckoned from, and the questions of which too few were answered."""
    few = {Indicator(part["indicator"]).definition.item for part in result["indicators"] if _few(part)}
    tallies = {item: counts for item, counts in inputs["tallies"].items() if item not in few}
    return {**inputs, "tallies": tallies, "too_few": sorted(few)}


def _few(part: Mapping[str, Any]) -> bool:
    return bool(part["why"] == Why.TOO_FEW)
