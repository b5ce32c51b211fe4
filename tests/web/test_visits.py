"""Texts and visits as they are looked up: by customer, state and day, with what came of each."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from centralino.rooms import Rooms
from customers.models import Customer
from customers.seed import id_of, number_of, seed
from messages.sms import Text, TextMessage, TextState, queue_texts
from proactive.appointments import Appointment, AppointmentState
from proactive.outages import Outage, OutageLine
from store.audit import AuditEntry
from surveys.interviews import Beginning, Given, Invitation, begin, break_off, finish, invite
from surveys.models import Occasion, Survey
from tests.calls.samples import later
from tests.web.conftest import HOSTILE, Client, Enter
from users import Right, Role, make_token, user_named
from values import PhoneNumber
from values.testing import FixedClock
from web.customer.cards import card_values

pytestmark = [
    pytest.mark.database,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
WHO, OTHER = id_of(7), id_of(8)
WORDS = "Il 9 marzo colleghiamo la sua linea."


def visit(number: int, state: AppointmentState, **more: Any) -> Appointment:
    """Offered for two mornings; agreed for the first of them unless it is told otherwise."""
    day = later(0) + timedelta(days=3)
    slots = [_slot(day), _slot(day + timedelta(days=1))]
    agreed = state not in {AppointmentState.OFFERED, AppointmentState.CANCELLED}
    told: dict[str, Any] = {
        "id": f"v-{number}", "customer_id": WHO, "kind": "installation", "state": state, "slots": slots,
        "until": day - timedelta(days=1), "offered": later(number), "said_at": later(number),
        "begins": day if agreed else None, "ends": day + timedelta(hours=2) if agreed else None, "slot": "",
        "changed": later(number), "by": "customer" if agreed else "planner", "call_id": "",
    }  # fmt: skip
    return Appointment(**(told | more))


def _slot(at: datetime) -> Mapping[str, Any]:
    return {"start": at.isoformat(), "end": (at + timedelta(hours=2)).isoformat(), "slot": "north-am"}


@pytest.fixture
async def town(rooms: Rooms) -> Rooms:
    """Two customers: one was written to and has a visit to come, one's text did not arrive."""
    async with rooms.db.write() as session:
        await seed(session, 20)
        texts = [
            Text(id="t1", to=PhoneNumber(number_of(7)), words=WORDS, purpose="service", customer_id=WHO),
            Text(
                id="t2", to=PhoneNumber(number_of(8)), words=HOSTILE, purpose="marketing", customer_id=OTHER
            ),
        ]
        await queue_texts(session, texts, rooms.db.clock.now())
        session.add_all(
            [
                visit(1, AppointmentState.CONFIRMED),
                visit(2, AppointmentState.OFFERED),
                visit(3, AppointmentState.CANCELLED, customer_id=OTHER, kind="repair"),
            ]
        )
    async with rooms.db.write() as session:
        lost = await session.get_one(TextMessage, "t2")
        lost.state, lost.why, lost.code = TextState.UNDELIVERED, "the telephone is off", "30003"
    return rooms


async def seen(client: Client, path: str, **query: str) -> str:
    answer = await client.get(path, params=query)
    assert answer.status == 200, await answer.text()
    return (await answer.text()).split('id="words"')[0]


async def test_a_text_is_found_by_its_customer_with_its_words_and_what_became_of_it(
    town: Rooms, enter: Enter
) -> None:
    olga = await enter(Role.OPERATIONS)
    everybody = await seen(olga, "/texts")
    assert WORDS in everybody
    assert "the telephone is off (30003)" in everybody
    assert "not delivered" in everybody
    assert HOSTILE not in everybody
    assert number_of(7) not in everybody  # masked
    one = await seen(olga, "/texts", customer=number_of(8))
    assert "the telephone is off" in one
    assert WORDS not in one
    assert WORDS in await seen(olga, "/texts", state="waiting")
    assert "There are no such texts." in await seen(olga, "/texts", state="delivered")
    today = later(600).date().isoformat()
    assert WORDS in await seen(olga, "/texts", day=today)
    assert WORDS not in await seen(olga, "/texts", day="2020-01-01")
    assert "Write a day as in" in await seen(olga, "/texts", day="soon")
    assert "Nobody was found" in await seen(olga, "/texts", customer="Nessuno Mai")
    assert (await olga.get("/texts?state=lost")).status == 400


