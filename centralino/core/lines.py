"""The telephone network for the dialler: `ami.Gateway` behind `dialer.ports.Lines`."""

from collections.abc import Mapping

import structlog

from ami import ChannelInUseError, DialResult, Gateway, Originate, UnsafeValueError
from ami import DialEnd as AmiEnd
from centralino.core.register import Register
from dialer.ports import DialEnd, Dialled, Order
from values import AttemptId, Clock

log = structlog.get_logger(__name__)

NORMAL_CLEARING = 16
CONTEXT, EXTEN = "outbound", "s"

_ENDS: Mapping[AmiEnd, DialEnd] = {
    AmiEnd.ANSWERED: DialEnd.ANSWERED,
    AmiEnd.BUSY: DialEnd.BUSY,
    AmiEnd.NO_ANSWER: DialEnd.NO_ANSWER,
    AmiEnd.REFUSED: DialEnd.REFUSED,
    AmiEnd.FAILED: DialEnd.FAILED,
}


class AsteriskLines:
    """Rings people through one Asterisk node; each call's record begins here, answered or not."""

    def __init__(self, gateway: Gateway, register: Register, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock
        self._register = register

    async def dial(self, order: Order) -> Dialled:
        """Ring; return as soon as it is answered, refused or over."""
        self._register.placed(order)
        try:
            result = await self._gateway.dial(_originate(order))
        except (UnsafeValueError, ChannelInUseError) as problem:  # nothing was sent
            log.error("call.not_placed", call=order.attempt_id, reason=str(problem))  # noqa: TRY400
            # one that is up already may ring: it is left to the watch, and goes to no other trunk
            end = AmiEnd.FAILED if isinstance(problem, ChannelInUseError) else AmiEnd.REFUSED
            now = self._clock.now()
            result = DialResult(end, 0, "", now, None, None, now, sent=False)
        self._register.dialled(order, result)
        return _dialled(result)

    async def hang_up(self, attempt_id: AttemptId) -> None:
        """End a call that is ringing or up."""
        await self._gateway.hang_up(attempt_id, NORMAL_CLEARING)

    async def live(self) -> frozenset[AttemptId]:
        """The channels that exist now; those of attempts are among them. Raises while the switch is away."""
        return frozenset(AttemptId(uniqueid) for uniqueid in self._gateway.live())


def _originate(order: Order) -> Originate:
    return Originate(
        channel=f"PJSIP/{order.number}@{order.trunk}",
        context=CONTEXT,
        exten=EXTEN,
        channel_id=order.attempt_id,
        caller_id=order.caller_id,
        timeout=order.ring_seconds,
        variables=order.variables,
        account=order.account,
    )


def _dialled(result: DialResult) -> Dialled:
    return Dialled(
        end=_ENDS[result.end],
        cause=result.cause,
        sip_cause=result.sip_cause,
        placed=result.placed_at,
        answered=result.answered_at,
        over=result.over_at,
        ringing=result.ringing_at,
    )
