"""A telco for the tests of one module."""

from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest

from tests.rig import Loopback
from tests.sip import SipPhone
from tests.system.telco import Telco, running_telco

LAST_LINES = 25


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """When a story on a telco goes wrong, show what its parts wrote last: the telco itself is gone then."""
    report = yield
    telco = getattr(item, "funcargs", {}).get("telco")
    if report.failed and isinstance(telco, Telco):
        report.sections += [(f"last of {log.name}", _last(log)) for log in _logs(telco.home)]
    return report


def _logs(home: Path) -> list[Path]:
    return [*sorted((home / "log").glob("*.log")), *sorted(home.glob("asterisk/*/log/messages.log"))]


def _last(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:])


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    with running_telco(loopback) as running:
        yield running


@pytest.fixture
async def carrier(telco: Telco) -> AsyncIterator[SipPhone]:
    """The public network: rings the service number for anybody, and is rung for everybody."""
    async with SipPhone(telco.loopback.city, 5060) as phone:
        yield phone
