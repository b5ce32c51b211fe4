"""People, accounts and the audit, on pages and by REST."""

import re

import pyotp
import pytest
from aiohttp.test_utils import TestServer

from centralino.rooms import Rooms
from tests.web.conftest import Client, Enter
from users import Role, change_user, hash_password
from values.testing import FixedClock
from web.keys import DOOR

pytestmark = pytest.mark.database

PASSWORD = "un caffè ristretto"
HOSTILE = "<img src=x onerror=alert(1)>"


async def text_of(client: Client, path: str, status: int = 200, **form: str) -> str:
    answer = await (client.post(path, data=form) if form else client.get(path))
    text = await answer.text()
    assert answer.status == status, text
    return text


async def test_an_administrator_adds_somebody_who_gets_in_and_chooses_a_password(
    enter: Enter, client: Client
) -> None:
    ada = await enter(Role.ADMIN, name="ada")
    page = await text_of(ada, "/users", name="Rosa", title=HOSTILE, role="supervisor", agent="", partner="")
    assert HOSTILE not in page
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found
    assert found[1] not in await text_of(ada, "/users/rosa")  # told once
    answer = await client.post(
        "/sign-in", data={"name": "rosa", "password": found[1]}, headers={"Accept": "application/json"}
    )
    csrf = (await answer.json())["csrf"]
    wrong = {"csrf": csrf, "password": found[1], "new": PASSWORD, "again": "something else"}
    assert "the two are not the same" in await text_of(client, "/account/password", 400, **wrong)
    same = wrong | {"new": found[1], "again": found[1]}
    assert "choose another" in await text_of(client, "/account/password", 400, **same)
    assert (await client.get("/calls")).status == 403  # it is still the one they were given
    await text_of(client, "/account/password", **{**wrong, "again": PASSWORD})
    assert (await client.get("/calls")).status == 200
    told = await (await ada.get("/api/v1/audit?subject=rosa")).json()
    assert [(deed["by"], deed["did"]) for deed in told["deeds"]] == [
        ("rosa", "password.changed"),
        ("rosa", "signed.in"),
        ("ada", "user.added"),
    ]
    assert PASSWORD not in str(told)


async def test_a_locked_person_is_out_at_once_and_in_again_when_let(enter: Enter) -> None:
    ada, sara = await enter(Role.ADMIN, name="ada"), await enter(Role.SUPERVISOR, name="sara")
    await text_of(ada, "/users/sara/lock", x="")
    assert (await sara.get("/calls")).status == 401
    assert "Let in again" in await text_of(ada, "/users/sara")
    await text_of(ada, "/users/sara/unlock", x="")
    again = await enter(Role.SUPERVISOR, name="sara")
    assert (await again.get("/calls")).status == 200


async def test_the_last_administrator_stays(enter: Enter) -> None:
    ada = await enter(Role.ADMIN, name="ada")
    assert (await ada.post("/users/ada/lock", data={"x": ""})).status == 400
    assert (await ada.post("/users/ada/remove", data={"x": ""})).status == 400
    told = await (await ada.patch("/api/v1/users/ada", json={"role": "agent"})).json()
    assert told["field"] == "role"
    assert (await ada.post("/api/v1/users", json={"name": "eva", "role": "admin"})).status == 201
    assert (await ada.patch("/api/v1/users/ada", json={"role": "agent"})).status == 200
    assert (await ada.get("/users")).status == 403


WRONG = [
    ({"name": "Rosa!"}, "name", 400),
    ({"name": "ada"}, "name", 409),
    ({"name": "rosa", "role": "king"}, "role", 400),
    ({"name": "rosa", "role": 1}, "role", 400),
    ({"name": "rosa", "role": "partner_manager"}, "partner", 400),
    ({"name": "rosa", "agent": "nobody"}, "agent", 400),
    ({"name": "rosa", "colour": "red"}, "colour", 400),
    ({}, "name", 400),
]


