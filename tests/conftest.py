"""Fixtures every test may ask for; each family lives in a module of its own."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from store import asking, live

settings.register_profile("house", deadline=None)  # speed belongs in bench/
settings.load_profile("house")

pytest_plugins = ["tests.databases", "tests.order", "tests.rig"]


@pytest.fixture(autouse=True)
def _patient_with_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine nobody may have their turn for a second or two, and is not away for that."""
    monkeypatch.setattr(live, "ANSWER_SECONDS", 10.0)
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 10.0)


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """A command that sets up logging does so for its own test only."""
    before = structlog.get_config().copy()
    yield
    if structlog.get_config() != before:
        structlog.configure(**before)
