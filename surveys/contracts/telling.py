"""What is told of a partner's month. Of an indicator with too few answers neither value nor counts. Pure.

They stay with the month, so that it can be reckoned again: such an indicator scores 0 whatever they are.
Nor is it told of one that is held back (`guarding.held_back`) to whoever neither settles months nor speaks
for the partner; its score is, as the money is made of it.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from surveys.contracts.reckoning import Why
from surveys.figures import Indicator

_WITHHELD: Final = {"n": None, "value": None, "low": None, "high": None}


def result_shown(result: Mapping[str, Any], held: Collection[Indicator] = ()) -> dict[str, Any]:
    """A month's result as it is kept (`settling.told`), as it is told; without what is held back."""
    parts = [
        part | _WITHHELD if _few(part) or part["indicator"] in held else part for part in result["indicators"]
    ]
    return {**result, "indicators": parts}


def inputs_shown(
    inputs: Mapping[str, Any], result: Mapping[str, Any], held: Collection[Indicator] = ()
) -> dict[str, Any]:
    """The counts that a month was reckoned from, and the questions whose counts are not told."""
    few = {Indicator(part["indicator"]).definition.item for part in result["indicators"] if _few(part)}
    back = {each.definition.item for each in held} - few
    tallies = {item: counts for item, counts in inputs["tallies"].items() if item not in few | back}
    return {**inputs, "tallies": tallies, "too_few": sorted(few), "held_back": sorted(back)}


def _few(part: Mapping[str, Any]) -> bool:
    return bool(part["why"] == Why.TOO_FEW)
