"""Quick tests go first, so that what is plainly broken is told at once; of the slow ones the slowest."""

import pytest

_ORDER = ("unit", "database", "asterisk", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by kind, and within a kind by how long a test may take: no worker is left with it at the end.

    Otherwise the order stays.
    """
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> tuple[int, float]:
    kind = next((rank for rank, name in enumerate(_ORDER) if item.get_closest_marker(name)), len(_ORDER))
    timeout = item.get_closest_marker("timeout")
    return kind, -float(timeout.args[0]) if timeout and timeout.args else 0.0
