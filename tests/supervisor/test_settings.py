"""Addresses are read from the environment as people write them."""

import pytest
from pydantic import ValidationError

from centralino.settings import Settings

pytestmark = pytest.mark.unit


def test_addresses_come_as_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENTRALINO_SIP", "127.0.0.7:5080")
    monkeypatch.setenv("CENTRALINO_TRUNK", "sip:192.0.2.10:5060")
    settings = Settings()
    assert str(settings.sip) == "127.0.0.7:5080"
    assert [str(trunk.address) for trunk in settings.all_trunks] == ["192.0.2.10:5060"]


def test_what_is_no_address_is_named_with_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENTRALINO_HTTP", "8080")
    with pytest.raises(ValidationError, match=r"http[\s\S]*write host:port"):
        Settings()
