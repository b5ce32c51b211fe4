"""How a call that was placed ended, from what Asterisk and the network said. Pure.

Seen on Asterisk 22.10 with a real far end (reason of OriginateResponse, cause and SIP status of Hangup):

| far end | reason | cause | SIP |
|---|---|---|---|
| 486, 600 | 0 | 17 | 486, 600 |
| 603, 403 | 0 | 21 | 603, 403 |
| 480 / 408 | 0 | 19 / 18 | 480 / 408 |
| 487 by itself, 607 | 0 | 127 | 487, 607 |
| 404 / 410 / 484 / 488 | 0 | 1 / 22 / 28 / 58 | the same |
| 503 / 302 | 0 | 34 / 23 | the same |
| our time ran out: ringing, 183, 100 or silence | 3 | 19 | 480, Asterisk's own |
| we hung up while it rang, with cause 16 | 0 | 16 | none |
| no such endpoint, or it is not registered | 0 | no channel, no Hangup | |
| Asterisk is being stopped | none | 0 | none |

No cause tells a silent line from one that rings on: whether it rang is told by the Ringing state alone.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ami.events import OriginateReason


class DialEnd(StrEnum):
    """How ringing somebody ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    """Engaged, or declined on the phone itself (603)."""
    NO_ANSWER = "no_answer"
    """Nobody took it in time, the phone is off, or we gave up; or it rang, and the network broke off."""
    REFUSED = "refused"
    """The network refused before anything rang: unallocated, congestion, forbidden, no such trunk."""
    FAILED = "failed"
    """It cannot be known what happened: Asterisk went away in between, or never said why it hung up."""


@dataclass(frozen=True, slots=True)
class DialResult:
    """What came of a call that was placed. Times in UTC."""

    end: DialEnd
    cause: int
    """Q.850; 0 when there was none."""
    sip_cause: str
    """The SIP status the far end gave, "" when it gave none."""
    placed_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    over_at: datetime
    """When the end was known; for an answered call, the answer."""
    sent: bool = True
    """False when Asterisk certainly never got the order, so that nobody's phone can have rung."""


_SIP: Final = {
    "486": DialEnd.BUSY,
    "600": DialEnd.BUSY,
    "603": DialEnd.BUSY,
    "607": DialEnd.BUSY,
    "408": DialEnd.NO_ANSWER,
    "480": DialEnd.NO_ANSWER,
    "487": DialEnd.NO_ANSWER,
}
_BUSY: Final = 17
_REJECTED: Final = 21
_UNSAID: Final = 0
_NOT_TAKEN: Final = frozenset({16, 18, 19, 20})  # cleared by us, no response, no answer, absent


def sip_status(reason: OriginateReason | None, sip_cause: str) -> str:
    """The SIP status the far end gave: not the one Asterisk makes up when our own time ran out."""
    return "" if reason is OriginateReason.TIMEOUT else sip_cause


def verdict(reason: OriginateReason | None, cause: int | None, sip_cause: str, *, rang: bool) -> DialEnd:
    """The end of a call that was not answered.

    `reason` is None when no OriginateResponse came, `cause` when no Hangup did; at least one is there.
    """
    if reason is OriginateReason.TIMEOUT:
        return DialEnd.NO_ANSWER
    if sip_cause in _SIP:
        return _SIP[sip_cause]
    declined = cause == _REJECTED and rang and not sip_cause
    if cause == _BUSY or reason is OriginateReason.BUSY or declined:
        return DialEnd.BUSY
    if cause in _NOT_TAKEN:
        return DialEnd.NO_ANSWER
    if cause == _UNSAID:
        return DialEnd.FAILED
    # a phone that rang was reached, whatever broke off after that: another trunk would ring it again
    return DialEnd.NO_ANSWER if rang else DialEnd.REFUSED
