"""A call-back promised at the desk: the customer's clock, the law's hours, and who is to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from customers import Channel, Customers
from dialer import CampaignPlan, Consents, Gate, Mode, NewContact, Purpose, enqueue, promise, set_up
from dialer.campaigns import UnknownCampaignError
from dialer.gate import Verdict, zones_key
from dialer.gate.zones import known_zone
from dialer.questions import explain_call
from values import BadInputError, CustomerId, PhoneNumber, check_year
from web.desk.call import AtHand

CAMPAIGN: Final = "callbacks"
"""Who rang us and is to be called back at a time is a contact of this one."""
FURTHEST: Final = timedelta(days=60)
FIELD: Final = "callback_at"
_FLOW: Final = "care.service_0611"
_ASKED: Final = frozenset({"destination", "do_not_call", "register", "exclusion", "hold", "consent", "hours"})
"""What can be told today of a call on another day; the rest is asked when it is due."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A time that an agent would like to promise, and what stands against it."""

    at: datetime
    zone: str
    """The customer's clock."""
    allowed: bool
    words: str
    """What stands against it; '' when nothing does."""
    next: datetime | None
    """The next time at which it may be; None when that is never, or now."""

    def told(self) -> dict[str, Any]:
        """As the page reads it."""
        place = ZoneInfo(self.zone)
        return {
            "at": self.at.isoformat(),
            "zone": self.zone,
            "local": f"{self.at.astimezone(place):%Y-%m-%dT%H:%M}",
            "allowed": self.allowed,
            "words": self.words,
            "next": f"{self.next.astimezone(place):%Y-%m-%dT%H:%M}" if self.next else None,
        }


def customer_zone(hand: AtHand, address_zone: str, house_zone: str) -> str:
    """Whose clock a customer means who says "at six": the address's, the number's, else the house's."""
    for zone in (address_zone, hand.zone, *zones_key(hand.number, "", ()).split(",")):
        if zone and known_zone(zone):
            return zone
    return house_zone


def moment_of(local: object, zone: str, now: datetime) -> datetime:
    """What the clock on the customer's wall shows (`2026-03-02T18:00`) as an instant, to the minute.

    Raises `BadInputError` for what is no time, is past, or is too far off. A time that the clocks leap over
    is the one after it.
    """
    try:
        read = datetime.fromisoformat(str(local))
    except ValueError:
        raise BadInputError("write day and time, as in 2026-03-02T18:00", field=FIELD) from None
    check_year(FIELD, read.year)
    if read.tzinfo is None:
        read = read.replace(tzinfo=ZoneInfo(zone))
    at = read.astimezone(UTC).replace(second=0, microsecond=0)
    if at <= now:
        raise BadInputError("this time is past; write one to come", field=FIELD)
    if at > now + FURTHEST:
        raise BadInputError(f"at most {FURTHEST.days} days ahead", field=FIELD)
    return at


async def may_promise(
    session: AsyncSession, gate: Gate, customers: Customers, hand: AtHand, at: datetime, zone: str
) -> Promise:
    """Whether the law's hours and the customer's wishes allow a call then."""
    try:
        explained = await explain_call(
            session,
            gate,
            PhoneNumber(hand.number),
            hand.campaign or CAMPAIGN,
            at,
            customer_id=hand.customer,
            zone=zone,
            consents=_consents(customers, at),
        )
    except UnknownCampaignError:  # the very first call-back at this house
        return Promise(at, zone, allowed=True, words="", next=None)
    against: Verdict | None = next(
        (each.verdict for each in explained.checks if each.rule in _ASKED and not each.verdict.allowed), None
    )
    if against is None:
        return Promise(at, zone, allowed=True, words="", next=None)
    return Promise(at, zone, allowed=False, words=against.words, next=against.retry_at)


async def book(
    session: AsyncSession,
    gate: Gate,
    shown: str,
    hand: AtHand,
    promised: Promise,
    *,
    agent: str,
    now: datetime,
) -> str:
    """Promise somebody who rang us a call at a time, by `agent` or ('') anybody; the contact's id.

    Called twice of one call it moves the time.
    """
    await set_up(session, gate, house_campaign(gate, shown))
    contact = NewContact(
        campaign=CAMPAIGN,
        event_id=f"desk-{hand.call}",
        customer_id=hand.customer,
        number=PhoneNumber(hand.number),
        zone=promised.zone,
        fields={"language": hand.language} if hand.language else {},
        not_before=promised.at,
    )
    (contact_id,) = await enqueue(session, [contact], now)
    await promise(session, contact_id, promised.at, now=now, agent=agent)
    return contact_id


def house_campaign(gate: Gate, shown: str) -> CampaignPlan:
    """The campaign of call-backs, as the house sets it up; people may change it like any other."""
    return CampaignPlan(
        name=CAMPAIGN,
        title="Call-backs",
        flow=_FLOW,
        purpose=Purpose.SERVICE,
        profile=_profile(gate),
        caller_id=shown,
        mode=Mode.PROGRESSIVE,
        priority=50,
    )


def _profile(gate: Gate) -> str:
    """The jurisdiction of the house's country, where there is one."""
    name = gate.house.country.lower()
    try:
        gate.profile(name)
    except BadInputError:
        return "none"
    return name


def _consents(customers: Customers, at: datetime) -> Consents:
    """The gate's question about consents, answered by the customers' room."""

    async def answer(
        session: AsyncSession, asked: Sequence[tuple[str, Purpose]]
    ) -> frozenset[tuple[str, Purpose]]:
        given = set()
        for purpose in {purpose for _, purpose in asked}:
            ids = [CustomerId(customer) for customer, about in asked if about is purpose]
            words = await customers.consents(session, ids, purpose.value, Channel.VOICE, at)
            given |= {(customer, purpose) for customer, yes in words.items() if yes}
        return frozenset(given)

    return answer
