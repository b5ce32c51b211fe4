"""After a repair: who is asked how often, what no answer comes to, and what an agent is for."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from customers import FaultStatus
from customers.models import CustomerNumber
from customers.seed import id_of, number_of
from dialer.contacts import Closing, close
from dialer.models import Contact, ContactState
from messages.sms import TextMessage
from proactive.assurance import CARING, RepairCheck, load_policy
from store import OutboxEvent
from tests.proactive.town import Town, opened
from values import BadInputError

ANNA = 31


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with opened(database_url) as town:
        yield town


async def check(town: Town, fault: str) -> tuple[str, str]:
    (row,) = [each for each in await town.all(RepairCheck) if each.fault_id == fault]
    return row.state.value, row.result


@pytest.mark.database
async def test_nobody_answers_a_text_goes_and_two_days_later_the_rule_closes(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    town.later(days=1, hours=2)
    await town.call_ends("silence")
    assert await check(town, "f1") == ("waiting", "silence")
    (text,) = await town.all(TextMessage)
    assert (text.number, text.customer_id, text.purpose) == (number_of(ANNA), id_of(ANNA), "service")
    assert text.expires == town.clock.now() + timedelta(days=2)
    assert await town.statuses("f1") == ["restored"]

    town.later(days=1, hours=23)
    assert await town.closure.closing.once() == 0
    town.later(hours=1)
    assert await town.closure.closing.once() == 1
    assert await town.statuses("f1") == ["closed"]
    assert await check(town, "f1") == ("done", "by_rule")
    (told,) = [row for row in await town.all(OutboxEvent) if row.kind == "customers.fault_closed"]
    assert (told.payload["fault_id"], told.payload["reason"]) == ("f1", "by_rule")

    await town.dispatcher.drain()
    assert await check(town, "f1") == ("done", "by_rule")
    assert await town.closure.closing.once() == 0


@pytest.mark.database
async def test_who_speaks_up_after_the_text_is_not_closed_by_rule(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    await town.call_ends("no_answer")
    await town.set(FaultStatus.REOPENED, "f1", reason="customer")
    town.later(days=3)
    assert await town.closure.closing.once() == 1  # the word has not reached the process yet
    assert await town.statuses("f1") == ["reopened"]
    await town.dispatcher.drain()
    (text,) = await town.all(TextMessage)
    assert text.state.value == "waiting"  # it was not sent in three days of this story, and is let be


@pytest.mark.database
async def test_the_text_is_taken_back_when_the_customer_answers_before_it_went(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    await town.call_ends("no_answer")
    await town.set(FaultStatus.CLOSED, "f1", reason="customer")
    await town.dispatcher.drain()
    (text,) = await town.all(TextMessage)
    assert text.state.value == "withdrawn"
    assert await check(town, "f1") == ("done", "fixed")


@pytest.mark.database
async def test_a_wrong_party_gets_no_text_but_the_rule_closes(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    await town.call_ends("wrong_party")
    assert await town.all(TextMessage) == []
    town.later(days=2)
    assert await town.closure.closing.once() == 1
    assert await town.statuses("f1") == ["closed"]


@pytest.mark.database
async def test_who_was_put_through_is_told_in_writing_before_the_rule_closes(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    await town.call_ends("talked_to_operator", goal=True)
    assert await check(town, "f1") == ("waiting", "talked_to_operator")
    (text,) = await town.all(TextMessage)
    assert "0611" in text.words
    assert text.expires == town.clock.now() + timedelta(days=2)
    await town.set(FaultStatus.REOPENED, "f1", reason="customer")  # what the operator has noted
    await town.dispatcher.drain()
    (text,) = await town.all(TextMessage)
    assert text.state.value == "withdrawn"


@pytest.mark.database
async def test_two_faults_are_one_call_whose_answer_holds_for_both(town: Town) -> None:
    await town.fault(ANNA, "f1", days_ago=4)
    await town.fault(ANNA, "f2", days_ago=2, line=1)
    await town.happens(FaultStatus.RESTORED, "f1", "f2")
    (contact,) = await town.contacts()
    assert (contact.fields["fault_id"], contact.fields["several"]) == ("f1 f2", True)
    assert contact.fields["opened"] == {"$date": "2026-02-26"}
    await town.closure.answers.close_fault(town.call(ANNA), contact.fields["fault_id"])
    await town.call_ends("fixed", goal=True)
    assert await town.statuses("f1", "f2") == ["closed", "closed"]
    assert [await check(town, each) for each in ("f1", "f2")] == [("done", "fixed")] * 2


@pytest.mark.database
async def test_a_fault_repaired_an_hour_later_joins_the_call_that_is_still_to_come(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.fault(ANNA, "f2", line=1)
    await town.happens(FaultStatus.RESTORED, "f1")
    town.later(hours=1)
    await town.happens(FaultStatus.RESTORED, "f2")
    first, second = await town.contacts()
    assert (first.state.value, first.outcome) == ("done", "asked_together")
    assert (second.state.value, second.fields["fault_id"]) == ("ready", "f1 f2")
    await town.call_ends("silence")
    assert [await check(town, each) for each in ("f1", "f2")] == [("waiting", "silence")] * 2
    (text,) = await town.all(TextMessage)
    assert "guasti" in text.words or "faults" in text.words or "неисправности" in text.words


@pytest.mark.database
async def test_of_two_faults_one_may_be_settled_elsewhere_before_the_answer(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.fault(ANNA, "f2", line=1)
    await town.happens(FaultStatus.RESTORED, "f1", "f2")
    await town.happens(FaultStatus.REOPENED, "f2")
    (contact,) = await town.contacts()
    assert contact.state.value == "ready"
    await town.closure.answers.close_fault(town.call(ANNA), "f1 f2")
    assert await town.statuses("f1", "f2") == ["closed", "reopened"]


@pytest.mark.database
async def test_what_the_network_closed_during_the_call_is_open_again_when_it_does_not_work(
    town: Town,
) -> None:
    await town.fault(ANNA, "f1")
    await town.fault(ANNA, "f2", line=1)
    await town.happens(FaultStatus.RESTORED, "f1", "f2")
    await town.happens(FaultStatus.CLOSED, "f1", "f2")
    assert await town.closure.answers.reopen_fault(town.call(ANNA), "f1 f2") == {"settled": True}
    assert await town.statuses("f1", "f2") == ["reopened", "reopened"]


@pytest.mark.database
@pytest.mark.parametrize(("heard", "status"), [("fixed", "closed"), ("not_fixed", "reopened")])
async def test_who_wants_to_be_called_is_rung_by_an_agent_who_says_what_came_of_it(
    town: Town, heard: str, status: str
) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    (contact,) = await town.contacts()
    for _ in range(2):  # a call that comes back to the step does no harm
        said = await town.closure.answers.call_me(town.call(ANNA), "f1", contact.event_id)
        assert said == {"promised": True}
    await town.call_ends("call_me", goal=True)
    town.later(hours=1)
    (caring,) = await town.contacts(CARING)
    assert (caring.number, caring.customer_id, caring.priority) == (number_of(ANNA), id_of(ANNA), 10)
    assert caring.fields["fault_id"] == "f1"
    assert await check(town, "f1") == ("caring", "")
    await town.call_ends(heard, campaign=CARING, goal=True)
    assert await town.statuses("f1") == [status]
    assert await check(town, "f1") == ("done", heard)


@pytest.mark.database
@pytest.mark.parametrize(("heard", "status"), [("not_fixed", "reopened"), ("fixed", "closed")])
async def test_what_the_network_closed_while_an_agent_talked_is_open_again_when_it_does_not_work(
    town: Town, heard: str, status: str
) -> None:
    await town.fault(ANNA, "f1")
    await town.fault(ANNA, "f2", line=1)
    await town.happens(FaultStatus.RESTORED, "f1", "f2")
    (contact,) = await town.contacts()
    await town.closure.answers.call_me(town.call(ANNA), "f1 f2", contact.event_id)
    await town.call_ends("call_me", goal=True)
    async with town.db.write() as session:
        talking = update(Contact).where(Contact.campaign == CARING)
        await session.execute(talking.values(state=ContactState.CALLING))
    await town.happens(FaultStatus.CLOSED, "f1", "f2")
    async with town.db.write() as session:
        (caring,) = (await session.scalars(select(Contact).where(Contact.campaign == CARING))).all()
        await close(session, [Closing(caring, heard, goal=True)], town.clock.now())
    await town.dispatcher.drain()
    assert await town.statuses("f1", "f2") == [status, status]


@pytest.mark.database
async def test_who_wanted_a_call_and_was_not_reached_gets_the_text_and_then_the_rule(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    await town.closure.answers.call_me(town.call(ANNA), "f1")
    await town.call_ends("call_me", goal=True)
    town.later(days=3)
    await town.call_ends("expired", campaign=CARING)
    assert len(await town.all(TextMessage)) == 1
    town.later(days=2)
    await town.closure.closing.once()
    assert await town.statuses("f1") == ["closed"]


@pytest.mark.database
async def test_whom_no_rule_calls_is_not_asked_and_the_rule_that_closes_holds(town: Town) -> None:
    async with town.db.write() as session:
        await session.execute(delete(CustomerNumber).where(CustomerNumber.customer_id == id_of(ANNA)))
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    assert await town.contacts() == []
    assert await check(town, "f1") == ("waiting", "no_number")
    town.later(days=2)
    assert await town.closure.closing.once() == 1
    assert await town.statuses("f1") == ["closed"]


@pytest.mark.database
async def test_a_call_is_promised_to_nobody_who_is_not_known(town: Town) -> None:
    for fault, ask in (("", ""), ("gone", ""), ("", "gone")):
        assert await town.closure.answers.call_me(town.call(ANNA), fault, ask) == {"promised": False}
    assert await town.contacts(CARING) == []


@pytest.mark.database
async def test_a_fault_repaired_again_is_asked_about_again_and_only_the_new_repair_counts(town: Town) -> None:
    await town.fault(ANNA, "f1")
    await town.happens(FaultStatus.RESTORED, "f1")
    await town.call_ends("no_answer")
    await town.set(FaultStatus.REOPENED, "f1")
    town.later(hours=4)
    await town.set(FaultStatus.RESTORED, "f1")
    await town.dispatcher.drain()
    town.later(days=2)
    assert await town.closure.closing.once() == 0
    assert await town.statuses("f1") == ["restored"]
    states = sorted((row.state.value, row.result) for row in await town.all(RepairCheck))
    assert states == [("asking", ""), ("done", "repaired_again")]


@pytest.mark.unit
def test_the_policy_is_data_and_one_house_may_say_a_word_of_it_otherwise(tmp_path: Path) -> None:
    assert load_policy(tmp_path) == load_policy()
    (tmp_path / "assurance.yaml").write_text("close_days: 5\n", encoding="utf-8")
    own = load_policy(tmp_path)
    assert (own.patience, own.caring) == (timedelta(days=5), load_policy().caring)
    for words, field in (
        ("close_days: 0", "close_days"),
        ("clsoe_days: 3", "clsoe_days"),
        ("- 1", "assurance"),
        ("close_days: 2026-06-31", "assurance"),
        ("close_days: " + "[" * 900, "assurance"),
    ):
        (tmp_path / "assurance.yaml").write_text(words, encoding="utf-8")
        with pytest.raises(BadInputError) as problem:
            load_policy(tmp_path)
        assert field in problem.value.field
