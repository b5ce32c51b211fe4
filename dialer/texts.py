"""Whether a text may go to somebody: the gate's rules about whom and when, without those about calls.

The same wishes hold as for calls, and one more: the customer's last word on texts for that purpose.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dialer.facts import gather
from dialer.gate import Candidate, Gate, NumberKind, Purpose, Reason, Verdict
from dialer.gate.destination import destination
from dialer.gate.verdict import refused

Wishes = Callable[
    [AsyncSession, Sequence[tuple[str, Purpose]]], Awaitable[Mapping[tuple[str, Purpose], bool]]
]
"""Each (customer, purpose)'s last word on being texted, where they have said one."""

FIXED = frozenset({NumberKind.FIXED, NumberKind.FREE, NumberKind.COMPANY, NumberKind.VOICEMAIL})
"""Lines whose telephones take no texts."""


@dataclass(frozen=True, slots=True)
class WantedText:
    """A text somebody would like to send."""

    number: str
    purpose: Purpose
    customer_id: str = ""
    zone: str = ""
    """The time zone of the address, '' when unknown."""


async def may_text(
    session: AsyncSession,
    gate: Gate,
    profile: str,
    wanted: Sequence[WantedText],
    wishes: Wishes,
    now: datetime,
) -> list[Verdict]:
    """A verdict for each, in order. Raises `UnknownJurisdictionError`."""
    asked = sorted({(each.customer_id, each.purpose) for each in wanted if each.customer_id})
    said = await wishes(session, asked) if asked else {}

    async def consented(
        _session: AsyncSession, _asked: Sequence[tuple[str, Purpose]]
    ) -> frozenset[tuple[str, Purpose]]:
        return frozenset(who for who, yes in said.items() if yes)

    candidates = [
        Candidate(each.number, each.purpose, profile, customer_id=each.customer_id, zone=each.zone)
        for each in wanted
    ]
    facts = await gather(session, candidates, consented, now)
    return [
        _takes_texts(candidate) or _wish(candidate, said) or gate.whether_and_when(candidate, facts, now)
        for candidate in candidates
    ]


def _takes_texts(candidate: Candidate) -> Verdict | None:
    kind = destination(candidate.number).kind
    if kind not in FIXED:
        return None
    return refused(Reason.KIND, f"a {kind} number takes no texts")


def _wish(candidate: Candidate, said: Mapping[tuple[str, Purpose], bool]) -> Verdict | None:
    """What must be told is told all the same."""
    word = said.get((candidate.customer_id, candidate.purpose))
    if word is not False or candidate.purpose is Purpose.MANDATORY_NOTICE:
        return None
    return refused(Reason.NO_CONSENT, f"they want no texts for {candidate.purpose}")
