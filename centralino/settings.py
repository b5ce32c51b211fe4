"""All settings, from the environment (`CENTRALINO_…`), `centralino.toml`, or these defaults."""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from values import BadInputError, nearest

OTHERS = frozenset({"PYTHON", "KILLS", "KILL_STRIDE", "LEFT"})
"""Names in the environment that are not settings: the set-up's, a long test's, and `stepdown.LEFT`."""
ROOT_HOME = Path("/var/lib/centralino")


class Address(BaseModel, frozen=True):
    """A host and a port: `127.0.0.1:5060`."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def _address(value: object) -> object:
    if isinstance(value, str):
        host, colon, port = value.removeprefix("sip:").rpartition(":")
        if not colon or not port.isdigit() or not host:
            raise ValueError(f"{value!r} is no address; write host:port as in 127.0.0.1:5060")
        return {"host": host, "port": int(port)}
    return value


Endpoint = Annotated[Address, NoDecode, BeforeValidator(_address)]
"""`NoDecode`: the environment holds host:port, not JSON."""


class TrunkSettings(BaseModel, frozen=True, extra="forbid"):
    """One way to the public network."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")] = "trunk"
    address: Endpoint
    lines: Annotated[int, Field(ge=1)] = 200
    """How many calls at once."""
    calls_per_second: Annotated[float, Field(gt=0)] = 50.0
    order: int = 1
    """Lower goes first."""
    qualify_frequency: Annotated[int, Field(ge=0, le=3600)] = 10
    """Every how many seconds Asterisk asks the carrier whether it is there; 0: never, it is always tried."""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def check_names(environment: Mapping[str, str]) -> None:
    """Refuse `CENTRALINO_…` names that nobody knows: a misspelt setting must not be passed over.

    Raises `BadInputError` naming the first, with the nearest that exists.
    """
    prefix = "CENTRALINO_"
    known = {name.upper() for name in Settings.model_fields} | OTHERS
    for name in environment:
        if name.startswith(prefix) and (word := name.removeprefix(prefix)) not in known:
            near = nearest(word, known)
            hint = f"; did you mean {prefix}{near[0]}?" if near else ""
            raise BadInputError(f"there is no such setting{hint}", field=name)


def _home() -> Path:
    return ROOT_HOME if os.geteuid() == 0 else Path("var")


