"""What rules say of a fact: whom they call, when, with which words, and whom they leave alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers import CustomerCard, LineType, NumberCard, Tier
from proactive.rules import Decision, Fact, Person, Result, RuleBook, Vocabulary, in_control, read_book
from proactive.rules.moments import parse_moment, parse_quiet
from values import CustomerId, Money, PhoneNumber, Scalar
from values.testing import EPOCH

pytestmark = pytest.mark.unit

WORDS = Vocabulary(
    {"order.planned": frozenset({"order", "kind", "planned", "work_from"}),
     "usage.read": frozenset({"line", "unbilled"})}
)  # fmt: skip
MOBILE = NumberCard(PhoneNumber("+393290000001"), "Europe/Rome", LineType.MOBILE)
HOME = NumberCard(PhoneNumber("+390650000001"), "Europe/Rome", LineType.LANDLINE)


def anna(*numbers: NumberCard, name: str = "k1") -> Person:
    card = CustomerCard(CustomerId(name), "Anna Rossi", Tier.GOLD, "it", slow_speech=True, zone="Europe/Rome")
    return Person(card, numbers)


def book(rule: str) -> RuleBook:
    indented = "\n".join(f"    {line}" for line in rule.strip().splitlines())
    return read_book([("rules.yaml", f"edition: 1\nrules:\n  notice:\n{indented}\n")], WORDS)


def planned(**values: Scalar) -> Fact:
    whole: Mapping[str, Scalar] = {"order": "o1", "kind": "la", "planned": date(2026, 3, 12), **values}
    return Fact(id="e1", type="order.planned", at=EPOCH, customer_id="k1", key="o1", values=whole)


def one(rule: str, fact: Fact | None = None, person: Person | None = None) -> Decision:
    (found,) = book(rule).decide(fact or planned(), person or anna(MOBILE, HOME), EPOCH)
    return found


def test_a_contact_has_the_flows_words_and_all_numbers_the_best_first() -> None:
    found = one("""
on: order.planned
campaign: line_notice
event_id: "notice-{order}-{planned}"
fields:
  customer_name: "{customer_name}"
  planned: "{planned}"
  from: "{work_from:clock}"
  day: "{work_from:day}"
  said: "order {order}, {kind}"
  slow: "{slow}"
  twice: true
priority: 7
""", planned(work_from=datetime(2026, 3, 11, 23, 30, tzinfo=UTC)))  # fmt: skip
    contact = found.contact
    assert contact is not None
    assert (found.result, found.id) == (Result.CONTACT, "notice-o1-2026-03-12")
    assert (contact.campaign, contact.event_id, contact.customer_id, contact.zone, contact.priority) == (
        "line_notice", "notice-o1-2026-03-12", "k1", "Europe/Rome", 7,
    )  # fmt: skip
    assert (contact.number, list(contact.numbers)) == (MOBILE.number, [MOBILE.number, HOME.number])
    assert contact.fields == {
        "customer_name": "Anna Rossi", "planned": date(2026, 3, 12), "from": "00:30",
        "day": date(2026, 3, 12), "said": "order o1, la", "slow": True, "twice": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "holds"),
    [('kind == "la"', True), ('kind in ["cdu", "lna"]', False), ('tier == "gold" and slow', True),
     ('planned < "2026-03-12"', False), ("work_from == none", True)],
)  # fmt: skip
def test_a_rule_holds_only_under_its_condition(condition: str, holds: bool) -> None:
    found = book(f"on: order.planned\ncampaign: c\nwhen: '{condition}'").decide(
        planned(), anna(MOBILE), EPOCH
    )
    assert bool(found) is holds


def test_money_is_compared_as_money() -> None:
    fact = Fact(id="u1", type="usage.read", at=EPOCH, customer_id="k1", key="l1",
                values={"line": "l1", "unbilled": Money(7100)})  # fmt: skip
    assert one("on: usage.read\ncampaign: c\nwhen: unbilled > 70", fact).result is Result.CONTACT
    assert book("on: usage.read\ncampaign: c\nwhen: unbilled > 71").decide(fact, anna(MOBILE), EPOCH) == []


def test_nobody_is_called_who_is_unknown_or_has_no_number() -> None:
    rule = "on: order.planned\ncampaign: c"
    assert book(rule).decide(planned(), None, EPOCH) == ()
    assert one(rule, person=anna()).result is Result.NO_NUMBER


def test_a_call_begins_when_it_may_and_makes_sense() -> None:
    """The epoch is Monday 2 March 2026, ten o'clock in Rome."""
    rule = "on: order.planned\ncampaign: c\nnot_before: planned - 2d at 18:00\nexpires: planned at 08:00"
    contact = one(rule).contact
    assert contact is not None
    assert contact.not_before == datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
    assert contact.expires == datetime(2026, 3, 12, 7, 0, tzinfo=UTC)
    assert one(rule, planned(planned=date(2026, 3, 2))).result is Result.LATE
    soon = one(rule, planned(planned=date(2026, 3, 3))).contact
    assert soon is not None
    assert soon.not_before is None  # the day before yesterday has been


