"""Sharing a sample among strata or quota cells. Pure."""

from collections.abc import Mapping
from fractions import Fraction

from values import BadInputError


def shared(total: int, sizes: Mapping[str, int], least: int = 0) -> Mapping[str, int]:
    """So many, shared in proportion to the strata's sizes by largest remainders, none above its size.

    Each stratum has at least `least` (or all it holds), also where that makes the whole larger. Ties go by
    name, so the same sizes are always shared alike.
    """
    if total < 0 or least < 0:
        raise BadInputError("write 0 or more", field="total" if total < 0 else "least")
    pinned: dict[str, int] = {}
    total = min(total, sum(sizes.values()))
    while True:
        free = {name: size for name, size in sizes.items() if name not in pinned}
        parts = _rounded(max(0, total - sum(pinned.values())), free)
        low = {name: min(least, size) for name, size in free.items() if parts[name] < min(least, size)}
        if not low:
            return pinned | parts
        pinned |= low


def _rounded(total: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """In proportion, by the largest remainder (Hamilton's way)."""
    whole = sum(sizes.values())
    exact = {name: Fraction(total * size, whole or 1) for name, size in sizes.items()}
    parts = {name: int(each) for name, each in exact.items()}
    missing = total - sum(parts.values()) if whole else 0
    for name in sorted(sizes, key=lambda name: (parts[name] - exact[name], name))[:missing]:
        parts[name] += 1
    return parts
