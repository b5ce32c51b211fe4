"""Secrets of one home: made at random the first time, readable by their owner only, never printed."""

import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from values import CentralinoError

_PRIVATE = 0o600
_BYTES = 24


class BadSecretsError(CentralinoError):
    """The file of secrets cannot be read; delete it and new ones are made."""

    error_id = "bad-secrets"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What our own programs prove themselves to each other with."""

    ami: str = field(repr=False)
    agi: str = field(repr=False)
    operator: str = field(repr=False)
    """The SIP password of the endpoint `operator`."""
    phones: str = field(repr=False)
    """What the SIP passwords of agents' telephones are made from (`phone_secret`)."""
    city_ami: str = field(repr=False)
    city_agi: str = field(repr=False)


def phone_secret(secrets_of_home: Secrets, name: str) -> str:
    """The SIP password of an agent's telephone: the same as long as the home's secrets are."""
    return hmac.new(secrets_of_home.phones.encode(), name.encode(), "sha256").hexdigest()[: 2 * _BYTES]


def load_secrets(home: Path) -> Secrets:
    """The secrets in `secrets.json`; made the first time, missing ones are added.

    Raises `BadSecretsError`.
    """
    path = home / "secrets.json"
    known: dict[str, str] = {}
    if path.exists():
        path.chmod(_PRIVATE)
        try:
            known = dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as problem:
            raise BadSecretsError(f"{path} is damaged; delete it and new secrets are made") from problem
    found = Secrets(**{each.name: known.get(each.name) or _fresh() for each in fields(Secrets)})
    if {**known, **asdict(found)} != known:
        _write(path, json.dumps({**known, **asdict(found)}, indent=2) + "\n")
    return found


def load_api_token(home: Path) -> str:
    """The bearer token of the REST API, in `api-token`; made the first time."""
    path = home / "api-token"
    if not path.exists():
        _write(path, _fresh() + "\n")
    path.chmod(_PRIVATE)
    return path.read_text(encoding="utf-8").strip()


def _fresh() -> str:
    return secrets.token_hex(_BYTES)


def _write(path: Path, text: str) -> None:
    """Put a whole file in place at once; two programs that do so together both end with one of the two."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as file:
        file.write(text)
    fresh.replace(path)
