"""What a home holds is for its owner only, and a busy address is named before anything starts."""

import json
import socket
import stat
from pathlib import Path

import pytest

from centralino.places import Places
from centralino.secrets import BadSecretsError, load_api_token, load_secrets
from centralino.settings import Address, Settings
from centralino.supervisor.ports import PortTakenError, Wanted, check_free
from centralino.supervisor.telco import wanted_addresses

pytestmark = pytest.mark.unit


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    first = load_secrets(tmp_path)
    assert load_secrets(tmp_path) == first
    assert _mode(tmp_path / "secrets.json") == 0o600
    assert len({first.ami, first.agi, first.operator, first.city_ami, first.city_agi}) == 5
    assert first.ami not in repr(first)


def test_a_secret_that_is_new_in_this_version_is_added(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text(json.dumps({"ami": "kept", "other": "of a later version"}))
    assert load_secrets(tmp_path).ami == "kept"
    assert json.loads((tmp_path / "secrets.json").read_text())["other"] == "of a later version"
    assert _mode(tmp_path / "secrets.json") == 0o600


def test_damaged_secrets_are_told(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(BadSecretsError, match="delete it"):
        load_secrets(tmp_path)


def test_the_api_token_stays_the_same(tmp_path: Path) -> None:
    assert load_api_token(tmp_path) == load_api_token(tmp_path)
    assert _mode(tmp_path / "api-token") == 0o600


def test_folders_are_closed_to_others(tmp_path: Path) -> None:
    places = Places(tmp_path / "home")
    places.make()
    assert {_mode(path) for path in (places.home, places.run, places.prompts, places.recordings)} == {0o700}


def test_a_busy_address_is_named_with_its_setting() -> None:
    with socket.create_server(("127.0.10.7", 0)) as held:
        address = Address(host="127.0.10.7", port=held.getsockname()[1])
        with pytest.raises(PortTakenError, match=rf"tcp {address}: Address already in use.*CENTRALINO_HTTP"):
            check_free([Wanted(address, "CENTRALINO_HTTP")])
    check_free([Wanted(address, "CENTRALINO_HTTP")])


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(PortTakenError, match=r"192\.0\.2\.1:5060.*CENTRALINO_SIP"):
        check_free([Wanted(Address(host="192.0.2.1", port=5060), "CENTRALINO_SIP", datagram=True)])


def test_without_the_city_its_addresses_are_not_wanted() -> None:
    names = {wanted.setting for wanted in wanted_addresses(Settings(city="off"))}
    ours = {"CENTRALINO_SIP", "CENTRALINO_AMI", "CENTRALINO_AGI", "CENTRALINO_HTTP"}
    assert names == {*ours, "CENTRALINO_PHONE_SOCKET"}
