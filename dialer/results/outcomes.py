"""What the end of a call that nobody took means: the network's words as ours. Pure; a table as data.

Sources: ITU-T Q.850 (05/2018) table 1 for causes; RFC 3261 §21 for SIP statuses, with RFC 8197 (607) and
RFC 8688 (608); RFC 3398 §7.2.4.1 and §8.2.6.1 for how gateways translate one into the other. Which statuses
arrive with which cause from Asterisk 22 is told in `ami.verdicts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dialer.ports import DialEnd


class Fault(StrEnum):
    """Whose doing it was that nobody took the call."""

    CUSTOMER = "customer"
    """They were talking, away, or did not want the call."""
    NUMBER = "number"
    """No telephone is behind it: whoever is asked, it will not ring."""
    TRUNK = "trunk"
    """This way did not take the call; another may."""
    NOBODY = "nobody"
    """Nobody's, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an end means for what comes next."""

    outcome: str
    fault: Fault

    @property
    def final(self) -> bool:
        """Whether this number need never be tried again."""
        return self.fault is Fault.NUMBER

    @property
    def moves(self) -> bool:
        """Whether the call may go to the next trunk at once: it was refused, and nothing rang."""
        return self.fault is Fault.TRUNK


BUSY: Final = Meaning("busy", Fault.CUSTOMER)
NO_ANSWER: Final = Meaning("no_answer", Fault.CUSTOMER)
REJECTED: Final = Meaning("rejected", Fault.CUSTOMER)
"""Somebody, or their telephone, said no: declined, unwanted, taken for an unwanted call."""
REFUSED: Final = Meaning("refused", Fault.TRUNK)
"""Nothing rang: congestion, no right to call there, no common codec, no such trunk."""
UNALLOCATED: Final = Meaning("unallocated", Fault.NUMBER)
NUMBER_CHANGED: Final = Meaning("number_changed", Fault.NUMBER)
INVALID_NUMBER: Final = Meaning("invalid_number", Fault.NUMBER)
"""Too short, too long, or not of this numbering plan."""
FAILED: Final = Meaning("failed", Fault.NOBODY)
"""It cannot be known what happened."""
ANSWERED: Final = Meaning("answered", Fault.NOBODY)
"""Taken: what came of it, its flow or its agent says."""

MEANINGS: Final = (
    BUSY,
    NO_ANSWER,
    REJECTED,
    REFUSED,
    UNALLOCATED,
    NUMBER_CHANGED,
    INVALID_NUMBER,
    FAILED,
    ANSWERED,
)
FINAL_FOR_NUMBER: Final = frozenset(each.outcome for each in MEANINGS if each.final)
"""Outcomes after which a number is not tried again; another of the customer's may be."""

