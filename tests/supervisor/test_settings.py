"""Addresses are read from the environment as people write them."""

from pathlib import Path

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


def test_browsers_connect_on_loopback_or_with_tls(tmp_path: Path) -> None:
    assert Settings().phone_address == "ws://127.0.0.1:8088/ws"
    with pytest.raises(ValidationError, match=r"phone_socket on 192\.0\.2\.9 needs TLS"):
        Settings(phone_socket="192.0.2.9:8089")
    with pytest.raises(ValidationError, match="set both or neither"):
        Settings(phone_certificate=tmp_path / "voice.pem")
    files = {"phone_certificate": tmp_path / "voice.pem", "phone_key": tmp_path / "voice.key"}
    assert Settings(phone_socket="192.0.2.9:8089", **files).phone_address == "wss://192.0.2.9:8089/ws"
    with pytest.raises(ValidationError, match="say in phone_url"):
        Settings(phone_socket="0.0.0.0:8089", **files)
    named = Settings(phone_socket="0.0.0.0:8089", phone_url="wss://voice.example.com/ws", **files)
    assert named.phone_address == "wss://voice.example.com/ws"
    with pytest.raises(ValidationError, match=r"city_phone_socket on 192\.0\.2\.9 needs TLS"):
        Settings(city_phone_socket="192.0.2.9:8089")
    with pytest.raises(ValidationError, match="turn_server and turn_secret go together"):
        Settings(turn_server="turn:turn.example.com:3478")


def test_visitors_ring_only_where_there_is_a_town() -> None:
    assert Settings(visitor_phones=2).visitors == ("visitor01", "visitor02")
    assert Settings(visitor_phones=2, city="off").visitors == ()


def test_texts_are_set_up_whole_or_not_at_all() -> None:
    account = "AC" + "0" * 32
    with pytest.raises(ValidationError, match="set all three or none"):
        Settings(twilio_account=account, twilio_from="+390650000611")
    whole = Settings(
        twilio_account=account, twilio_token="t", twilio_from="Centralino",
        twilio_callback="https://Voice.example.com:8443",
    )  # fmt: skip
    assert "voice.example.com" in whole.all_names
    assert "t" not in str(whole.twilio_token)
    assert Settings().all_names == []
    for wrong in ({"twilio_account": "AC1"}, {"twilio_callback": "https://x/y"}, {"twilio_from": "0650"}):
        with pytest.raises(ValidationError, match=next(iter(wrong))):
            Settings(**wrong)