def test_quiet_hours_put_a_call_off_until_their_end() -> None:
    rule = 'on: order.planned\ncampaign: c\nquiet_hours: "09:30-15:00"'
    contact = one(rule).contact
    assert contact is not None
    assert contact.not_before == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    assert one(f"{rule}\nexpires: now + 3h").result is Result.LATE


def test_a_rule_may_only_take_back() -> None:
    found = one('on: order.planned\nreplaces: "order-{order}"')
    assert (found.result, found.key, found.contact, found.campaign) == (
        Result.WITHDRAWAL, "order-o1", None, "",
    )  # fmt: skip


def test_a_tenth_are_left_alone_always_the_same() -> None:
    rule = "on: order.planned\ncampaign: c\ncontrol: 0.1"
    left = [i for i in range(5000) if one(rule, person=anna(MOBILE, name=f"k{i}")).result is Result.CONTROL]
    assert 400 < len(left) < 600
    assert left == [i for i in range(5000) if in_control("c", f"k{i}", 0.1)]
    assert left != [i for i in range(5000) if in_control("another", f"k{i}", 0.1)]


@given(st.text(max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_who_is_left_alone_of_few_is_so_of_more(customer: str, one_share: float, other: float) -> None:
    less, more = sorted((one_share, other))
    assert not in_control("c", customer, less) or in_control("c", customer, more)
    assert not in_control("c", customer, 0)


MOMENTS = st.integers(0, 700 * 1440).map(lambda minutes: EPOCH + timedelta(minutes=minutes))


@given(MOMENTS, st.integers(0, 1439), st.integers(0, 1439))
def test_after_quiet_hours_it_is_never_quiet_and_never_earlier(when: datetime, first: int, last: int) -> None:
    if first == last:
        return
    hours = parse_quiet(f"{first // 60:02}:{first % 60:02}-{last // 60:02}:{last % 60:02}")
    shifted = hours.after(when, "Asia/Tokyo")  # a place whose clocks are never turned
    assert when <= shifted <= when + timedelta(days=1)
    assert hours.after(shifted, "Asia/Tokyo") == shifted


@given(MOMENTS, st.integers(0, 999))
def test_days_are_the_customers_days_also_when_clocks_are_turned(now: datetime, days: int) -> None:
    moment = parse_moment(f"now + {days}d at 09:00").when({}, "Europe/Rome", now)
    assert moment is not None
    local = moment.astimezone(ZoneInfo("Europe/Rome"))
    assert (local.hour, local.minute) == (9, 0)


TWO = """
edition: 1
rules:
  everybody: {on: order.planned, campaign: c, replaces: "order-{order}"}
  golden: {on: order.planned, campaign: c, replaces: "order-{order}", when: tier == "gold", PRIORITY: 5}
"""


def both(more: str) -> list[tuple[str, Result]]:
    rules = read_book([("rules.yaml", TWO.replace("PRIORITY: 5", more))], WORDS)
    return [(each.rule, each.result) for each in rules.decide(planned(), anna(MOBILE), EPOCH)]


def test_one_event_is_one_call_of_a_campaign_however_many_rules_are_about_it() -> None:
    assert both("priority: 5") == [("golden", Result.CONTACT), ("everybody", Result.OUTRANKED)]
    assert both("priority: 0") == [("everybody", Result.CONTACT), ("golden", Result.OUTRANKED)]


def test_where_the_first_rule_comes_too_late_the_next_one_calls() -> None:
    assert both("expires: now - 1h, priority: 5") == [
        ("golden", Result.LATE), ("everybody", Result.CONTACT),
    ]  # fmt: skip


@pytest.mark.parametrize("priority", [5, -5])
@pytest.mark.parametrize("backwards", [False, True])
def test_whom_any_rule_leaves_alone_no_other_calls_by_that_campaign(priority: int, backwards: bool) -> None:
    left = [i for i in range(300) if in_control("c", f"k{i}", 0.1)]
    assert left
    head, one, other = TWO.replace("PRIORITY: 5", f"control: 0.1, priority: {priority}").rsplit("\n  ", 2)
    text = "\n  ".join([head, other.rstrip(), one] if backwards else [head, one, other]) + "\n"
    rules = read_book([("rules.yaml", text)], WORDS)
    for i in range(300):
        found = rules.decide(planned(), anna(MOBILE, name=f"k{i}"), EPOCH)
        first = Result.CONTROL if i in left else Result.CONTACT
        assert [each.result for each in found] == [first, Result.OUTRANKED]


def test_another_campaign_calls_about_the_same_event_all_the_same() -> None:
    text = TWO.replace("PRIORITY: 5", "priority: 5").replace("campaign: c", "campaign: d", 1)
    found = read_book([("rules.yaml", text)], WORDS).decide(planned(), anna(MOBILE), EPOCH)
    assert [each.result for each in found] == [Result.CONTACT, Result.CONTACT]