class Settings(BaseSettings):
    """Everything an operator may set. `docs/reference/settings.md` lists them for people."""

    model_config = SettingsConfigDict(
        env_prefix="CENTRALINO_", toml_file="centralino.toml", extra="forbid", frozen=True
    )

    home: Path = Field(default_factory=_home)
    database_url: str = ""
    """SQLAlchemy's form; unset: SQLite in the home."""
    redis_url: str = ""
    """Unset: a private Redis on a socket in the home."""
    sip: Endpoint = Address(host="127.0.0.1", port=5060)
    trunk: Annotated[Address | None, NoDecode, BeforeValidator(_address)] = None
    trunks: list[TrunkSettings] = []
    city: Literal["on", "off"] = "on"
    city_people: Path | None = None
    """Who lives in the city; unset: `city/people.yaml`."""
    city_calls_a_minute: Annotated[float, Field(ge=0, le=600)] = 12.0
    """How many subscribers ring the service number."""
    city_repair_seconds: Annotated[float, Field(ge=0)] = 8.0
    """How often a line is repaired, and its customer called; 0: never."""
    http: Endpoint = Address(host="127.0.0.1", port=8080)
    names: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$")]] = []
    """Names that the page goes by besides, as a proxy before it has them: `["desk.example.it"]`."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "IT"
    jurisdiction: Annotated[str, Field(pattern=r"^[a-z]*$")] = ""
    """Whose laws on calling people hold (`it`, `none`); unset: the country's, none inside the town."""
    node: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*$")] = "node1"
    ami: Endpoint = Address(host="127.0.0.1", port=5038)
    agi: Endpoint = Address(host="127.0.0.1", port=4573)
    rtp_first: Annotated[int, Field(ge=1024, le=60000)] = 10000
    rtp_last: Annotated[int, Field(ge=1024, le=65535)] = 11999
    city_sip: Endpoint = Address(host="127.0.0.2", port=5060)
    city_ami: Endpoint = Address(host="127.0.0.2", port=5038)
    city_agi: Endpoint = Address(host="127.0.0.2", port=4573)
    languages: list[str] = ["it", "en", "ru"]
    service_number: Annotated[str, Field(pattern=r"^\d{3,15}$")] = "0611"
    numbers: dict[str, str] = {}
    """Further numbers that reach us, each with its flow: `{"800123123": "care.service_0611"}`."""
    default_flow: str = "care.service_0611"
    """For the service number, and for whoever rings back the number we showed."""
    company: Annotated[str, Field(min_length=1, max_length=80)] = "Centralino"
    """Who calls, as customers know it: said where the law wants the caller to say who it is."""
    transfer_targets: dict[str, str] = {}
    """Numbers outside by the names that agents know, for transfers: `{"technicians": "+390655512345"}`."""
    caller_id: str = "+390650000611"
    """Shown to those we call."""
    agent_phones: Annotated[int, Field(ge=0, le=500)] = 10
    """How many accounts there are for agents' telephones: `agent01`, `agent02`, …"""
    phone_socket: Endpoint = Address(host="127.0.0.1", port=8088)
    """Where agents' browsers connect their telephones: a WebSocket of Asterisk's."""
    phone_certificate: Path | None = None
    """With `phone_key`, the certificate of that socket; needed as soon as it is not on loopback."""
    phone_key: Path | None = None
    phone_url: Annotated[str, Field(pattern=r"^(wss?://[^\s/]+(/\S*)?)?$")] = ""
    """What browsers are told to connect to: `wss://voice.example.com/ws`; unset: the socket itself."""
    external_address: str = ""
    """The public IPv4 address of a node that stands behind a router."""
    stun_server: Annotated[str, Field(pattern=r"^(stuns?:\S+)?$")] = ""
    turn_server: Annotated[str, Field(pattern=r"^(turns?:\S+)?$")] = ""
    """For browsers that only TURN gets through to: `turn:turn.example.com:3478`."""
    turn_secret: SecretStr = SecretStr("")
    """The TURN server's shared secret (`static-auth-secret`); passwords made from it hold for some hours."""
    city_phone_socket: Endpoint = Address(host="127.0.0.2", port=8088)
    """Where visitors' browsers connect theirs: the town's."""
    visitor_phones: Annotated[int, Field(ge=0, le=20)] = 3
    """How many visitors at once may ring from the front page while the city is on; 0: none."""
    speech: dict[str, str] = {}
    """A command per language in place of espeak-ng: `{it: "piper --model … --output_file {wav}"}`."""
    cache: Path | None = None
    """Where programs and environments shared by clones lie; unset: a per-user cache folder."""
    smtp: Annotated[Address | None, NoDecode, BeforeValidator(_address)] = None
    """The mail server that takes our letters; unset: no mail is sent."""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    """`none` only for a server on this machine; then no password is sent."""
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    mail_from: str = ""
    """Who writes: `Centralino <reports@example.com>`."""
    webhook_networks: list[str] = []
    """Inner networks that webhooks may reach, as `10.1.0.0/16`; public addresses they always may."""
    twilio_account: Annotated[str, Field(pattern=r"^(AC[0-9a-fA-F]{32})?$")] = ""
    """The account at Twilio that sends our texts; unset: no text is sent."""
    twilio_token: SecretStr = SecretStr("")
    twilio_from: Annotated[
        str, Field(pattern=r"^(\+\d{6,15}|MG[0-9a-fA-F]{32}|[0-9 ]{0,10}[A-Za-z][A-Za-z0-9 ]{0,10})?$")
    ] = ""
    """Who writes: a number, a name, or a messaging service of Twilio's."""
    twilio_address: Annotated[str, Field(pattern=r"^https?://\S+$")] = "https://api.twilio.com"
    """Twilio's, or that of one of its regions."""
    twilio_callback: Annotated[str, Field(pattern=r"^(https?://[^\s/?#]+)?$")] = ""
    """Our page as the world sees it, `https://voice.example.com`: there Twilio says what became of a text."""
    text_price: Annotated[float, Field(ge=0, le=100)] = 0.0
    """What one message of a text costs, in the currency of the house's prices; 0: nobody counts."""
    fonts: Path | None = None
    """Where `DejaVuSans.ttf` and `DejaVuSans-Bold.ttf` lie, for PDFs; unset: where distributions put them."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _rtp_has_room(self) -> "Settings":
        if self.rtp_last - self.rtp_first < 10:  # noqa: PLR2004  (two ports a leg)
            raise ValueError("rtp_last must be at least ten above rtp_first")
        return self

    @model_validator(mode="after")
    def _passwords_travel_encrypted(self) -> "Settings":
        if self.smtp and not self.mail_from:
            raise ValueError("mail_from must say who writes, as in Centralino <reports@example.com>")
        if self.smtp_user and self.smtp_tls == "none":
            raise ValueError("smtp_tls must be starttls or tls where smtp_user signs in with a password")
        return self

    @model_validator(mode="after")
    def _texts_are_whole(self) -> "Settings":
        if self.twilio_account and not (self.twilio_token.get_secret_value() and self.twilio_from):
            raise ValueError("twilio_account needs twilio_token and twilio_from; set all three or none")
        return self

    @model_validator(mode="after")
    def _names_differ(self) -> "Settings":
        for trunk in self.trunks:
            if trunk.name in {*self.phones, "operator"}:
                raise ValueError(f"trunks: {trunk.name} is the name of a telephone of ours; choose another")
        return self

    @model_validator(mode="after")
    def _phones_are_safe(self) -> "Settings":
        """Browsers give their microphone only to pages on loopback or with TLS, and so does this house."""
        if (self.phone_certificate is None) != (self.phone_key is None):
            raise ValueError("phone_certificate and phone_key go together; set both or neither")
        if self.external_address and not _is_address(self.external_address):
            raise ValueError(f"external_address: {self.external_address!r} is no address such as 203.0.113.5")
        if bool(self.turn_server) != bool(self.turn_secret.get_secret_value()):
            raise ValueError("turn_server and turn_secret go together; set both or neither")
        for name in ("phone_socket", "city_phone_socket"):
            host = getattr(self, name).host
            inside = host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)
            if not inside and (name != "phone_socket" or self.phone_certificate is None):
                raise ValueError(f"{name} on {host} needs TLS; set phone_certificate, or stay on 127.0.0.1")
        everywhere = _is_address(self.phone_socket.host) and ip_address(self.phone_socket.host).is_unspecified
        if everywhere and not self.phone_url:
            raise ValueError("phone_socket is on every address; say in phone_url which one browsers are told")
        return self

    @model_validator(mode="after")
    def _switches_stay_inside(self) -> "Settings":
        """Whoever reaches the manager or the FastAGI server owns the calls: loopback only."""
        for name in ("ami", "agi", "city_ami", "city_agi"):
            host = getattr(self, name).host
            if host != "localhost" and not (_is_address(host) and ip_address(host).is_loopback):
                raise ValueError(f"{name} must be on a loopback address such as 127.0.0.1, not {host}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What was handed in wins over the environment, that over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def all_trunks(self) -> list[TrunkSettings]:
        """The trunks in the order they are tried; the city's when none is set and the city is on."""
        if self.trunks:
            return sorted(self.trunks, key=lambda trunk: trunk.order)
        if self.trunk is not None:
            return [TrunkSettings(address=self.trunk)]
        return [TrunkSettings(address=self.city_sip)] if self.city == "on" else []

    @property
    def all_names(self) -> list[str]:
        """Names that the page goes by besides: as set, and the one by which Twilio reaches us."""
        told = urlsplit(self.twilio_callback).hostname
        return [*self.names, told] if told else self.names

    @property
    def phones(self) -> tuple[str, ...]:
        """The accounts of agents' telephones."""
        return tuple(f"agent{number:02d}" for number in range(1, self.agent_phones + 1))

    @property
    def phone_address(self) -> str:
        """The WebSocket that agents' browsers are told to connect to."""
        scheme = "wss" if self.phone_certificate else "ws"
        return self.phone_url or f"{scheme}://{self.phone_socket}/ws"

    @property
    def visitors(self) -> tuple[str, ...]:
        """The accounts of visitors' browsers; none without the town."""
        count = self.visitor_phones if self.city == "on" else 0
        return tuple(f"visitor{number:02d}" for number in range(1, count + 1))

    @property
    def city_trunk(self) -> str:
        """The trunk that leads to the simulated town; '' when none does."""
        towards = (trunk.name for trunk in self.all_trunks if trunk.address == self.city_sip)
        return next(towards, "") if self.city == "on" else ""

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home.resolve() / 'centralino.db'}"

    @property
    def redis(self) -> str:
        """Redis's URL."""
        return self.redis_url or f"unix://{self.home.resolve() / 'run' / 'redis.sock'}"
