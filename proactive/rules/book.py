"""What the rules say of a fact. Pure: facts and persons in, decisions out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from dialer import NewContact
from proactive.rules.facts import Fact, Person
from proactive.rules.rule import Rule
from proactive.rules.templates import Template
from values import Scalar


class Result(StrEnum):
    """What a rule came to."""

    CONTACT = "contact"
    """The customer is to be called."""
    CONTROL = "control"
    """They are in the group that is left alone, to compare with."""
    WITHDRAWAL = "withdrawal"
    """The rule only takes earlier contacts back."""
    NO_NUMBER = "no_number"
    LATE = "late"
    """The time in which a call makes sense is over."""
    OVERTAKEN = "overtaken"
    """Something later is known about the same thing already."""
    OUTRANKED = "outranked"
    """Another rule has decided for this campaign: one event is one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one rule says of one fact."""

    id: str
    """The contact's `event_id`."""
    rule: str
    fact: Fact
    campaign: str
    result: Result
    key: str = ""
    """What earlier contacts are withdrawn by; '' none are."""
    contact: NewContact | None = None
    share: float = 0.0
    """The share of customers that is left alone, of whom this one may be."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules that hold."""

    rules: Sequence[Rule] = ()
    version: str = ""
    """Of their text."""

    def decide(self, fact: Fact, person: Person | None, now: datetime) -> Sequence[Decision]:
        """What is to be done about a fact; nothing where nobody knows whom it is about.

        The first rule, by priority and then in the book's order, is the one that calls for its campaign.
        """
        if person is None:
            return ()
        candidates = [rule for rule in self.rules if fact.type in rule.on]
        if not candidates:
            return ()
        values = values_of(fact, person)
        holding = [rule for rule in candidates if rule.when is None or rule.when.evaluate(values)]
        shares: dict[str, float] = {}
        for rule in holding:
            shares[rule.campaign] = max(rule.control, shares.get(rule.campaign, 0.0))
        ranked = sorted(holding, key=lambda rule: -rule.priority)
        return _one_a_campaign(
            [_decide(rule, fact, person, values, now, shares[rule.campaign]) for rule in ranked]
        )


PERSON_VALUES = ("customer", "customer_name", "language", "slow", "tier", "zone", "number_type")
"""What rules know of a customer."""
FACT_VALUES = ("event", "type", "at", "about")
"""What rules know of every fact."""


def values_of(fact: Fact, person: Person) -> Mapping[str, Scalar]:
    """Everything that rules can name."""
    card = person.card
    return {
        **fact.values,
        "event": fact.id,
        "type": fact.type,
        "at": fact.at,
        "about": fact.key,
        "customer": card.id,
        "customer_name": card.name,
        "language": card.language,
        "slow": card.slow_speech,
        "tier": card.tier.value,
        "zone": card.zone,
        "number_type": person.numbers[0].line_type.value if person.numbers else None,
    }


def in_control(campaign: str, customer_id: str, share: float) -> bool:
    """Whether a customer is left alone by a campaign: by chance, and always the same."""
    if share <= 0:
        return False
    digest = blake2b(f"{campaign}\0{customer_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 < share


def _one_a_campaign(decisions: Sequence[Decision]) -> list[Decision]:
    """The first that calls, or leaves alone, speaks for its campaign; what it takes back goes for all."""
    settled: set[str] = set()
    found: list[Decision] = []
    for each in decisions:
        speaks = each.result in (Result.CONTACT, Result.CONTROL)
        if speaks and each.campaign in settled:
            own = f"{each.rule}:{each.fact.id}"
            found.append(replace(each, id=own, result=Result.OUTRANKED, contact=None))
            continue
        if speaks:
            settled.add(each.campaign)
        found.append(each)
    return found


def _decide(
    rule: Rule, fact: Fact, person: Person, values: Mapping[str, Scalar], now: datetime, control: float
) -> Decision:
    """`control`: the largest share that any rule about this leaves alone, so that no other calls them."""
    zone = person.card.zone
    key = rule.replaces.text(values, zone) if rule.replaces else ""
    own = f"{rule.name}:{fact.id}"
    if not rule.campaign:
        return Decision(id=own, rule=rule.name, fact=fact, campaign="", result=Result.WITHDRAWAL, key=key)
    decision_id = rule.event_id.text(values, zone) if rule.event_id else own
    result, contact = Result.CONTACT, None
    start = rule.not_before.when(values, zone, now) if rule.not_before else None
    start = max(start or now, now)
    if rule.quiet is not None:
        start = rule.quiet.after(start, zone)
    expires = rule.expires.when(values, zone, now) if rule.expires else None
    if not person.numbers:
        result = Result.NO_NUMBER
    elif expires is not None and expires <= start:
        result = Result.LATE
    elif in_control(rule.campaign, person.card.id, control):
        result = Result.CONTROL
    else:
        contact = NewContact(
            campaign=rule.campaign,
            event_id=decision_id,
            customer_id=person.card.id,
            number=person.numbers[0].number,
            numbers=[each.number for each in person.numbers] if len(person.numbers) > 1 else (),
            zone=zone,
            fields=_fields(rule, values, zone),
            priority=rule.priority,
            not_before=start if start > now else None,
            expires=expires,
        )
    return Decision(
        id=decision_id, rule=rule.name, fact=fact, campaign=rule.campaign, result=result, key=key,
        contact=contact, share=control,
    )  # fmt: skip


def _fields(rule: Rule, values: Mapping[str, Scalar], zone: str) -> dict[str, Scalar]:
    filled = {
        name: each.fill(values, zone) if isinstance(each, Template) else each
        for name, each in rule.fields.items()
    }
    return {name: value for name, value in filled.items() if value is not None}
