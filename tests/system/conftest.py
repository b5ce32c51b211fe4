"""A telco for the tests of one module."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.rig import Loopback
from tests.sip import SipPhone
from tests.system.telco import Telco, running_telco


@pytest.fixture(scope="module")
def telco(loopback: Loopback) -> Iterator[Telco]:
    with running_telco(loopback) as running:
        yield running


@pytest.fixture
async def carrier(telco: Telco) -> AsyncIterator[SipPhone]:
    """The public network: rings the service number for anybody, and is rung for everybody."""
    async with SipPhone(telco.loopback.city, 5060) as phone:
        await telco.sees_its_carrier()
        yield phone
