"""What the network says of faults and outages, in any order; who hears of it, and is asked how often."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from customers.models import Fault
from customers.seed import id_of
from dialer.models import Contact, ContactState
from proactive.assurance import RepairCheck
from proactive.events import EVENTS
from proactive.outages import Outage, OutageFault, Outages
from proactive.outages.causes import Causes
from proactive.outages.ending import Ending
from proactive.outages.looking import touching
from store import OutboxEvent
from tests.proactive.network import Network, connected
from values import BadInputError, CustomerId
from values.testing import EPOCH

ANNA, BERTA, CARLA = 31, 32, 33


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Network]:
    async with connected(database_url) as town:
        async with town.db.write() as session:
            for fault in await town.all(Fault):
                await session.delete(await session.get_one(Fault, fault.id))
        yield town


async def line(town: Network, customer: int) -> str:
    return (await town.lines(id_of(customer)))[0]


@pytest.mark.database
async def test_a_fault_goes_through_its_life_as_the_network_tells_it(town: Network) -> None:
    opened = {"type": "fault.opened", "fault": "f1", "line": await line(town, ANNA), "symptom": "slow"}
    assert await town.says({**opened, "customer": id_of(ANNA)}) == ["done"]
    assert await town.statuses("f1") == ["open"]
    assert await town.says({"type": "fault.restored", "fault": "f1"}) == ["done"]
    (contact,) = await town.contacts()
    assert (contact.customer_id, contact.fields["fault_id"]) == (id_of(ANNA), "f1")
    assert contact.expires == EPOCH + timedelta(days=7)
    assert await town.says({"type": "fault.closed", "fault": "f1"}) == ["done"]
    assert await town.statuses("f1") == ["closed"]
    (contact,) = await town.contacts()
    assert contact.outcome == "settled_elsewhere"
    (check,) = await town.all(RepairCheck)
    assert (check.state.value, check.result) == ("done", "network")


@pytest.mark.database
async def test_of_a_repair_that_is_told_too_late_nobody_is_rung_and_the_rule_closes(town: Network) -> None:
    opened = {"type": "fault.opened", "fault": "f1", "line": await line(town, ANNA), "symptom": "slow"}
    opened |= {"customer": id_of(ANNA), "at": EPOCH - timedelta(days=9)}
    told = {"type": "fault.restored", "fault": "f1", "at": EPOCH - timedelta(days=8)}
    assert await town.says(opened, told) == ["done", "done"]
    assert await town.contacts() == []
    (check,) = await town.all(RepairCheck)
    assert (check.state.value, check.result) == ("waiting", "late")
    town.later(days=2)
    assert await town.closure.closing.once() == 1
    assert await town.statuses("f1") == ["closed"]


@pytest.mark.database
async def test_restored_before_opened_waits_and_then_counts(town: Network) -> None:
    town.later(hours=1)
    assert await town.says({"type": "fault.restored", "fault": "f1"}) == ["parked"]
    assert "has not been opened yet" in await town.why()
    opened = {"type": "fault.opened", "fault": "f1", "line": await line(town, ANNA), "symptom": "slow"}
    assert await town.says({**opened, "customer": id_of(ANNA), "at": EPOCH}) == ["done"]
    assert await town.statuses("f1") == ["restored"]
    assert len(await town.contacts()) == 1


@pytest.mark.database
async def test_restored_of_a_fault_nobody_ever_opens_is_refused_after_a_day(town: Network) -> None:
    assert await town.says({"type": "fault.restored", "fault": "f1"}) == ["parked"]
    town.later(hours=25)
    await town.desk.worker.drain()
    assert "has not been opened yet; waited" in await town.why()


@pytest.mark.database
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"line": "nowhere"}, "there is no line nowhere"),
        ({"customer": id_of(BERTA)}, "is another customer's"),
    ],
)
async def test_a_fault_that_cannot_be_so_is_refused_in_words(
    town: Network, told: dict[str, str], why: str
) -> None:
    whole = {"type": "fault.opened", "fault": "f1", "symptom": "slow", "line": await line(town, ANNA)}
    assert await town.says({"customer": id_of(ANNA), **whole, **told}) == ["refused"]
    assert why in await town.why()
    assert await town.all(Fault) == []


@pytest.mark.database
async def test_an_old_word_of_a_repair_does_not_overrule_the_customer(town: Network) -> None:
    opened = {"type": "fault.opened", "fault": "f1", "line": await line(town, ANNA), "symptom": "slow"}
    await town.says({**opened, "customer": id_of(ANNA)})
    town.later(hours=1)
    await town.says({"type": "fault.restored", "fault": "f1"})
    town.later(hours=1)
    await town.closure.answers.reopen_fault(town.call(ANNA), "f1")
    town.later(hours=1)
    late = {"type": "fault.restored", "fault": "f1", "at": EPOCH + timedelta(minutes=90)}
    assert await town.says(late) == ["refused"]
    assert "said since that" in await town.why()
    assert await town.statuses("f1") == ["reopened"]


@pytest.mark.database
@pytest.mark.parametrize("over", ["fault.restored", "fault.closed"])
async def test_a_fault_the_network_works_on_again_is_asked_about_again(town: Network, over: str) -> None:
    opened = {"type": "fault.opened", "fault": "f1", "symptom": "slow", "customer": id_of(ANNA)}
    opened["line"] = await line(town, ANNA)
    await town.says(opened)
    town.later(hours=2)
    await town.says({"type": over, "fault": "f1"})
    town.later(hours=1)
    early = EPOCH + timedelta(hours=1)
    assert await town.says({**opened, "at": early}) == ["done"]  # an old word, which changes nothing
    assert await town.statuses("f1") == [over.removeprefix("fault.")]
    assert await town.says(opened) == ["done"]
    assert await town.statuses("f1") == ["reopened"]
    (told,) = [row for row in await town.all(OutboxEvent) if row.kind == "customers.fault_reopened"]
    assert told.payload["reason"] == "network"
    town.later(hours=1)
    assert await town.says({"type": "fault.restored", "fault": "f1"}) == ["done"]
    assert [contact.state.value for contact in await town.contacts()][-1] == "ready"
    assert [check.state.value for check in await town.all(RepairCheck)].count("asking") == 1


@pytest.mark.database
async def test_the_network_closes_a_fault_that_is_cancelled_or_rejected(town: Network) -> None:
    opened = {
        "type": "fault.opened",
        "symptom": "slow",
        "line": await line(town, ANNA),
        "customer": id_of(ANNA),
    }
    await town.says({**opened, "fault": "f1"}, {**opened, "fault": "f2"})
    town.later(hours=1)
    await town.says({"type": "fault.restored", "fault": "f2"})
    await town.closure.answers.reopen_fault(town.call(ANNA), "f2")
    town.later(hours=1)
    early = {"type": "fault.closed", "fault": "f2", "at": EPOCH + timedelta(minutes=30)}
    assert await town.says(early) == ["refused"]
    assert "said since that" in await town.why()
    both = ({"type": "fault.closed", "fault": fault} for fault in ("f1", "f2"))
    assert await town.says(*both) == ["done", "done"]
    assert await town.statuses("f1", "f2") == ["closed", "closed"]
    told = [row for row in await town.all(OutboxEvent) if row.kind == "customers.fault_closed"]
    assert {row.payload["fault_id"]: row.payload["reason"] for row in told} == dict.fromkeys(
        ("f1", "f2"), "network"
    )
    async with town.db.read() as session:
        assert not await town.customers.open_faults(session, [CustomerId(id_of(ANNA))])
    assert await town.says({"type": "fault.closed", "fault": "f1"}) == ["done"]


@pytest.mark.database
async def test_an_outage_is_told_to_whom_it_touches_while_it_lasts_and_to_nobody_else(town: Network) -> None:
    ends = EPOCH + timedelta(hours=6)
    opened = {
        "type": "outage.opened", "outage": "o1", "cause": "Fibre cut", "expected_end": ends.isoformat(),
        "lines": [await line(town, ANNA), "unknown"], "customers": [id_of(BERTA)],
    }  # fmt: skip
    assert await town.says(opened) == ["done"]
    for customer in (ANNA, BERTA):
        said = await town.processes.outages.told(town.call(customer), id_of(customer))
        assert said["concerned"]
        assert said["cause"] == "Un cavo in fibra ottica è stato danneggiato"
        assert (said["since"], said["expected"]) == (EPOCH, ends)
        assert said["since"].tzname() == "CET"  # type: ignore[union-attr]
    assert not (await town.processes.outages.told(town.call(CARLA), id_of(CARLA)))["concerned"]
    assert not (await town.processes.outages.told(town.call(CARLA), ""))["concerned"]
    (outage,) = await town.all(Outage)
    assert outage.unknown == 1

    town.later(hours=7)  # later than was promised: the promise is not repeated
    said = await town.processes.outages.told(town.call(ANNA), id_of(ANNA))
    assert (said["concerned"], said["expected"]) == (True, None)
    assert await town.says({"type": "outage.restored", "outage": "o1"}) == ["done"]
    assert not (await town.processes.outages.told(town.call(ANNA), id_of(ANNA)))["concerned"]


@pytest.mark.database
async def test_an_outage_whose_end_is_never_told_is_not_announced_for_ever(town: Network) -> None:
    async def heard(customer: int) -> bool:
        told = (await town.processes.outages.told(town.call(customer), id_of(customer)))["concerned"]
        async with town.db.read() as session:
            shown = await touching(session, id_of(customer), town.clock.now(), town.desk.assurance)
        assert bool(shown) == told  # callers hear what their card shows
        return bool(told)

    opened = {"type": "outage.opened", "cause": "power"}
    ends = (EPOCH + timedelta(hours=6)).isoformat()
    await town.says({**opened, "outage": "o1", "customers": [id_of(ANNA)], "expected_end": ends})
    await town.says({**opened, "outage": "o2", "customers": [id_of(BERTA)]})
    town.later(hours=6 + 47)
    assert (await heard(ANNA), await heard(BERTA)) == (True, True)
    town.later(hours=1)
    assert (await heard(ANNA), await heard(BERTA)) == (False, True)
    later = (town.clock.now() + timedelta(hours=6)).isoformat()
    await town.says({**opened, "outage": "o1", "customers": [id_of(ANNA)], "expected_end": later})
    assert await heard(ANNA)  # the network gives it a new end
    town.later(days=7)
    assert (await heard(ANNA), await heard(BERTA)) == (False, False)
    await town.says({"type": "outage.restored", "outage": "o2"})
    assert [row.customer_id for row in await town.contacts()] == [id_of(BERTA)]


@pytest.mark.database
async def test_when_an_outage_is_over_everybody_is_asked_once_however_many_faults_they_had(
    town: Network,
) -> None:
    lines = await town.lines(id_of(ANNA))
    await town.fault(ANNA, "before", days_ago=1 / 24)  # reported before anybody knew of the outage
    touched = [*lines, await line(town, BERTA), await line(town, CARLA)]
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "lines": touched})
    during = {"type": "fault.opened", "symptom": "no_line"}
    await town.says(
        {**during, "fault": "during", "line": lines[-1], "customer": id_of(ANNA)},
        {**during, "fault": "berta", "line": touched[-2], "customer": id_of(BERTA)},
    )
    assert {row.fault_id for row in await town.all(OutageFault)} == {"before", "during", "berta"}
    town.later(hours=3)
    await town.says({"type": "outage.restored", "outage": "o1"})
    assert await town.statuses("before", "during", "berta") == ["restored"] * 3
    contacts = {row.customer_id: row for row in await town.contacts()}
    assert len(contacts) == len(await town.contacts()) == 3
    assert contacts[id_of(ANNA)].fields["fault_id"] == "before during"
    assert contacts[id_of(ANNA)].fields["several"] is True
    assert contacts[id_of(BERTA)].fields["fault_id"] == "berta"
    assert contacts[id_of(CARLA)].fields["fault_id"] == ""

    # the network tells each fault besides, and the end twice: nobody is asked again
    await town.says(
        {"type": "fault.restored", "fault": "during"}, {"type": "fault.restored", "fault": "berta"},
        {"type": "outage.restored", "outage": "o1"},
    )  # fmt: skip
    assert len(await town.contacts()) == 3


@pytest.mark.database
@pytest.mark.parametrize("without_fault", ["ask", "leave"])
async def test_who_hears_that_we_will_call_is_called_when_it_is_over_and_nobody_else(
    town: Network, without_fault: str
) -> None:
    policy = town.closure.policy.model_copy(update={"outage_without_fault": without_fault})
    outages = Outages(town.db, town.customers, town.closure.asking, policy)
    town.processes.outages.ending = outages.ending
    whom = [id_of(ANNA), id_of(BERTA), id_of(CARLA)]
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "customers": whom})
    opened = {"type": "fault.opened", "symptom": "no_line"}
    await town.says(
        {**opened, "fault": "lasting", "line": await line(town, BERTA), "customer": id_of(BERTA)},
        {**opened, "fault": "settled", "line": await line(town, CARLA), "customer": id_of(CARLA)},
    )
    town.later(hours=1)
    await town.says({"type": "fault.closed", "fault": "settled"})
    heard = {each: await outages.told(town.call(ANNA), each) for each in whom}
    assert all(said["concerned"] for said in heard.values())
    promised = {each for each, said in heard.items() if said["will_call"]}
    assert promised == {id_of(BERTA)} | ({id_of(ANNA)} if without_fault == "ask" else set())
    town.later(hours=1)
    await town.says({"type": "outage.restored", "outage": "o1"})
    assert {row.customer_id for row in await town.contacts()} == promised


@pytest.mark.database
async def test_whose_fault_was_repaired_before_the_outage_was_over_is_not_asked_again(town: Network) -> None:
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "customers": [id_of(ANNA)]})
    opened = {"type": "fault.opened", "fault": "f1", "line": await line(town, ANNA), "symptom": "no_line"}
    await town.says({**opened, "customer": id_of(ANNA)})
    town.later(hours=1)
    await town.says({"type": "fault.restored", "fault": "f1"})
    await town.call_ends("fixed", goal=True)
    town.later(hours=1)
    await town.says({"type": "outage.restored", "outage": "o1"})
    assert len(await town.contacts()) == 1


@pytest.mark.database
async def test_the_end_of_an_outage_told_late_repairs_nothing_that_broke_since(town: Network) -> None:
    lines = [await line(town, customer) for customer in (ANNA, BERTA, CARLA)]
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "lines": lines})
    opened = {"type": "fault.opened", "symptom": "no_line"}
    await town.says(
        {**opened, "fault": "during", "line": lines[1], "customer": id_of(BERTA)},
        {**opened, "fault": "again", "line": lines[2], "customer": id_of(CARLA)},
    )
    town.later(minutes=30)
    await town.says({"type": "fault.restored", "fault": "again"})
    ended = EPOCH + timedelta(hours=1)
    town.later(hours=2)
    await town.closure.answers.reopen_fault(town.call(CARLA), "again")
    await town.says({**opened, "fault": "new", "line": lines[0], "customer": id_of(ANNA)})
    town.later(hours=1)
    assert await town.says({"type": "outage.restored", "outage": "o1", "at": ended}) == ["done"]
    assert await town.statuses("during", "new", "again") == ["restored", "open", "reopened"]
    assert [row.customer_id for row in await town.contacts() if not row.outcome] == [id_of(BERTA)]


@pytest.mark.database
async def test_a_big_outage_is_asked_about_in_portions_and_after_a_crash_from_where_it_was(
    town: Network,
) -> None:
    whom = [id_of(number) for number in range(20, 50)]
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "customers": whom})
    over = [{"id": "over", "type": "outage.restored", "outage": "o1", "at": EPOCH + timedelta(hours=1)}]
    town.later(hours=1)
    async with town.db.write() as session:
        await town.desk.intake.take(session, EVENTS.validate_python(over), town.clock.now())
    await town.desk.worker.drain()
    (outage,) = await town.all(Outage)
    assert (outage.restored, outage.asked_at) == (town.clock.now(), None)
    assert await town.contacts() == []  # the word of the end is kept at once, and holds up nobody

    assert await ending(town).step()
    assert len(await town.contacts()) == 12
    with pytest.raises(RuntimeError, match="power"):
        await dying_in_a_portion(town)
    assert len(await town.contacts()) == 12
    await ending(town).once()
    assert sorted(row.customer_id for row in await town.contacts()) == sorted(whom)
    assert not await ending(town).step()
    (outage,) = await town.all(Outage)
    assert outage.asked_at == town.clock.now()


def ending(town: Network) -> Ending:
    """As a core has it that has just been started."""
    return Ending(town.db, town.customers, town.closure.asking, town.closure.policy, town.clock, most=12)


async def dying_in_a_portion(town: Network) -> None:
    async with town.db.write() as session:
        assert await ending(town).portion(session, "o1")
        raise RuntimeError("the power is gone")


@pytest.mark.database
async def test_faults_are_restored_in_their_own_order_whosever_they_are(town: Network) -> None:
    await town.fault(ANNA, "z-first-customer", days_ago=0)
    async with town.db.write() as session:
        (of_anna,) = await town.all(Fault)
        columns = {name: getattr(of_anna, name) for name in Fault.__table__.columns.keys()}  # noqa: SIM118
        berta = {"customer_id": id_of(BERTA), "line_id": await line(town, BERTA)}
        session.add_all([Fault(**{**columns, **berta, "id": f"a{number:03}"}) for number in range(400)])
    whom = [id_of(ANNA), id_of(BERTA)]
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "customers": whom})
    await town.says({"type": "outage.restored", "outage": "o1"})
    told = sorted(await town.all(OutboxEvent), key=lambda row: row.seq)
    order = [row.payload["fault_id"] for row in told if row.kind == "customers.fault_restored"]
    assert (order, len(order)) == (
        sorted(order),
        401,
    )  # two that lock them in two orders would stop each other


@pytest.mark.database
async def test_a_fault_much_older_than_the_outage_is_a_fault_of_its_own(town: Network) -> None:
    await town.fault(ANNA, "old", days_ago=1)
    await town.fault(BERTA, "first", days_ago=1 / 24)  # customers notice before the network does
    touched = [id_of(ANNA), id_of(BERTA)]
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "customers": touched})
    assert {row.fault_id for row in await town.all(OutageFault)} == {"first"}
    town.later(hours=3)
    await town.says({"type": "outage.restored", "outage": "o1"})
    assert await town.statuses("old", "first") == ["open", "restored"]


@pytest.mark.database
async def test_a_late_fault_has_the_earlier_of_two_outages_as_its_cause_if_it_began_in_it(
    town: Network,
) -> None:
    whom = {"type": "outage.opened", "cause": "power", "customers": [id_of(ANNA)]}
    await town.says({**whom, "outage": "o1"})
    town.later(hours=9)
    await town.says({**whom, "outage": "o2"})
    late = {"type": "fault.opened", "fault": "f1", "line": await line(town, ANNA), "symptom": "slow"}
    await town.says({**late, "customer": id_of(ANNA), "at": EPOCH + timedelta(hours=1)})
    assert [row.outage_id for row in await town.all(OutageFault)] == ["o1"]


@pytest.mark.database
async def test_who_had_no_fault_of_their_own_answers_too_and_one_of_us_rings_whose_line_is_dead(
    town: Network,
) -> None:
    await town.says({"type": "outage.opened", "outage": "o1", "cause": "power", "customers": [id_of(CARLA)]})
    await town.says({"type": "outage.restored", "outage": "o1"})
    (contact,) = await town.contacts()
    ask = contact.event_id
    assert await town.closure.answers.reopen_fault(town.call(CARLA), "", ask) == {"settled": True}
    (caring,) = await town.contacts("fault_caring")
    assert caring.customer_id == id_of(CARLA)
    await town.call_ends("not_fixed", goal=True)
    await town.call_ends("fixed", campaign="fault_caring", goal=True)
    (check,) = await town.all(RepairCheck)
    assert (check.state.value, check.result) == ("done", "fixed")


@pytest.mark.database
async def test_what_is_being_asked_in_a_call_is_answered_there_and_what_comes_meanwhile_has_its_own(
    town: Network,
) -> None:
    power = {"type": "outage.opened", "cause": "power", "customers": [id_of(CARLA)]}
    await town.says({**power, "outage": "o1"}, {**power, "outage": "o2"}, {**power, "outage": "o3"})
    await town.says({"type": "outage.restored", "outage": "o1"})
    (first,) = await town.contacts()
    async with town.db.write() as session:
        (await session.get_one(Contact, first.id)).state = ContactState.CALLING
    town.later(minutes=1)
    await town.says({"type": "outage.restored", "outage": "o2"})
    assert await town.closure.answers.close_fault(town.call(CARLA), "", first.event_id) == {"settled": True}
    results = {check.outage_id: check.result for check in await town.all(RepairCheck)}
    assert results == {"o1": "fixed", "o2": ""}
    town.later(minutes=1)
    await town.says({"type": "outage.restored", "outage": "o3"})  # nobody is being called about the second
    assert [row.outcome for row in await town.contacts()] == ["", "asked_together", ""]


@pytest.mark.database
async def test_the_end_of_an_outage_before_its_beginning_waits(town: Network) -> None:
    town.later(hours=1)
    assert await town.says({"type": "outage.restored", "outage": "o1"}) == ["parked"]
    opened = {"type": "outage.opened", "outage": "o1", "cause": "power", "customers": [id_of(CARLA)]}
    assert await town.says({**opened, "at": EPOCH}) == ["done"]
    (outage,) = await town.all(Outage)
    assert outage.restored == EPOCH + timedelta(hours=1)
    assert len(await town.contacts()) == 1
    assert await town.says(opened) == ["refused"]
    assert "is over" in await town.why()


@pytest.mark.unit
def test_the_networks_own_words_are_not_read_to_callers() -> None:
    causes = Causes.load()
    assert causes.words("Fibre  cut", "en") == "An optical fibre cable has been damaged"
    assert causes.words("DSLAM 4711 rebooted by bgp-ops", "ru") == "В вашем районе авария на сети"
    with pytest.raises(BadInputError) as problem:
        Causes({"flood": {"it": "Acqua"}})
    assert problem.value.field == "other"
