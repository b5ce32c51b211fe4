"""What one Asterisk is told: addresses, secrets, folders. Plain values, made by the wiring or by a test."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from asterisk_conf.installation import Installation


@dataclass(frozen=True, slots=True)
class Bind:
    """An address to listen on or to talk to."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class AmiAccount:
    """A way into an Asterisk's manager interface."""

    at: Bind
    user: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """One way to the public network: calls go to this address and are accepted from its host."""

    name: str
    address: Bind
    qualify_frequency: int = 10
    """Every how many seconds Asterisk asks whether it is there; 0: never, it is always tried."""


@dataclass(frozen=True, slots=True)
class PhonePlan:
    """The account of an agent's telephone: it registers with name and secret, and is rung by that name."""

    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BrowserPlan:
    """Where browsers' telephones come in: SIP over a WebSocket, voice by WebRTC."""

    at: Bind
    certificate: Path | None = None
    """With it and its key the socket speaks TLS (`wss`), else it does not (`ws`)."""
    key: Path | None = None
    external: str = ""
    """The address by which the world reaches this machine; '' when that is the one its voice is bound to."""

    @property
    def protocol(self) -> str:
        """`ws` or `wss`."""
        return "wss" if self.certificate else "ws"


@dataclass(frozen=True, slots=True)
class NodePlan:
    """A voice node."""

    name: str
    """Goes before every call's id, so that ids of several nodes never meet."""
    installation: Installation
    home: Path
    """The node's own folder; everything Asterisk writes lies below it."""
    sip: Bind
    ami: Bind
    agi: Bind
    """Where our FastAGI server listens."""
    rtp_first: int
    rtp_last: int
    trunks: tuple[TrunkPlan, ...]
    ami_secret: str = field(repr=False)
    agi_secret: str = field(repr=False)
    operator_secret: str = field(repr=False)
    prompts: Path
    """Rendered prompts; heard as `centralino/…`."""
    spool: Path
    """Where the fallback script leaves call-back requests."""
    python: Path
    """An interpreter that the node's account can run, for the fallback script."""
    code: Path
    """The checkout, or the copy of it that the account can read."""
    phones: tuple[PhonePlan, ...] = ()
    """Agents' telephones."""
    browsers: BrowserPlan | None = None
    """How their browsers come in; None: they do not."""
    browser_phones: tuple[PhonePlan, ...] = ()
    """The accounts of agents' browsers, beside those of their telephones."""
    language: str = "it"
    rtp_timeout: int = 60
    """Seconds without any voice from the far end until the call is taken for dead; 0: never."""
    dialplan: str = ""
    """More dialplan, taken as it is: for benches and tests (`[from-trunk](+)` adds numbers)."""

    @property
    def ami_account(self) -> AmiAccount:
        """The voice core's account."""
        return AmiAccount(self.ami, "centralino", self.ami_secret)

    def trunk_match(self, trunk: TrunkPlan) -> str:
        """What tells this trunk's calls: its host, or host and port where several trunks share a host."""
        hosts = Counter(each.address.host for each in self.trunks)
        return trunk.address.host if hosts[trunk.address.host] == 1 else str(trunk.address)


@dataclass(frozen=True, slots=True)
class VisitorPlan:
    """A subscriber of the town whose telephone is the browser of somebody who looks at the demo."""

    name: str
    number: str
    """Theirs in the town: shown when they ring, and rung when they are called back."""
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CityPlan:
    """The city's Asterisk: every subscriber's telephone at once."""

    installation: Installation
    home: Path
    sip: Bind
    ami: Bind
    agi: Bind
    node_sip: Bind
    """The voice node that the city's subscribers ring and are rung by."""
    rtp_first: int
    rtp_last: int
    ami_secret: str = field(repr=False)
    agi_secret: str = field(repr=False)
    language: str = "it"
    name: str = "city"
    browsers: BrowserPlan | None = None
    """How visitors' browsers come in; None: they do not."""
    visitors: tuple[VisitorPlan, ...] = ()
    """Subscribers whose telephone is a visitor's browser."""
    service_number: str = "0611"
    """The only number that visitors can ring."""

    @property
    def ami_account(self) -> AmiAccount:
        """The city program's account."""
        return AmiAccount(self.ami, "city", self.ami_secret)
