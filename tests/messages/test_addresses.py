"""Messages never go where they could knock at our own doors."""

import base64
import socket

import pytest

from messages.webhooks import Addresses, Sender
from messages.webhooks.addresses import ForbiddenAddressError, OpenOnly
from messages.webhooks.patience import WAITS, next_try
from messages.webhooks.signing import fresh_secret, signature
from tests.dialer.results.samples import NINE
from values import BadInputError

pytestmark = pytest.mark.unit

INSIDE = [
    "https://127.0.0.1/", "https://10.0.0.8/", "https://192.168.1.1:8443/x", "https://169.254.169.254/latest",
    "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://0.0.0.0/", "https://224.0.0.1/", "https://[fe80::1]/", "https://100.64.0.1/",
]  # fmt: skip
NONSENSE = [
    "", "example.com", "ftp://example.com/", "https://", "https://user:secret@example.com/",
    "https://example.com/#a", "http://example.com/", "https://example.com:99999/", "https://[::1",
    "https://" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("url", [*INSIDE, *NONSENSE])
def test_addresses_that_are_refused_when_they_are_typed(url: str) -> None:
    with pytest.raises(BadInputError, match="url"):
        Addresses().check(url)


def test_public_ones_and_named_networks_are_open() -> None:
    assert Addresses().check("https://example.com/hook?a=1") == "https://example.com/hook?a=1"
    assert Addresses().check("https://93.184.216.34/") == "https://93.184.216.34/"
    within = Addresses(["10.1.0.0/16"])
    assert within.check("http://10.1.2.3:8080/hook")
    with pytest.raises(BadInputError):
        within.check("https://10.2.0.1/")
    with pytest.raises(BadInputError, match="webhook_networks"):
        Addresses(["10.1.0.0/99"])


@pytest.mark.parametrize("name", ["localhost", "2130706433", "0x7f.1", "127.1"])
async def test_a_name_that_leads_inside_is_refused_at_the_moment_of_connecting(name: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        await OpenOnly(Addresses(), secure=True).resolve(name, 443, socket.AF_UNSPEC)
    async with Sender(Addresses()) as sender:
        answer = await sender.post(f"https://{name}/hook", b"{}", {})
    assert not answer.taken


async def test_an_address_that_was_stored_before_the_setting_changed_is_refused_too() -> None:
    async with Sender(Addresses()) as sender:
        assert "inside" in (await sender.post("https://127.0.0.1:9/", b"{}", {})).why
        assert "inside" in (await sender.post("http://localhost:9/", b"{}", {})).why
        assert not (await sender.post("nonsense", b"{}", {})).taken


def test_the_standards_own_example_of_a_signature() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
    assert len(base64.b64decode(fresh_secret().removeprefix("whsec_"))) == 32


def test_waits_grow_to_a_day_and_differ() -> None:
    assert 23 * 3600 < sum(WAITS) < 26 * 3600
    first, last = next_try(1, NINE, chance=0.0), next_try(1, NINE, chance=1.0)
    assert first is not None
    assert last is not None
    assert 0 < (last - first).total_seconds() < 5
    assert next_try(len(WAITS) + 1, NINE, chance=0.5) is None
