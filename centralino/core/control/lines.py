"""Call control's side to the line: `ami.Gateway` behind its ports."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import structlog

from ami import (
    AmiError,
    AmiUnavailableError,
    Channel,
    ChannelUp,
    DialEnd,
    Gateway,
    NoSuchChannelError,
    Originate,
)
from centralino.core.control.errors import ForbiddenTargetError
from centralino.core.control.ports import Answer
from dialer import OutsideLegs
from values import BadInputError, PhoneNumber, parse_phone

log = structlog.get_logger(__name__)

BESIDE: Final = "CENTRALINO_WITH"
CONTEXT: Final = "consult"
RING_SECONDS: Final = 25.0
NO_LINE: Final = "no_line"
TOLD_SECONDS: Final = 2.0
"""How long the channel of a leg that has answered may stay untold."""


class GatewaySwitch:
    """Satisfies `control.ports.Switch`. What goes wrong is logged: the bridges' own events tell what is."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def name_of(self, uniqueid: str) -> str:
        """A live channel's name; '' when there is none, or nobody knows."""
        try:
            channel = self._gateway.live().get(uniqueid)
        except AmiUnavailableError:
            return ""
        return channel.name if channel else ""

    async def send(self, channel: str, context: str, exten: str, *, beside: str = "") -> bool:
        """Send a channel elsewhere in the dialplan; False when it is gone."""
        try:
            await self._gateway.redirect(
                channel, context, exten, variables={BESIDE: beside} if beside else None
            )
        except AmiError as problem:
            if not isinstance(problem, NoSuchChannelError):
                log.warning("talk.not_sent", to=f"{context},{exten}", why=str(problem))
            return False
        return True

    async def mark(self, channel: str, name: str, value: str) -> None:
        """Set a variable of a channel."""
        try:
            await self._gateway.set_variable(channel, name, value)
        except AmiError as problem:
            log.warning("talk.not_marked", why=str(problem))

    async def mute_recording(self, channel: str, *, muted: bool) -> None:
        """Have the recording of a channel hold silence from now on, or voices again.

        Raises `AmiError`: who wants silence must know when there is none.
        """
        name = self.name_of(channel)
        fields = {"Channel": name, "Direction": "both", "State": "1" if muted else "0"}
        await self._gateway.ask("MixMonitorMute", fields)

    async def hang_up(self, channel: str) -> None:
        """End a channel."""
        try:
            await self._gateway.hang_up(channel)
        except AmiError as problem:
            log.warning("talk.not_hung_up", why=str(problem))


class OutsideLines:
    """Satisfies `control.ports.Outside`: named targets and numbers, through the dialler's gate and trunks."""

    def __init__(
        self,
        gateway: Gateway,
        legs: OutsideLegs,
        *,
        country: str,
        caller_id: str,
        named: Mapping[str, str] | None = None,
    ) -> None:
        """`named`: numbers by the names that agents know; `caller_id`: what is shown."""
        self._gateway = gateway
        self._legs = legs
        self._country = country
        self._caller_id = caller_id
        self._named = dict(named or {})
        self._trunks: dict[str, str] = {}

    def known(self, target: str) -> PhoneNumber:
        """The number of a named target, or one that was typed. Raises `ForbiddenTargetError`."""
        text = self._named.get(target, target)
        try:
            number = parse_phone(text, self._country)
        except BadInputError:
            number = PhoneNumber("".join(sign for sign in text if sign.isdigit()) or "0")
        if refusal := self._legs.refusal(number):
            log.warning("talk.target_refused", reason=refusal.reason.value)
            raise ForbiddenTargetError(f"Nobody may be put through there: {refusal.words}.")
        return number

    async def ring(self, leg: str, number: PhoneNumber, exten: str, *, beside: str = "") -> Answer:
        """Ring it; who answers goes to the dialplan's `consult`, `exten`."""
        if refusal := self._legs.refusal(number):  # the last thing asked before it
            return Answer("", refusal.reason.value)
        trunk = self._legs.take()
        if trunk is None:
            return Answer("", NO_LINE)
        self._trunks[leg] = trunk
        order = Originate(
            channel=f"PJSIP/{number}@{trunk}",
            context=CONTEXT,
            exten=exten,
            channel_id=leg,
            caller_id=self._caller_id,
            timeout=RING_SECONDS,
            variables={BESIDE: beside} if beside else {},
        )
        told = asyncio.Event()
        forget = self._gateway.subscribe(ChannelUp, lambda up: told.set() if up.uniqueid == leg else None)
        try:
            result = await self._gateway.dial(order)
            up = await self._told(leg, told) if result.end is DialEnd.ANSWERED else None
        except asyncio.CancelledError:
            await asyncio.shield(self._give_up(leg))
            raise
        except AmiError as problem:
            log.warning("talk.not_rung", why=str(problem))
            self.over(leg)
            return Answer("", "failed")
        finally:
            forget()
        if up is None:
            self.over(leg)
            return Answer("", result.end.value)
        return Answer(up.name)

    def over(self, leg: str) -> None:
        """Its line is free again."""
        if trunk := self._trunks.pop(leg, None):
            self._legs.free(trunk)

    async def _told(self, leg: str, told: asyncio.Event) -> Channel | None:
        """The channel of a leg that has answered; None when it is gone already.

        Asterisk tells of the answer and of channels by different ways: the answer may be there first.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(TOLD_SECONDS):
                await told.wait()
        return self._gateway.live().get(leg)

    async def _give_up(self, leg: str) -> None:
        try:
            await self._gateway.hang_up(leg)
        except AmiError as problem:
            log.warning("talk.not_hung_up", why=str(problem))
        self.over(leg)
