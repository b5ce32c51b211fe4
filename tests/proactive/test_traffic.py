"""The traffic alarm: whom it warns from which amount, once a cycle, for five days, and what the CRM hears."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from customers.models import ContactHistory
from customers.seed import id_of, number_of
from dialer.contacts import expire
from messages.sms import TextMessage
from proactive.traffic import CARING, TOLD, TrafficAlarm, load_policy
from proactive.traffic.book import Reading, raise_alarms
from store import Database, OutboxEvent
from tests.proactive.network import Network, connected
from values import BadInputError, CustomerId, Money
from values.testing import EPOCH, FixedClock

ANNA, BERTA = 31, 32


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Network]:
    async with connected(database_url) as town:
        yield town


async def reads(town: Network, customer: int, cents: int, /, **more: Any) -> dict[str, Any]:
    line = (await town.lines(id_of(customer)))[0]
    return {
        "type": "usage.read", "customer": id_of(customer), "line": line, "cycle": "2026-03",
        "unbilled": {"minor": cents, "currency": "EUR"}, **more,
    }  # fmt: skip


@pytest.mark.database
async def test_a_line_is_warned_about_once_a_cycle_however_often_it_is_read(town: Network) -> None:
    assert await town.says(await reads(town, ANNA, 69_99)) == ["done"]
    assert await town.contacts("traffic_alarm") == []
    for cents in (70_00, 95_00, 70_00, 240_00):  # each evening's reading
        await town.says(await reads(town, ANNA, cents), await reads(town, ANNA, cents + 1))
        town.later(days=1)
    (contact,) = await town.contacts("traffic_alarm")
    assert (contact.customer_id, contact.number) == (id_of(ANNA), number_of(ANNA))
    assert contact.fields["amount"] == {"$money": [70_00, "EUR"]}
    (alarm,) = await town.all(TrafficAlarm)
    assert (alarm.unbilled_minor, alarm.threshold_minor, alarm.cycle) == (70_00, 70_00, "2026-03")

    town.later(days=27)
    await town.says(await reads(town, ANNA, 88_00, cycle="2026-04"))
    assert len(await town.contacts("traffic_alarm")) == 2


@pytest.mark.database
async def test_a_record_lives_five_days_and_the_outcome_is_told(town: Network) -> None:
    await town.says(await reads(town, ANNA, 80_00))
    (contact,) = await town.contacts("traffic_alarm")
    assert contact.expires == EPOCH + timedelta(days=5)
    town.later(days=5)
    async with town.db.write() as session:
        await expire(session, town.clock.now())
    await town.dispatcher.drain()
    (alarm,) = await town.all(TrafficAlarm)
    assert (alarm.outcome, alarm.understood) == ("expired", False)
    (told,) = [row for row in await town.all(OutboxEvent) if row.kind == TOLD]
    assert (told.payload["customer_id"], told.payload["outcome"]) == (id_of(ANNA), "expired")
    (note,) = [row for row in await town.all(ContactHistory) if row.reason == "traffic_alarm"]
    assert (note.customer_id, note.outcome) == (id_of(ANNA), "expired")


OWN_RULE = """
edition: 1
rules:
  traffic_alarm:
    title: Ours
    on: traffic.high
    campaign: traffic_alarm
    flow: proactive.traffic_warning
    fields: {customer_name: "{customer_name}", line: "{line}", cycle: "{cycle}", amount: "{unbilled}"}
    expires: now + 3d