async def test_a_visit_is_shown_with_the_times_offered_and_the_one_agreed(town: Rooms, enter: Enter) -> None:
    olga = await enter(Role.OPERATIONS, name="olga", language="it")
    page = await seen(olga, "/visits")
    assert [each in page for each in ("v-1", "v-2", "v-3")] == [True] * 3
    assert "confermata" in page
    assert "da concordare entro" in page
    assert "concordato" in page
    day = (later(0) + timedelta(days=3)).date().isoformat()
    agreed = await seen(olga, "/visits", day=day)
    assert "v-1" in agreed
    assert "v-3" not in agreed
    assert "v-3" in await seen(olga, "/visits", customer=OTHER, state="cancelled")


async def test_long_lists_are_turned_over_page_by_page(town: Rooms, enter: Enter) -> None:
    async with town.db.write() as session:
        session.add_all([visit(number, AppointmentState.SET) for number in range(10, 70)])
    olga = await enter(Role.OPERATIONS)
    first = await seen(olga, "/visits", state="set")
    assert first.count("v-") >= 50
    onward = first.split('href="/visits?')[1].split('"')[0].replace("&amp;", "&")
    second = await seen(olga, f"/visits?{onward}")
    assert "v-10" in second
    assert "v-69" not in second


async def test_whoever_sees_no_whole_lists_names_the_customer_and_it_is_written_down(
    town: Rooms, enter: Enter
) -> None:
    anna = await enter(Role.AGENT)
    assert "Name the customer" in await seen(anna, "/texts")
    assert WORDS in await seen(anna, "/texts", customer=WHO)
    assert "v-1" in await seen(anna, "/visits", customer=WHO)
    for role in (Role.MARKETING, Role.PARTNER_MANAGER):
        client = await enter(role, partner="Levante" if role is Role.PARTNER_MANAGER else "")
        assert [(await client.get(path)).status for path in ("/texts", "/visits")] == [403, 403]
    async with town.db.read() as session:
        query = select(AuditEntry.what, func.count()).where(AuditEntry.customer_id == WHO)
        noted = {row[0]: row[1] for row in await session.execute(query.group_by(AuditEntry.what))}
    assert noted == {"texts.opened": 1, "visits.opened": 1}


async def test_what_is_wrong_with_a_search_is_said_in_the_language_of_whoever_looks(
    town: Rooms, enter: Enter
) -> None:
    wrong = {"customer": "x"}, {"customer": "x" * 81}, {"day": "soon"}
    said = {
        "en": ("Write two letters or digits at least", "Write a day as in 2026-03-02."),
        "it": ("Scriva da due a ottanta lettere o cifre.", "Scriva il giorno come 2026-03-02."),
        "ru": ("Введите от двух до восьмидесяти букв или цифр.", "Укажите день так: 2026-03-02."),
    }
    for language, (text, day) in said.items():
        olga = await enter(Role.OPERATIONS, name=f"olga-{language}", language=language)
        for path in ("/texts", "/visits"):
            for asked, words in zip(wrong, (text, text, day), strict=True):
                assert words in await seen(olga, path, **asked)


async def test_whoever_may_not_see_customers_names_one_by_the_id_alone(
    town: Rooms, enter: Enter, client: Client
) -> None:
    await enter(Role.OPERATIONS, name="olga")
    async with town.db.write() as session:
        owner = await user_named(session, "olga")
        scopes = [Right.EVENTS]
        token, _ = await make_token(session, owner, label="mirror", scopes=scopes, now=later(600), days=1)
        name = (await session.get_one(Customer, WHO)).name
    headers = {"Authorization": f"Bearer {token}"}
    for path in ("/texts", "/visits"):
        for text in (name, name[-3:], number_of(7), number_of(7)[-4:]):
            answer = await client.get(path, params={"customer": text}, headers=headers)
            page = (await answer.text()).split('id="words"')[0]
            assert "There is no customer of this id." in page
            assert WHO not in page
        one = await (await client.get(path, params={"customer": WHO}, headers=headers)).text()
        assert (WORDS if path == "/texts" else "v-1") in one
        assert name not in one