async def test_what_makes_no_sense_is_refused_by_its_field(enter: Enter) -> None:
    ada = await enter(Role.ADMIN, name="ada")
    for body, field, status in WRONG:
        answer = await ada.post("/api/v1/users", json=body)
        told = await answer.json()
        assert (answer.status, told["field"]) == (status, field), body
    assert (await ada.get("/api/v1/users/nobody")).status == 404


async def test_two_people_are_not_one_agent(enter: Enter) -> None:
    ada = await enter(Role.ADMIN, name="ada")
    await ada.put("/api/v1/agents/anna", json={"phone": "agent01"})
    assert (await ada.post("/api/v1/users", json={"name": "anna", "agent": "anna"})).status == 201
    answer = await ada.post("/api/v1/users", json={"name": "rosa", "agent": "anna"})
    assert (await answer.json())["field"] == "agent"


async def test_one_time_codes_are_set_up_proven_and_ended(
    enter: Enter, rooms: Rooms, client: Client, clock: FixedClock
) -> None:
    sara = await enter(Role.SUPERVISOR, name="sara")
    async with rooms.db.write() as session:
        await change_user(session, "sara", password=hash_password(PASSWORD))
    page = await text_of(sara, "/account/codes/begin", x="")
    assert "<svg" in page
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret
    codes = pyotp.TOTP(secret[1])
    await text_of(sara, "/account/codes", 400, code="000000", password=PASSWORD)
    page = await text_of(sara, "/account/codes", code=codes.at(clock.now()), password=PASSWORD)
    assert page.count("<li>") >= 10
    wanted = {"Accept": "application/json"}
    form = {"name": "sara", "password": PASSWORD}
    answer = await client.post("/sign-in", data=form, headers=wanted)
    assert (await answer.json())["error_id"] == "code-needed"
    clock.move(30)
    answer = await client.post("/sign-in", data={**form, "code": codes.at(clock.now())}, headers=wanted)
    assert answer.status == 200
    await text_of(sara, "/account/codes/end", 400, password="wrong password")
    await text_of(sara, "/account/codes/end", password=PASSWORD)
    assert (await client.post("/sign-in", data=form, headers=wanted)).status == 200


async def test_somebody_ends_their_other_sessions_and_makes_tokens(enter: Enter, server: TestServer) -> None:
    here, there = await enter(Role.SUPERVISOR, name="sara"), await enter(Role.SUPERVISOR, name="sara")
    mine = await server.app[DOOR].sessions.of("sara")
    page = await text_of(here, "/account")
    (other,) = [each.key for each in mine if f"/account/sessions/{each.key}" in page]
    await text_of(here, f"/account/sessions/{other}", x="")
    assert (await there.get("/account")).status == 401
    page = await text_of(here, "/account/tokens", label="wallboard", scopes="calls", days="30")
    assert re.search(r'class="secret">ctl_', page)
    page = await text_of(here, "/account/tokens", 400, label="too much", scopes="users")
    assert "ctl_" not in page


async def test_the_audit_is_filtered_and_goes_on_page_by_page(enter: Enter) -> None:
    ada = await enter(Role.ADMIN, name="ada")
    for number in range(5):
        await ada.post("/api/v1/users", json={"name": f"p{number}", "title": HOSTILE})
    await ada.patch("/api/v1/users/p1", json={"title": "Somebody"})
    page = await text_of(ada, "/audit?did=user.added&limit=2")
    assert page.count("<td>user.added</td>") == 2
    onward = re.search(r'href="(/audit\?[^"]*cursor=\d+)"', page)
    assert onward
    assert "p1" in await text_of(ada, onward[1].replace("&amp;", "&"))
    assert HOSTILE not in await text_of(ada, "/audit")
    assert 'role="alert"' in await text_of(ada, "/audit?since=yesterday")
    told = await (await ada.get("/api/v1/audit?did=user&limit=3")).json()
    assert [deed["did"] for deed in told["deeds"]] == ["user.changed", "user.added", "user.added"]
    rest = await (await ada.get(f"/api/v1/audit?did=user&cursor={told['cursor']}")).json()
    assert (len(rest["deeds"]), rest["cursor"]) == (3, None)