"""


@pytest.mark.database
async def test_under_a_rule_of_the_operators_own_the_outcome_is_told_too(
    town: Network, tmp_path: Path
) -> None:
    town.desk.rulings.shelf.own = tmp_path / "rules.yaml"
    town.desk.rulings.shelf.own.write_text(OWN_RULE, encoding="utf-8")
    await town.says(await reads(town, ANNA, 80_00), await reads(town, BERTA, 90_00))
    contacts = await town.contacts("traffic_alarm")
    assert [contact.expires for contact in contacts] == [EPOCH + timedelta(days=3)] * 2
    town.later(days=3)
    async with town.db.write() as session:
        await expire(session, town.clock.now())
    await town.dispatcher.drain()
    told = [row.payload["customer_id"] for row in await town.all(OutboxEvent) if row.kind == TOLD]
    assert sorted(told) == sorted([id_of(ANNA), id_of(BERTA)])
    assert {alarm.outcome for alarm in await town.all(TrafficAlarm)} == {"expired"}


@pytest.mark.database
async def test_who_asks_for_it_is_rung_by_an_agent_with_the_script_for_it(town: Network) -> None:
    await town.says(await reads(town, ANNA, 80_00))
    (contact,) = await town.contacts("traffic_alarm")
    line = str(contact.fields["line"])
    for _ in range(2):
        promised = await town.processes.traffic.talk(town.call(ANNA), line, "2026-03")
        assert promised == {"promised": True}
    await town.call_ends("call_me", campaign="traffic_alarm", goal=True)
    (caring,) = await town.contacts(CARING)
    assert (caring.customer_id, caring.fields["traffic"]) == (id_of(ANNA), {"$money": [80_00, "EUR"]})
    assert {"tier", "months_left", "customer_name"} <= caring.fields.keys()
    (told,) = [row for row in await town.all(OutboxEvent) if row.kind == TOLD]
    assert (told.payload["understood"], told.payload["caring"]) == (True, True)
    await town.call_ends("offer_taken", campaign=CARING, goal=True)
    reasons = {(row.reason, row.outcome) for row in await town.all(ContactHistory)}
    assert {("traffic_alarm", "call_me"), (CARING, "offer_taken")} <= reasons


@pytest.mark.database
@pytest.mark.parametrize(
    ("outcome", "texts"), [("expired", 1), ("no_answer", 1), ("informed", 0), ("wrong_number", 0)]
)
async def test_who_was_promised_a_call_and_was_not_reached_is_written_to(
    town: Network, outcome: str, texts: int
) -> None:
    await town.says(await reads(town, ANNA, 80_00))
    (contact,) = await town.contacts("traffic_alarm")
    await town.processes.traffic.talk(town.call(ANNA), str(contact.fields["line"]), "2026-03")
    await town.call_ends("call_me", campaign="traffic_alarm", goal=True)
    assert await town.all(TextMessage) == []
    town.later(days=3)
    await town.call_ends(outcome, campaign=CARING, goal=outcome == "informed")
    found = await town.all(TextMessage)
    assert [text.number for text in found] == [number_of(ANNA)] * texts
    for text in found:
        assert "0611" in text.words
        assert not {"80", "€", "euro"} & set(text.words.split())  # nothing of money to whoever reads it


@pytest.mark.database
async def test_nobody_is_promised_a_call_about_an_alarm_that_is_not_there(town: Network) -> None:
    for line, cycle in (("nowhere", "2026-03"), ("", ""), (None, None)):
        promised = await town.processes.traffic.talk(town.call(ANNA), line, cycle)
        assert promised == {"promised": False}
    assert await town.contacts(CARING) == []


@pytest.mark.database
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"line": "nowhere"}, "there is no line nowhere"),
        ({"customer": id_of(BERTA)}, "is another customer's"),
        ({"unbilled": {"minor": 90_00, "currency": "USD"}}, "thresholds are in EUR"),
    ],
)
async def test_a_reading_that_cannot_be_so_is_refused_in_words(
    town: Network, told: dict[str, Any], why: str
) -> None:
    assert await town.says(await reads(town, ANNA, 80_00, **told)) == ["refused"]
    assert why in await town.why()
    assert await town.all(TrafficAlarm) == []


@pytest.mark.database
async def test_many_who_read_at_once_raise_one_alarm(database_url: str) -> None:
    reading = Reading("l1", "2026-03", CustomerId("c1"), "mobile", Money(80_00), Money(70_00))

    async def read(db: Database) -> int:
        async with db.write() as session:
            return len(await raise_alarms(session, [reading, reading], EPOCH))

    async with Database(database_url, clock=FixedClock()) as db:
        assert sum(await asyncio.gather(*(read(db) for _ in range(8)))) == 1


@pytest.mark.unit
def test_thresholds_are_data_by_plan(tmp_path: Path) -> None:
    assert load_policy(tmp_path).threshold_of("mobile") == Money(70_00)
    (tmp_path / "traffic.yaml").write_text("plans: {mobile: 49.90}\n", encoding="utf-8")
    own = load_policy(tmp_path)
    assert (own.threshold_of("mobile"), own.threshold_of("fibre")) == (Money(49_90), Money(70_00))
    (tmp_path / "traffic.yaml").write_text("plans: {mobile: free}\n", encoding="utf-8")
    with pytest.raises(BadInputError) as problem:
        load_policy(tmp_path)
    assert problem.value.field == "plans.mobile"
