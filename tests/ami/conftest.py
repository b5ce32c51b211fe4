from collections.abc import AsyncIterator

import pytest

from ami import Account, Gateway, Timings
from tests.ami.peer import Peer
from values import SystemClock

FAST = Timings(
    connect=2,
    action=5,
    booted=5,
    ping_every=60,
    ping=5,
    first_retry=0.001,
    last_retry=0.01,
    login_retry=0.01,
    settle=0.2,
)


def gateway_to(peer: Peer, timings: Timings = FAST) -> Gateway:
    return Gateway(
        Account("127.0.20.9", peer.port, "centralino", "very-secret"), SystemClock(), timings=timings
    )


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with Peer() as peer:
        yield peer


@pytest.fixture
async def gateway(peer: Peer) -> AsyncIterator[Gateway]:
    """Connected to the peer."""
    async with gateway_to(peer) as gateway:
        await gateway.ready(10)
        yield gateway