async def test_programs_read_visits_a_page_at_a_time(
    town: Rooms, client: Client, bearer: Mapping[str, str]
) -> None:
    first = await (await client.get("/api/v1/visits?limit=2", headers=bearer)).json()
    assert [each["id"] for each in first["visits"]] == ["v-3", "v-2"]
    rest = await client.get("/api/v1/visits", params={"cursor": first["cursor"]}, headers=bearer)
    (last,) = (await rest.json())["visits"]
    assert (last["id"], last["state"], len(last["slots"])) == ("v-1", "confirmed", 2)
    one = await (await client.get("/api/v1/visits/v-2", headers=bearer)).json()
    assert (one["state"], one["start"]) == ("offered", None)
    assert (await client.get("/api/v1/visits/v-9", headers=bearer)).status == 404
    assert (await client.get("/api/v1/visits?state=odd", headers=bearer)).status == 400
    since = (later(0) + timedelta(days=2)).isoformat().replace("+00:00", "Z")
    agreed = await (await client.get(f"/api/v1/visits?since={since}", headers=bearer)).json()
    assert [each["id"] for each in agreed["visits"]] == ["v-1"]


async def test_the_card_shows_what_is_under_way_and_when_they_were_last_asked(
    town: Rooms, clock: FixedClock, enter: Enter
) -> None:
    now = clock.now()
    async with town.db.write() as session:
        session.add(
            Survey(
                name="voice", title="After a call", questionnaire="surveys.four_items",
                occasion=Occasion.AFTER_CALL, area="voice", active=True, plan={}, created=now,
            )
        )  # fmt: skip
        three = now - timedelta(days=3)
        kinds = [
            ("o1", now, None),
            ("o2", three, three + timedelta(hours=6)),
        ]  # the end of the second was forgotten
        for name, opened, ends in kinds:
            session.add(
                Outage(
                    id=name, cause="power", area="Roma", opened=opened, expected_end=ends, restored=None,
                    unknown=0,
                )
            )  # fmt: skip
            lines = ("", "l1")  # touched twice, told once
            session.add_all(
                [OutageLine(outage_id=name, customer_id=WHO, line_id=each, opened=opened) for each in lines]
            )
        await session.flush()
        drawn = [
            Invitation(survey="voice", customer_id=WHO, id=f"i{each}", call_id=f"c{each}")
            for each in range(4)
        ]
        await invite(session, drawn, now)
        await begin(session, [Beginning(interview=each, call_id=f"c{each[1]}") for each in ("i1", "i2")], now)
        await finish(session, [Given(interview="i1", answers={"recommend": 3})], now)
        await break_off(session, [Given(interview="i2"), Given(interview="i3")], now)
    susi = await enter(Role.SUPERVISOR)
    card = await seen(susi, f"/customers/{WHO}", part="card")
    assert card.count("Outage") == 1
    assert "has lost its power" in card
    assert "Visit: installation" in card
    assert "would recommend: 3" in card
    assert f"/texts?customer={WHO}" in card
    anna = await enter(Role.AGENT)
    hers = await seen(anna, f"/customers/{WHO}", part="card")
    assert "After a call" in hers
    assert "broke off" in card
    assert "broke off" not in hers
    assert "would not answer" not in hers
    assert "would recommend" not in hers  # who may not see answers by name does not
    async with town.db.read() as session:
        policy = town.proactive.assurance
        on = await card_values(session, town.customers, WHO, clock, "en", policy, besides="c1", marks=True)
        desk = await card_values(session, town.customers, WHO, clock, "en", policy, besides="c1")
    assert on is not None
    assert desk is not None
    assert [(each["state"], each["marks"]) for each in desk["c"]["interviews"]] == [("", [])] * 2
    told = on["c"]["interviews"]
    assert sorted(each["state"] for each in told) == [
        "partial",
        "refused",
    ]  # neither who is drawn, nor this call
