"""Quick tests go first, so that what is plainly broken is told at once; of the slow ones the slowest.

But the longest of all begins at once beside them: it mostly waits, and all others are over before it is.
"""

import pytest

_ORDER = {"unit": 0, "database": 1, "asterisk": 2, "browser": 2}
_LONGEST = 600.0
"""Seconds; who may take so long begins first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by kind, and within a kind by how long a test may take: no worker is left with it at the end.

    Otherwise the order stays.
    """
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> tuple[int, float]:
    timeout = item.get_closest_marker("timeout")
    seconds = float(timeout.args[0]) if timeout and timeout.args else 0.0
    if seconds > _LONGEST:
        return -1, -seconds
    kind = next((rank for name, rank in _ORDER.items() if item.get_closest_marker(name)), len(_ORDER))
    return kind, -seconds
