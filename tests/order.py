"""Quick tests go first, so that what is plainly broken is told at once."""

import pytest

_ORDER = ("unit", "database", "asterisk", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by kind; within a kind the order stays."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, name in enumerate(_ORDER) if item.get_closest_marker(name)), len(_ORDER))
