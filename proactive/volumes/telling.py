"""Figures as JSON has them."""

from typing import Any

from proactive.volumes.figures import Effect, Volume, Volumes, share


def volumes_told(found: Volumes) -> dict[str, Any]:
    """A period's figures; shares from 0 to 1, null where there is nothing to have a share of."""
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "zone": found.zone,
        "months": list(found.months),
        "volumes": [_volume(each) for each in found.volumes],
        "effects": [_effect(each) for each in found.effects],
    }


def _volume(each: Volume) -> dict[str, Any]:
    return {
        "process": each.process,
        "month": each.month,
        "contacts": each.contacts,
        "taken_back": each.taken_back,
        "open": each.open,
        "settled": each.settled,
        "attempts": each.attempts,
        "reached": each.reached,
        "understood": each.understood,
        "reach_rate": each.reach_rate,
        "understood_rate": each.understood_rate,
    }


def _effect(each: Effect) -> dict[str, Any]:
    less = each.difference
    return {
        "process": each.process,
        "called": each.called,
        "called_again": each.called_again,
        "called_rate": share(each.called_again, each.called),
        "control": each.control,
        "control_again": each.control_again,
        "control_rate": share(each.control_again, each.control),
        "difference": less.value if less else None,
        "low": less.low if less else None,
        "high": less.high if less else None,
        "certain": less.certain if less else None,
    }
