"""What was taken is worked in order, once, and nothing is lost when the core falls over in between."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

import proactive.events.lifetime
from customers import trail_of
from customers.seed import id_of
from messages.webhooks import Addresses, WebhookDelivery, intake, make_endpoint
from proactive.desk import ProactiveDesk
from proactive.events import EVENT_DONE, BusinessEvent, Refusal
from store import Dispatcher
from tests.proactive.events.conftest import Town
from values import CustomerId
from values.testing import EPOCH

pytestmark = pytest.mark.database

RULES = """
edition: 1
rules:
  planned:
    on: [order.planned, order.moved]
    campaign: line_notice
    fields: {planned: "{planned}", customer_name: "{customer_name}"}
    replaces: "order-{order}"
  cancelled: {on: order.cancelled, replaces: "order-{order}"}
  line_day: {off: true}
  order_off: {off: true}
"""


@pytest.fixture(autouse=True)
def ruled(town: Town) -> None:
    """An operator who calls about planned orders."""
    assert town.desk.rulings.shelf.own is not None
    town.desk.rulings.shelf.own.write_text(RULES)


class Orders:
    """A process with a mirror: an order must be known before it can be moved."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.calls: list[list[str]] = []
        self.dies = ""

    def join(self, desk: ProactiveDesk) -> "Orders":
        desk.mirrors.register("order.planned", self.planned)
        desk.mirrors.register("order.moved", self.moved)
        return self

    async def planned(self, _: AsyncSession, rows: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        self.calls.append([row.id for row in rows])
        if self.dies in {row.id for row in rows}:
            raise RuntimeError("the process is ill")
        self.known |= {row.key: row.data["planned"] for row in rows}
        return {}

    async def moved(self, _: AsyncSession, rows: Sequence[BusinessEvent]) -> Mapping[str, Refusal]:
        late = {row.id: Refusal(f"there is no order {row.key}", later=True) for row in rows
                if row.key not in self.known}  # fmt: skip
        self.known |= {row.key: row.data["planned"] for row in rows if row.id not in late}
        return late


def planned(name: str = "p", day: str = "2026-03-10", order: str = "o1", **more: object) -> dict[str, object]:
    return {"id": name, "type": "order.planned", "kind": "la", "planned": day, "order": order, **more}


def moved(name: str = "m", day: str = "2026-03-12", **more: object) -> dict[str, object]:
    return planned(name, day, **{"type": "order.moved", "at": EPOCH + timedelta(minutes=5), **more})


async def test_a_planned_order_becomes_a_contact_and_its_sender_can_see_which(town: Town) -> None:
    await town.tell(planned())
    assert await town.work() == 1
    assert await town.contacts() == [("planned:p", "ready", "")]
    row = (await town.events())["p"]
    (came,) = row.result["rules"]
    assert (row.state, came["rule"], came["campaign"], came["result"]) == (
        "done", "planned", "line_notice", "contact",
    )  # fmt: skip
    assert await town.told() == [
        {"id": "p", "type": "order.planned", "about": "o1", "customer_id": id_of(3), "state": "done",
         "result": {"rules": [came]}}
    ]  # fmt: skip


async def test_a_moved_day_replaces_the_call_about_the_one_before(town: Town) -> None:
    await town.tell(planned(), moved())
    await town.work()
    assert set(await town.contacts()) == {("planned:p", "done", "replaced"), ("planned:m", "ready", "")}


async def test_an_order_that_is_off_is_called_about_no_more(town: Town) -> None:
    await town.tell(planned(), {"id": "x", "at": EPOCH + timedelta(minutes=9)})
    await town.work()
    assert await town.contacts() == [("planned:p", "done", "replaced")]
    # and the day that comes late, from before it was cancelled, changes nothing
    await town.tell(moved())
    await town.work()
    assert (await town.events())["m"].result["rules"][0]["result"] == "overtaken"
    assert await town.contacts() == [("planned:p", "done", "replaced")]


async def test_the_end_of_an_order_leaves_a_later_one_under_the_same_key_alone(
    town: Town,
) -> None:
    assert town.desk.rulings.shelf.own is not None
    town.desk.rulings.shelf.own.write_text(RULES.replace("order-{order}", "{customer}"))
    off = {"id": "x", "at": EPOCH + timedelta(minutes=9)}
    await town.tell(off)
    await town.work()
    await town.tell(planned("late", at=EPOCH + timedelta(minutes=3)))
    await town.tell(planned("next", order="o2", at=EPOCH + timedelta(minutes=12)))
    await town.work()
    assert (await town.events())["late"].result["rules"][0]["result"] == "overtaken"
    assert await town.contacts() == [("planned:next", "ready", "")]
    await town.tell({"id": "y", "order": "o3", "at": EPOCH + timedelta(minutes=10)})  # told late
    await town.work()
    assert await town.contacts() == [("planned:next", "ready", "")]
    await town.tell({"id": "z", "order": "o2", "at": EPOCH + timedelta(minutes=11)})  # late, but its own end
    await town.work()
    assert await town.contacts() == [("planned:next", "done", "replaced")]


async def test_what_comes_too_early_waits_for_what_it_builds_on(town: Town) -> None:
    Orders().join(town.desk)
    await town.tell(moved())
    await town.work()
    assert await town.states() == {"m": "parked"}
    assert (await town.events())["m"].result == {"waits": "there is no order o1"}
    assert await town.told() == []
    await town.tell(planned())
    await town.work()
    assert await town.states() == {"m": "done", "p": "done"}
    assert await town.contacts() == [("planned:p", "done", "replaced"), ("planned:m", "ready", "")]


async def test_what_has_waited_for_a_day_is_refused_with_the_reason(town: Town) -> None:
    Orders().join(town.desk)
    await town.tell(moved())
    await town.work()
    town.clock.move(23 * 3600)
    await town.work()
    assert await town.states() == {"m": "parked"}
    town.clock.move(2 * 3600)
    await town.work()
    assert (await town.events())["m"].result == {"refused": "there is no order o1; waited 24 hours for it"}
    (told,) = await town.told()
    assert (told["id"], told["state"]) == ("m", "refused")
    assert await town.work() == 0


async def test_one_thing_is_worked_in_order_and_others_beside_it_in_one_go(town: Town) -> None:
    orders = Orders().join(town.desk)
    await town.tell(
        planned("a", order="o1"), planned("b", order="o2"), planned("c", "2026-03-11", order="o1")
    )
    await town.work()
    assert orders.calls == [["a", "b"], ["c"]]
    assert orders.known == {"o1": "2026-03-11", "o2": "2026-03-10"}


async def test_a_core_that_falls_over_while_working_loses_and_doubles_nothing(town: Town) -> None:
    """It has mirrored, decided and enqueued, and dies before the commit; another takes up the work."""
    await town.tell(*(planned(f"e{i}", order=f"o{i}") for i in range(20)))

    async def dies(*_: object) -> None:
        raise BaseException("power cut")  # noqa: TRY002  (nothing of ours catches it)

    broken = ProactiveDesk(town.db, town.customers, town.clock, town.desk.rulings.shelf.own)
    enact = broken.rulings.enact

    async def enact_and_die(*args: object) -> object:
        await enact(*args)  # type: ignore[arg-type]
        return await dies()

    broken.rulings.enact = enact_and_die  # type: ignore[method-assign,assignment]
    with pytest.raises(BaseException, match="power cut"):
        await broken.worker.once()
    assert set((await town.states()).values()) == {"pending"}
    assert await town.contacts() == []
    await town.work()
    assert set((await town.states()).values()) == {"done"}
    assert len(await town.contacts()) == 20
    assert len(await town.told()) == 20


async def test_an_event_on_which_a_process_fails_holds_up_no_other(town: Town) -> None:
    orders = Orders().join(town.desk)
    orders.dies = "b"
    await town.tell(planned("a", order="o1"), planned("b", order="o2"), planned("c", order="o3"))
    await town.desk.worker.once()
    assert await town.states() == {"a": "done", "b": "parked", "c": "done"}
    assert (await town.events())["b"].result == {"waits": "RuntimeError: the process is ill"}
    orders.dies = ""
    town.clock.move(60)
    await town.work()
    assert await town.states() == {"a": "done", "b": "done", "c": "done"}
    assert len(await town.contacts()) == 3


async def test_changed_rules_hold_at_once_and_bad_ones_change_nothing(town: Town) -> None:
    shelf = town.desk.rulings.shelf
    assert shelf.own is not None
    assert shelf.refresh() is False
    before = shelf.book
    shelf.own.write_text(RULES.replace("line_notice", "works_notice").replace("order.moved", "order.mooved"))
    assert shelf.refresh() is False
    assert shelf.book is before
    assert "rules.yaml:5:" in str(shelf.problems[0])
    assert "did you mean 'order.moved'" in str(shelf.problems[0])
    shelf.own.write_text(RULES.replace("line_notice", "works_notice"))
    assert shelf.refresh() is True
    assert shelf.problems == ()
    assert "works_notice" in {rule.campaign for rule in shelf.book.rules}
    shelf.own.unlink()
    assert shelf.refresh() is True
    assert "works_notice" not in {rule.campaign for rule in shelf.book.rules if rule.name == "planned"}


async def test_other_systems_are_told_what_came_of_their_events(town: Town) -> None:
    async with town.db.write() as session:
        hook = await make_endpoint(
            session, Addresses(()), by="olga", at=EPOCH, url="https://crm.example.com/hook",
            events=["proactive.event_done"],
        )  # fmt: skip
    await town.tell(planned())
    await town.work()
    await Dispatcher(town.db, town.clock, {EVENT_DONE: [intake(town.clock)]}).drain()
    (row,) = await town.all(WebhookDelivery)
    assert (row.endpoint, row.kind) == (hook.id, "proactive.event_done")


async def test_an_erased_customer_is_called_about_nothing_more(town: Town) -> None:
    await town.tell(planned(), planned("other", order="o2", customer=id_of(4)))
    async with town.db.write() as session:
        trail = await trail_of(session, CustomerId(id_of(3)))
        await proactive.events.lifetime.erase(session, trail, town.clock.now())
    await town.work()
    assert await town.states() == {"p": "refused", "other": "done"}
    row = (await town.events())["p"]
    assert (row.data, row.customer_id, row.key) == ({}, "", "")
    assert [event for event, _, _ in await town.contacts()] == ["planned:other"]
    assert (await town.tell(planned())).accepted == []  # its id is not free again
