"""The agent's desk over its socket and its commands: pops, two tabs, drafts, and what came of a talk."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import select, update

from agents import agent_card, put_agents
from agents.models import DeskDraft, TalkOutcome
from agents.queues import house_queues, seed_queues
from centralino.core.joining.pops import KEY
from centralino.rooms import Rooms
from customers.models import ContactHistory, Customer
from customers.seed import id_of, number_of, seed
from dialer.models import Attempt, Contact, DoNotCall
from store import AuditEntry
from tests.web.conftest import HOSTILE, Client, Enter
from tests.web.desk_scene import ATTEMPT, NUMBER, Core, attempt, open_tab, running
from users import Role
from web.desk.room import DESK

pytestmark = pytest.mark.database

WHO = id_of(7)
PEERS = ("anna", "bruno", "carla")


@pytest.fixture
async def core(rooms: Rooms) -> AsyncIterator[Core]:
    async with rooms.db.write() as session:
        await seed(session, 20)
    async with running(Core(rooms)) as made:
        yield made


@pytest.fixture
async def anna(enter: Enter, core: Core) -> Client:
    return await enter(Role.AGENT, name="anna", agent="anna")


async def audited(rooms: Rooms) -> list[tuple[str, str]]:
    """Who did what with the customer."""
    async with rooms.db.read() as session:
        seen = await session.scalars(select(AuditEntry).where(AuditEntry.customer_id == WHO))
        return [(each.by, each.what) for each in seen]


async def test_the_page_is_for_agents(enter: Enter, anna: Client) -> None:
    page = await (await anna.get("/desk", headers={"Accept": "text/html"})).text()
    assert 'data-agent="anna"' in page
    no_agent = await enter(Role.SUPERVISOR, name="sofia")
    assert "You work as no agent" in await (await no_agent.get("/desk")).text()
    marketing = await enter(Role.MARKETING, name="mara")
    assert (await marketing.get("/desk")).status == 403


async def test_a_talk_can_be_given_to_colleagues_who_are_there_to_queues_and_flows(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    async with rooms.db.write() as session:
        cards = [
            agent_card(name, endpoint=f"agent0{i}", title=name.title()) for i, name in enumerate(PEERS, 1)
        ]
        await put_agents(session, cards, now=rooms.db.clock.now())
        await seed_queues(session, house_queues(), now=rooms.db.clock.now())
    for name in ("anna", "bruno"):
        core.desk.sign_in(name)
        core.desk.parked(name)
    await core.presence.tell()
    told = await (await anna.get("/desk/targets")).json()
    assert told["agent"] == [{"name": "bruno", "title": "Bruno", "state": "ready"}]
    assert [each["name"] for each in told["queue"]] == ["billing", "care", "technical"]
    assert {each["name"] for each in told["flow"]} == set(rooms.library.names())


async def test_a_pop_shows_who_it_is_with_everything_escaped(anna: Client, core: Core, rooms: Rooms) -> None:
    async with rooms.db.write() as session:
        await session.execute(update(Customer).where(Customer.id == WHO).values(name=HOSTILE))
    await attempt(rooms, customer=WHO)
    tab = await open_tab(anna, "one")
    hello = await tab.hears("hello")
    assert (hello["agent"], hello["presence"], hello["steers"]) == ("anna", None, "one")
    assert "lunch" in {each["name"] for each in hello["pauses"]}
    await core.joins("anna", ATTEMPT, campaign="spring", title="Spring offer", customer=WHO, number=NUMBER)
    pop = await tab.hears("pop")
    assert (pop["call"], pop["title"]) == (ATTEMPT, "Spring offer")
    assert (await tab.hears("presence", state="talking"))["call"] == ATTEMPT
    card = await tab.hears("card")
    assert card["hand"]["fields"] == {"offer": "Fibra 2.5"}
    assert [each["key"] for each in card["hand"]["dispositions"]] == list("12345678")
    assert HOSTILE not in card["html"]
    assert "&lt;script&gt;" in card["html"]
    again = await open_tab(anna, "reloaded")
    assert (await again.hears("hello"))["presence"]["state"] == "talking"
    assert (await again.hears("card"))["call"] == ATTEMPT
    for _ in range(200):  # the page comes first, by a moment
        if seen := await audited(rooms):
            break
        await asyncio.sleep(0.05)
    assert seen == [("anna", "customer.opened")]


async def test_the_older_tab_steps_back_and_may_take_over_again(anna: Client, core: Core) -> None:
    first = await open_tab(anna, "first")
    await first.hears("hello")
    second = await open_tab(anna, "second")
    assert (await second.hears("hello"))["steers"] == "second"
    await first.hears("tab", steers="second")
    status, told = await first.send("/desk/presence/ready")
    assert (status, told["error_id"]) == (409, "stale-tab")
    assert "another window" in told["detail"]
    assert await second.send("/desk/presence/ready") == (200, {"agent": "anna", "state": "ready"})
    back = await open_tab(anna, "first", fresh=False)  # its network was away
    assert (await back.hears("hello"))["steers"] == "second"
    await back.socket.send_json({"take": True})
    await second.hears("tab", steers="first")
    assert (await first.send("/desk/presence/pause", {"reason": "lunch"}))[0] == 200
    assert core.asked[-1] == ("pause", {"agent": "anna", "reason": "lunch"})
    status, told = await first.send("/desk/presence/pause", {"reason": "beach"})
    assert (status, told["field"]) == (400, "reason")


async def test_what_is_typed_is_there_after_a_reload(anna: Client, core: Core, rooms: Rooms) -> None:
    await attempt(rooms, customer=WHO)
    tab = await open_tab(anna, "one")
    await core.joins("anna", ATTEMPT, customer=WHO)
    await tab.hears("card")
    typed = {"notes": "wants <b>fibre</b>\nin May", "disposition": "call_back", "callback": {"mine": True}}
    assert (await tab.send("/desk/draft", {"call": ATTEMPT, **typed}, "PUT"))[0] == 200
    again = await open_tab(anna, "two")
    assert (await again.hears("card"))["hand"]["typed"] == typed


async def test_a_talk_of_which_nothing_was_said_is_still_there_after_the_wrap_up(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO)
    await core.joins("anna", ATTEMPT, customer=WHO)
    tab = await open_tab(anna, "one")
    await tab.hears("card")
    core.desk.talked("anna")
    core.desk.wrapped_up("anna")
    await core.presence.tell()
    again = await open_tab(anna, "two")
    assert (await again.hears("hello"))["presence"]["state"] == "ready"
    assert (await again.hears("card"))["call"] == ATTEMPT
    assert (await again.send("/desk/outcome", {"call": ATTEMPT, "disposition": "done"}))[0] == 200
    assert await (await anna.get("/desk/call")).json() is None


async def popped(rooms: Rooms, call: str, *, minutes: float = 0) -> None:
    """Anna was joined with this call so long ago, and stands nowhere any more."""
    at = rooms.db.clock.now() - timedelta(minutes=minutes)
    pop = {"agent": "anna", "call": call, "at": at.isoformat(), "title": "0611", "number": number_of(3)}
    assert await rooms.live.put_fields(KEY, {"anna": pop}, seconds=600)


async def test_who_has_gone_home_still_finds_their_last_talk_and_says_what_it_came_to(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO)
    await popped(rooms, ATTEMPT, minutes=50)
    tab = await open_tab(anna, "one")
    assert (await tab.hears("hello"))["presence"] is None
    assert (await tab.hears("card"))["call"] == ATTEMPT
    assert (await tab.send("/desk/outcome", {"call": ATTEMPT, "disposition": "done", "ready": True}))[
        0
    ] == 200
    assert await (await anna.get("/desk/call")).json() is None
    await popped(rooms, "in-1")
    assert (await (await anna.get("/desk/call")).json())["call"] == "in-1"
    solved = {"call": "in-1", "disposition": "solved", "ready": True}
    assert await tab.send("/desk/outcome", solved) == (200, {"said": "solved", "callback": None})
    assert [verb for verb, _ in core.asked] == ["dispose"]  # there is no wrap-up to end
    assert await (await anna.get("/desk/call")).json() is None


async def test_the_page_asks_for_a_word_as_long_as_the_dialler_waits_for_it(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    await attempt(rooms, customer=WHO)
    await popped(rooms, ATTEMPT, minutes=50)
    asked = {}
    for minutes in (0, 14, 15):
        over = rooms.db.clock.now() - timedelta(minutes=minutes)
        async with rooms.db.write() as session:
            await session.execute(update(Attempt).values(over=over))
        asked[minutes] = await (await anna.get("/desk/call")).json() is not None
    assert asked == {0: True, 14: True, 15: False}
    for minutes in (14, 15):
        await popped(rooms, "in-1", minutes=minutes)
        asked[minutes] = await (await anna.get("/desk/call")).json() is not None
    assert asked == {0: True, 14: True, 15: False}


async def test_another_agent_s_call_is_none_of_theirs(enter: Enter, core: Core, rooms: Rooms) -> None:
    await attempt(rooms, customer=WHO)
    bruno = await enter(Role.AGENT, name="bruno", agent="bruno")
    tab = await open_tab(bruno, "one")
    status, told = await tab.send("/desk/draft", {"call": ATTEMPT, "notes": "mine?"}, "PUT")
    assert (status, told["error_id"]) == (403, "not-yours")
    assert (await tab.send("/desk/outcome", {"call": ATTEMPT, "disposition": "done"}))[0] == 403


async def test_a_talk_of_a_campaign_is_disposed_and_the_draft_is_gone(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    contact_id = await attempt(rooms, customer=WHO)
    tab = await open_tab(anna, "one")
    await core.joins("anna", ATTEMPT, customer=WHO)
    await tab.hears("card")
    await tab.send("/desk/draft", {"call": ATTEMPT, "notes": "half"}, "PUT")
    said = {"call": ATTEMPT, "disposition": "done", "notes": "takes it", "opt_out": ["survey"], "ready": True}
    assert (await tab.send("/desk/outcome", said))[0] == 200
    assert core.asked[-1][1]["ready"] is True
    async with rooms.db.read() as session:
        made = await session.get_one(Attempt, ATTEMPT)
        contact = await session.get_one(Contact, contact_id)
        drafts = list(await session.scalars(select(DeskDraft)))
        barred = list(await session.scalars(select(DoNotCall)))
        (noted,) = await session.scalars(select(ContactHistory).where(ContactHistory.call_id == ATTEMPT))
    assert (made.disposition, made.goal, contact.fields["notes"]) == ("done", True, "takes it")
    assert (drafts, noted.outcome) == ([], "done")
    assert [(each.number, each.purpose.value) for each in barred] == [(NUMBER, "survey")]
    assert (await tab.send("/desk/outcome", said))[0] == 200  # said twice it is kept once
    status, told = await tab.send("/desk/outcome", {**said, "disposition": "machine"})
    assert (status, told["error_id"]) == (400, "bad-input")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "disposition"),
        ({"disposition": "perhaps"}, "disposition"),
        ({"disposition": "sold"}, "product"),
        ({"disposition": "sold", "fields": {"product": "  "}}, "product"),
        ({"disposition": "sold", "fields": {"product": "x" * 501}}, "product"),
        ({"disposition": "sold", "fields": {"product": "x"}, "notes": "y" * 4001}, "notes"),
        ({"disposition": "later"}, "callback_at"),
        ({"disposition": "later", "callback": {"at": "soon"}}, "callback_at"),
        ({"disposition": "later", "callback": {"at": "2001-01-01T10:00"}}, "callback_at"),
        ({"disposition": "sold", "fields": {"product": "x"}, "opt_out": ["everything"]}, "opt_out"),
        ({"disposition": "sold", "colour": "red"}, "colour"),
    ],
)
async def test_what_is_missing_or_too_much_is_told_by_its_name(
    anna: Client, core: Core, rooms: Rooms, said: dict[str, Any], field: str
) -> None:
    words = [
        {"name": "sold", "title": "Sold", "key": "1", "goal": True, "fields": ["product"]},
        {"name": "later", "title": "Later", "key": "2", "then": "call_back"},
    ]
    await attempt(rooms, dispositions=words)
    tab = await open_tab(anna, "one")
    status, told = await tab.send("/desk/outcome", {"call": ATTEMPT, **said})
    assert (status, told["field"]) == (400, field)
    async with rooms.db.read() as session:
        assert (await session.get_one(Attempt, ATTEMPT)).disposition == ""


async def test_a_call_back_is_promised_by_the_customer_s_clock_and_within_the_law(
    anna: Client, core: Core, rooms: Rooms
) -> None:
    async with rooms.db.write() as session:
        await session.execute(update(Customer).where(Customer.id == WHO).values(zone="Asia/Dubai"))
    contact_id = await attempt(rooms, customer=WHO, zone="Asia/Dubai", profile="it")
    tab = await open_tab(anna, "one")
    asked = f"/desk/callback?call={ATTEMPT}"
    assert (await (await anna.get(asked)).json())["zone"] == "Asia/Dubai"
    day = rooms.db.clock.now().date() + timedelta(days=(9 - rooms.db.clock.now().weekday()) % 7 or 7)
    late = await (await anna.get(f"{asked}&at={day}T23:30")).json()
    assert late["allowed"] is False
    assert "hours" in late["words"]
    assert late["next"] > f"{day}T23:30"
    said = {"call": ATTEMPT, "disposition": "call_back", "callback": {"at": f"{day}T23:30", "mine": True}}
    status, told = await tab.send("/desk/outcome", said)
    assert (status, told["field"]) == (400, "callback_at")
    assert late["words"] in told["detail"]
    said["callback"]["at"] = late["next"]
    good = await (await anna.get(f"{asked}&at={late['next']}")).json()
    assert good["allowed"], good
    assert (await tab.send("/desk/outcome", said))[0] == 200
    async with rooms.db.read() as session:
        contact = await session.get_one(Contact, contact_id)
    assert contact.agent == "anna"
    assert contact.promised is not None
    assert contact.promised.isoformat() == good["at"]


async def test_a_caller_s_talk_has_its_own_words_and_may_be_called_back(
    server: TestServer, anna: Client, core: Core, rooms: Rooms
) -> None:
    server.app[DESK].shown_number = "+390650000611"
    tab = await open_tab(anna, "one")
    await core.joins("anna", "in-1", title="0611", number=number_of(3), path=["main", "faults"], waited=75)
    card = await tab.hears("card")
    assert (card["hand"]["inbound"], card["hand"]["path"], card["html"]) == (True, ["main", "faults"], "")
    found = await (await anna.get(f"/customers?part=1&q={number_of(3)}")).text()
    assert f'data-customer="{id_of(3)}"' in found
    status, shown = await tab.send("/desk/customer", {"call": "in-1", "customer": id_of(3)})
    assert (status, shown["hand"]["customer"]) == (200, id_of(3))
    assert id_of(3) in shown["html"]
    assert (await tab.send("/desk/draft", {"call": "in-1", "notes": "half"}, "PUT"))[0] == 200
    assert (await tab.send("/desk/customer", {"call": "in-1", "customer": "nobody"}))[0] == 400
    day = rooms.db.clock.now().date() + timedelta(days=2)
    said = {
        "call": "in-1",
        "disposition": "call_back",
        "notes": "tomorrow",
        "callback": {"at": f"{day}T11:00"},
    }
    status, told = await tab.send("/desk/outcome", {**said, "ready": True})
    assert status == 200, told
    assert core.asked[-1] == ("wrapped_up", {"agent": "anna"})
    async with rooms.db.read() as session:
        (outcome,) = await session.scalars(select(TalkOutcome))
        (contact,) = await session.scalars(select(Contact))
        (noted,) = await session.scalars(select(ContactHistory).where(ContactHistory.call_id == "in-1"))
    assert (outcome.disposition, outcome.customer_id, outcome.notes) == ("call_back", id_of(3), "tomorrow")
    assert (contact.campaign, contact.number, contact.agent) == ("callbacks", number_of(3), "")
    assert contact.promised is not None
    assert contact.promised.isoformat() == told["callback"]["at"]
    assert (noted.customer_id, noted.outcome) == (id_of(3), "call_back")


async def test_the_customers_pages_are_audited_and_escaped(enter: Enter, core: Core, rooms: Rooms) -> None:
    async with rooms.db.write() as session:
        await session.execute(update(Customer).where(Customer.id == WHO).values(name=HOSTILE))
    back = await enter(Role.BACK_OFFICE, name="olga", language="ru")
    for path in (f"/customers/{WHO}", f"/customers/{WHO}?part=1", "/customers?q=alert(1)"):
        page = await (await back.get(path)).text()
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page
    assert "Никого" in await (await back.get("/customers?q=zzzzzz")).text()
    assert (await back.get("/customers/nobody")).status == 404
    async with rooms.db.read() as session:
        seen = list(await session.scalars(select(AuditEntry).where(AuditEntry.customer_id == WHO)))
    assert [(each.by, each.what) for each in seen] == [("olga", "customer.opened")] * 2
    marketing = await enter(Role.MARKETING, name="mara")
    assert (await marketing.get(f"/customers/{WHO}")).status == 403


async def test_many_pages_are_one_listener(anna: Client, core: Core, rooms: Rooms) -> None:
    tabs = [await open_tab(anna, f"tab{number}") for number in range(25)]
    for tab in tabs:
        await tab.hears("hello")
    await rooms.live.publish("centralino:queues", {"queues": [{"name": "care", "waiting": 3}]})
    for tab in tabs:
        await tab.hears("queues")
    assert await rooms.live.tell("agents.pop", {"agent": "nobody", "call": "x"}) == 1
