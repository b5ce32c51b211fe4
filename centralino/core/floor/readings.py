"""The floor's figures by the words that thresholds have for them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from dialer.alarms.watching import Reading

_CALLING = frozenset({"calling", "careful"})


def readings_of(told: Mapping[str, Any]) -> dict[Reading, float]:
    """What of a snapshot is compared with thresholds; what has no value is left out."""
    return {reading: float(value) for reading, value in _all(told) if isinstance(value, int | float)}


def _all(told: Mapping[str, Any]) -> Iterator[tuple[Reading, Any]]:
    for name, each in told["campaigns"].items():
        yield ("campaign.abandonment", name), each["abandonment"]
        if each["abandonment"] is not None and each["limit"]:
            yield ("campaign.budget_used", name), each["abandonment"] / each["limit"]
        if each["state"] in _CALLING:
            yield ("campaign.utilisation", name), each["utilisation"]
            yield ("campaign.left", name), each["left"]
        yield ("campaign.waiting", name), each["waiting"]
    for name, each in told["queues"].items():
        yield ("queue.waiting", name), each.get("waiting")
        yield ("queue.longest_wait", name), each.get("longest_wait")
        yield ("queue.service_level", name), each.get("service_level")
    house = told["house"]
    if house["signed_in"]:
        yield ("agents.ready", ""), house["ready"]
        yield ("agents.paused", ""), house["paused"] / house["signed_in"]
    for name, each in told["trunks"].items():
        yield ("trunk.resting", name), int(each["resting"])
        if each["enabled"] and each["lines"]:
            yield ("trunk.used", name), each["used"] / each["lines"]