CAUSES: Final[Mapping[int, tuple[Meaning, str]]] = MappingProxyType(
    {
        1: (UNALLOCATED, "unallocated (unassigned) number"),
        2: (REFUSED, "no route to specified transit network"),
        3: (REFUSED, "no route to destination"),
        4: (REFUSED, "send special information tone"),
        5: (INVALID_NUMBER, "misdialled trunk prefix"),
        6: (REFUSED, "channel unacceptable"),
        7: (REFUSED, "call awarded and being delivered in an established channel"),
        8: (REFUSED, "preemption"),
        9: (REFUSED, "preemption, circuit reserved for re-use"),
        14: (REFUSED, "query on release: ported number"),
        16: (NO_ANSWER, "normal call clearing: we gave up, or they did"),
        17: (BUSY, "user busy"),
        18: (NO_ANSWER, "no user responding"),
        19: (NO_ANSWER, "no answer from user (user alerted)"),
        20: (NO_ANSWER, "subscriber absent"),
        21: (REJECTED, "call rejected"),
        22: (NUMBER_CHANGED, "number changed"),
        23: (REFUSED, "redirection to new destination"),
        24: (REJECTED, "call rejected due to feature at the destination"),
        25: (REFUSED, "exchange routing error"),
        26: (REFUSED, "non-selected user clearing"),
        27: (REFUSED, "destination out of order"),
        28: (INVALID_NUMBER, "invalid number format (address incomplete)"),
        29: (REFUSED, "facility rejected"),
        30: (REFUSED, "response to status enquiry"),
        31: (REFUSED, "normal, unspecified"),
        34: (REFUSED, "no circuit/channel available"),
        38: (REFUSED, "network out of order"),
        39: (REFUSED, "permanent frame mode connection out of service"),
        40: (REFUSED, "permanent frame mode connection operational"),
        41: (REFUSED, "temporary failure"),
        42: (REFUSED, "switching equipment congestion"),
        43: (REFUSED, "access information discarded"),
        44: (REFUSED, "requested circuit/channel not available"),
        46: (REFUSED, "precedence call blocked"),
        47: (REFUSED, "resource unavailable, unspecified"),
        49: (REFUSED, "quality of service not available"),
        50: (REFUSED, "requested facility not subscribed"),
        53: (REFUSED, "outgoing calls barred within closed user group"),
        55: (REFUSED, "incoming calls barred within closed user group"),
        57: (REFUSED, "bearer capability not authorised"),
        58: (REFUSED, "bearer capability not presently available"),
        62: (REFUSED, "inconsistency in outgoing access information and subscriber class"),
        63: (REFUSED, "service or option not available, unspecified"),
        65: (REFUSED, "bearer capability not implemented"),
        66: (REFUSED, "channel type not implemented"),
        69: (REFUSED, "requested facility not implemented"),
        70: (REFUSED, "only restricted digital information bearer capability available"),
        79: (REFUSED, "service or option not implemented, unspecified"),
        81: (REFUSED, "invalid call reference value"),
        82: (REFUSED, "identified channel does not exist"),
        83: (REFUSED, "a suspended call exists, but this call identity does not"),
        84: (REFUSED, "call identity in use"),
        85: (REFUSED, "no call suspended"),
        86: (REFUSED, "call having the requested call identity has been cleared"),
        87: (REFUSED, "user not member of closed user group"),
        88: (REFUSED, "incompatible destination"),
        90: (REFUSED, "non-existing closed user group"),
        91: (REFUSED, "invalid transit network selection"),
        95: (REFUSED, "invalid message, unspecified"),
        96: (REFUSED, "mandatory information element is missing"),
        97: (REFUSED, "message type non-existent or not implemented"),
        98: (REFUSED, "message not compatible with call state"),
        99: (REFUSED, "information element non-existent or not implemented"),
        100: (REFUSED, "invalid information element contents"),
        101: (REFUSED, "message not compatible with call state"),
        102: (REFUSED, "recovery on timer expiry"),
        103: (REFUSED, "parameter non-existent or not implemented, passed on"),
        110: (REFUSED, "message with unrecognised parameter, discarded"),
        111: (REFUSED, "protocol error, unspecified"),
        127: (REFUSED, "interworking, unspecified"),
    }
)
"""Every cause of Q.850 with its words there, and what it means when nothing rang."""

STATUSES: Final[Mapping[str, tuple[Meaning, str]]] = MappingProxyType(
    {
        "301": (NUMBER_CHANGED, "moved permanently"),
        "404": (UNALLOCATED, "not found"),
        "408": (NO_ANSWER, "request timeout"),
        "410": (NUMBER_CHANGED, "gone"),
        "480": (NO_ANSWER, "temporarily unavailable"),
        "484": (INVALID_NUMBER, "address incomplete"),
        "485": (INVALID_NUMBER, "ambiguous"),
        "486": (BUSY, "busy here"),
        "487": (NO_ANSWER, "request terminated"),
        "600": (BUSY, "busy everywhere"),
        "603": (REJECTED, "decline"),
        "604": (UNALLOCATED, "does not exist anywhere"),
        "607": (REJECTED, "unwanted (RFC 8197)"),
        "608": (REJECTED, "rejected by an analysis on the way (RFC 8688)"),
    }
)
"""Statuses that tell of the customer or the number; every other final one is the trunk's refusal."""

_LOWEST_FINAL = 300


def outcome_of(end: DialEnd, cause: int, sip_cause: str, *, rang: bool) -> str:
    """The outcome of a call by how its ringing ended; see `meaning_of`."""
    return meaning_of(end, cause, sip_cause, rang=rang).outcome


def meaning_of(end: DialEnd, cause: int, sip_cause: str, *, rang: bool) -> Meaning:
    """What an end means.

    `end` is what the lines make of it, `cause` Q.850's or 0, `sip_cause` the far end's status or '', `rang`
    whether the far end was told to ring. The status goes before the cause, which is often only its
    translation. A telephone that rang was reached, whatever broke off after that: no other trunk may ring
    it again.
    """
    if end is DialEnd.ANSWERED:
        return ANSWERED
    if end is DialEnd.FAILED:
        return FAILED
    status = sip_cause[:3]  # words may stand behind it
    said = _said(cause, status)
    if end is DialEnd.BUSY:
        return REJECTED if said is REJECTED else BUSY
    if rang:
        return REJECTED if said is REJECTED else NO_ANSWER
    if end is DialEnd.NO_ANSWER:
        return said if said.final else NO_ANSWER
    # a bare 21 or 403 before ringing is how carriers say that they will not carry it
    declined = status in {"603", "607", "608"}
    return said if said.final or (said is REJECTED and declined) else REFUSED


def _said(cause: int, status: str) -> Meaning:
    if status in STATUSES:
        return STATUSES[status][0]
    if status.isascii() and status.isdigit() and int(status) >= _LOWEST_FINAL:
        return REFUSED
    return CAUSES.get(cause, (REFUSED, ""))[0]
