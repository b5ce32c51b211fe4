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


@dataclass(frozen=True, slots=True)
class PhonePlan:
    """The account of an agent's telephone: it registers with name and secret, and is rung by that name."""

    name: str
    secret: str = field(repr=False)


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

    @property
    def ami_account(self) -> AmiAccount:
        """The city program's account."""
        return AmiAccount(self.ami, "city", self.ami_secret)
