"""Accounts of telephones in browsers: handed to whom they are for, with passwords that nothing shows."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

import pytest

from centralino.phones import TURN_SECONDS, Telephones
from centralino.secrets import load_secrets, phone_secret
from centralino.settings import Settings
from values.testing import FixedClock

pytestmark = pytest.mark.unit


def test_an_agent_s_browser_has_an_account_beside_the_telephone(tmp_path: Path) -> None:
    secrets = load_secrets(tmp_path)
    phones = Telephones(Settings(home=tmp_path), secrets, FixedClock(datetime(2026, 3, 2, tzinfo=UTC)))
    account = phones.of_agent("agent01")
    assert account is not None
    assert account.shown() == {
        "socket": "ws://127.0.0.1:8088/ws",
        "uri": "sip:agent01-web@centralino",
        "password": phone_secret(secrets, "agent01-web"),
        "iceServers": [],
    }
    assert account.password not in repr(account)
    assert account.password != phone_secret(secrets, "agent01")
    assert phones.of_agent("agent99") is None
    assert phones.of_agent("city:001") is None


def test_a_turn_password_is_made_for_one_shift(tmp_path: Path) -> None:
    clock = FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
    settings = Settings(
        home=tmp_path,
        stun_server="stun:s.example.com",
        turn_server="turn:t.example.com:3478",
        turn_secret="shared",
    )
    assert "shared" not in repr(settings)
    account = Telephones(settings, load_secrets(tmp_path), clock).of_agent("agent02")
    assert account is not None
    stun, turn = account.ice_servers
    assert stun == {"urls": "stun:s.example.com"}
    until, user = turn["username"].split(":")
    assert (int(until) - int(clock.now().timestamp()), user) == (TURN_SECONDS, "agent02")
    proof = hmac.new(b"shared", turn["username"].encode(), hashlib.sha1).digest()
    assert base64.b64decode(turn["credential"]) == proof


def test_visitors_are_subscribers_of_the_town(tmp_path: Path) -> None:
    phones = Telephones(
        Settings(home=tmp_path, visitor_phones=2), load_secrets(tmp_path), FixedClock(datetime.now(UTC))
    )
    assert phones.visitors == 2
    assert phones.of_visitor(1).uri == "sip:visitor02@centralino"
    assert phones.of_visitor(1).socket == "ws://127.0.0.2:8088/ws"
