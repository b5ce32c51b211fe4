"""Agents' telephones: `ami.Gateway` behind `agents.ports.Lines`. It rings our own and no others."""

from collections.abc import Collection, Mapping
from typing import Final

import structlog

from agents import LiveLeg, Where
from agents.cards import CITY
from agents.ports import agent_of
from ami import AmiError, Channel, ChannelState, DialEnd, Gateway, NoSuchChannelError, Originate
from centralino.core.telephones import Telephones, is_browser
from values import BadInputError

log = structlog.get_logger(__name__)

CONTEXT, EXTEN = "agent-park", "s"
RING_SECONDS: Final = 30.0
BROWSER_SECONDS: Final = 8.0
"""A browser picks up by itself, or it is not there."""
NETWORK_LOST: Final = 38
"""The cause of ending a leg whose telephone has lost its network (Q.850: network out of order)."""
SILENT: Final = 44
"""The cause Asterisk gives when it ends a leg that has sent nothing for `rtp_timeout`."""
SHOWN: Final = '"Centralino" <0>'
"""What an agent's telephone shows when its leg is rung."""


class AgentLines:
    """One node's agents. Legs to them pass no gate, since they cannot reach the public network."""

    def __init__(self, gateway: Gateway, *, phones: Collection[str], city_trunk: str = "") -> None:
        """`phones` are the node's own accounts; `city_trunk` leads to the town ('' there is none)."""
        self._gateway = gateway
        self.telephones = Telephones(frozenset(phones))
        """Which of them are there."""
        self._city_trunk = city_trunk

    def address(self, endpoint: str) -> str:
        """What to ring for an agent's endpoint.

        Raises `BadInputError` for what is none of our telephones.
        """
        if endpoint in self.telephones.phones:
            return f"PJSIP/{self.telephones.accounts(endpoint)[0]}"
        number = endpoint.removeprefix(CITY)
        if self._city_trunk and number != endpoint and number.isascii() and number.isdigit():
            return f"PJSIP/sim-agent-{number}@{self._city_trunk}"
        raise BadInputError(
            f"{endpoint} is no telephone of this node; see `centralino agents phones`", field="endpoint"
        )

    async def call_leg(self, leg: str, endpoint: str) -> str | None:
        """Ring and park; the channel's name, None when nobody answered (`agents.Lines`).

        An agent may have a telephone on the desk and another in the browser: the latest to register is rung.
        """
        try:
            account = await self._there(endpoint)
            if account is None:
                return None
            self.telephones.rung(leg, account)
            address = f"PJSIP/{account}" if account else self.address(endpoint)
            seconds = BROWSER_SECONDS if is_browser(account) else RING_SECONDS
            result = await self._gateway.dial(
                Originate(address, CONTEXT, EXTEN, leg, caller_id=SHOWN, timeout=seconds)
            )
            if result.end is not DialEnd.ANSWERED:
                return None
            up = self._gateway.live().get(leg)
        except (AmiError, BadInputError) as problem:
            log.warning("agent.not_rung", endpoint=endpoint, why=str(problem))
            return None
        return up.name if up else None

    async def _there(self, endpoint: str) -> str | None:
        """The account to ring; None when none of an agent's telephones is there, '' in the town."""
        if endpoint not in self.telephones.phones:
            return ""
        for account in self.telephones.accounts(endpoint):
            if await self._gateway.reachable(account):
                return account
        return None

    async def cut_off(self, leg: str) -> None:
        """End a leg whose telephone has gone: whoever asks why is told that it lost its network."""
        await self._gateway.hang_up(leg, NETWORK_LOST)

    async def hang_up(self, channel: str) -> None:
        """End a leg or a call (`agents.Lines`)."""
        await self._gateway.hang_up(channel)

    async def legs(self) -> Mapping[str, LiveLeg]:
        """All agents' legs that are up (`agents.Lines`)."""
        live = self._gateway.live()
        ids = {channel.name: uniqueid for uniqueid, channel in live.items()}
        found = {}
        for uniqueid, channel in live.items():
            if agent_of(uniqueid) and channel.state is ChannelState.UP:
                try:
                    found[uniqueid] = await self._leg(channel, ids)
                except NoSuchChannelError:
                    continue
        return found

    async def _leg(self, channel: Channel, ids: Mapping[str, str]) -> LiveLeg:
        """Asterisk names the other party in a talk's bridge, and nobody in a park."""
        if not channel.bridge_id:
            return LiveLeg(channel.uniqueid, channel.name, Where.BETWEEN)
        peer = await self._gateway.variable(channel.name, "BRIDGEPEER")
        where = Where.TALKING if peer else Where.PARKED
        return LiveLeg(channel.uniqueid, channel.name, where, ids.get(peer, ""))
