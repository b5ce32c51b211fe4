"""Who gets in where: every route says so, and what it says holds."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from centralino.rooms import Rooms
from tests.calls.samples import later
from tests.web.conftest import TOKEN, Client, Enter
from users import RIGHTS, Right, Role, change_user, make_token, user_named
from values.testing import FixedClock
from web.access import access_of, allowed
from web.keys import DOOR
from web.visitor import COOKIE

pytestmark = pytest.mark.database

OPEN = {
    "/", "/sign-in", "/preferences", "/healthz", "/readyz", "/metrics", "/api/openapi.json",
    "/api/v1/texts/status",  # its sender signs what it sends
}  # fmt: skip
PAGE = {"Accept": "text/html"}


def test_every_route_says_who_may_ask_and_few_are_open(server: TestServer) -> None:
    routes = [route for route in server.app.router.routes() if route.resource is not None]
    handled = [each for each in routes if not isinstance(each.resource, web.StaticResource)]
    silent = [str(each) for each in handled if access_of(each.handler) is None]
    assert silent == []
    open_ones = {
        each.resource.canonical
        for each in handled
        if each.resource and (access := access_of(each.handler)) and access.anybody
    }
    others = {path for path in open_ones - OPEN if not path.startswith(("/flows/", "/visitor", "/phone/"))}
    assert others == set()


async def test_a_route_that_says_nothing_is_refused(server: TestServer) -> None:
    async def forgotten(_request: web.Request) -> web.Response:
        return web.Response(text="secret")

    app = web.Application(middlewares=server.app.middlewares)
    for key, value in server.app.items():
        app[key] = value
    app.router.add_get("/forgotten", forgotten)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/forgotten", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status == 403
        assert "secret" not in await answer.text()


async def test_who_has_not_signed_in_is_led_to_the_door_and_scripts_are_told(client: Client) -> None:
    answer = await client.get("/calls?x=1", headers=PAGE, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?next=%2Fcalls%3Fx%3D1")
    for headers in ({"Accept": "application/json"}, {"Accept": "text/html", "HX-Request": "true"}, {}):
        answer = await client.get("/calls", headers=headers, allow_redirects=False)
        assert (answer.status, (await answer.json(content_type=None))["error_id"]) == (401, "unauthorised")


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_gets_in_where_its_rights_lead_and_nowhere_else(enter: Enter, role: Role) -> None:
    client = await enter(role, partner="levante" if role is Role.PARTNER_MANAGER else "")
    for path, right in (
        ("/users", Right.USERS),
        ("/audit", Right.AUDIT),
        ("/calls", Right.CALLS),
        ("/api/v1/calls", Right.CALLS),
        ("/api/v1/users", Right.USERS),
        ("/api/v1/trunks", Right.CAMPAIGNS),
    ):
        may = right in RIGHTS[role] or (path.endswith("trunks") and Right.FLOOR in RIGHTS[role])
        may = may and role is not Role.PARTNER_MANAGER  # none of these shows him his partner alone
        answer = await client.get(path)
        assert answer.status == (200 if may else 403), (role, path)
    assert (await client.get("/account")).status == 200


async def test_what_changes_something_wants_the_token_of_our_own_page(
    enter: Enter, server: TestServer
) -> None:
    client = await enter(Role.ADMIN)
    body = {"name": "rosa", "role": "agent"}
    for headers in ({"X-CSRF-Token": ""}, {"X-CSRF-Token": "x" * 32}):
        answer = await client.post("/api/v1/users", json=body, headers=headers)
        assert (answer.status, (await answer.json())["error_id"]) == (403, "stale-form")
    answer = await client.post("/api/v1/users", json=body, headers={"Origin": "http://evil.example"})
    assert (answer.status, (await answer.json())["error_id"]) == (403, "forbidden")
    own = str(server.make_url("/")).rstrip("/")
    assert (await client.post("/api/v1/users", json=body, headers={"Origin": own})).status == 201


async def test_a_session_ends_at_once_when_its_user_is_locked_demoted_or_signed_out(
    enter: Enter, rooms: Rooms, server: TestServer, clock: FixedClock
) -> None:
    client = await enter(Role.SUPERVISOR, name="sara")
    assert (await client.get("/calls")).status == 200
    async with rooms.db.write() as session:
        await change_user(session, "sara", role=Role.AGENT)
    assert (await client.get("/calls")).status == 403
    async with rooms.db.write() as session:
        await change_user(session, "sara", role=Role.SUPERVISOR, locked=True)
    assert (await client.get("/calls")).status == 401
    async with rooms.db.write() as session:
        await change_user(session, "sara", locked=False)
    assert (await client.get("/calls")).status == 200
    clock.move(1)
    async with rooms.db.write() as session:  # as `centralino users sign-out` does, even when Redis was lost
        await change_user(session, "sara", sessions_from=clock.now())
    assert (await client.get("/calls")).status == 401
    again = await enter(Role.SUPERVISOR, name="sara")
    assert (await again.get("/calls")).status == 200
    await server.app[DOOR].sessions.end_all("sara")
    assert (await again.get("/calls")).status == 401


async def test_a_given_password_has_to_be_changed_before_anything_else(enter: Enter, rooms: Rooms) -> None:
    client = await enter(Role.SUPERVISOR, name="sara")
    async with rooms.db.write() as session:
        await change_user(session, "sara", must_change=True)
    answer = await client.get("/calls", headers=PAGE, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/account")
    answer = await client.get("/api/v1/calls")
    assert (await answer.json())["error_id"] == "change-password"
    assert (await client.get("/account")).status == 200


async def test_a_token_lets_a_program_do_what_its_scopes_say_and_its_owner_may(
    client: Client, enter: Enter, rooms: Rooms
) -> None:
    await enter(Role.SUPERVISOR, name="sara")
    async with rooms.db.write() as session:
        owner = await user_named(session, "sara")
        text, row = await make_token(
            session, owner, label="wallboard", scopes=[Right.CALLS, Right.FLOOR], now=later(600), days=1
        )
    headers = {"Authorization": f"Bearer {text}"}
    assert (await client.get("/api/v1/calls", headers=headers)).status == 200
    assert (await client.get("/api/v1/users", headers=headers)).status == 403
    me = await (await client.get("/api/v1/me", headers=headers)).json()
    assert me == {"name": "sara", "role": "supervisor", "rights": ["calls", "floor"]}
    wrong = {"Authorization": f"Bearer {text[:-1]}x"}
    assert (await client.get("/api/v1/calls", headers=wrong)).status == 401
    async with rooms.db.write() as session:
        await change_user(session, "sara", role=Role.AGENT)
    assert (await client.get("/api/v1/calls", headers=headers)).status == 403
    assert (await client.delete(f"/api/v1/users/sara/tokens/{row.id}", headers=headers)).status == 204
    assert (await client.get("/api/v1/me", headers=headers)).status == 401


async def test_a_token_makes_no_token_that_would_outlive_it(
    client: Client, enter: Enter, rooms: Rooms
) -> None:
    sara = await enter(Role.SUPERVISOR, name="sara")
    wanted = {"label": "for ever", "scopes": ["users"]}
    ada = await enter(Role.ADMIN, name="ada")
    async with rooms.db.write() as session:
        owner = await user_named(session, "ada")
        text, _ = await make_token(
            session, owner, label="short", scopes=[Right.USERS], now=later(600), days=1
        )
    refused = await client.post(
        "/api/v1/users/ada/tokens", json=wanted, headers={"Authorization": f"Bearer {text}"}
    )
    assert (refused.status, "outlive" in (await refused.json())["detail"]) == (403, True)
    assert (await ada.post("/api/v1/users/ada/tokens", json=wanted)).status == 201
    mine = {"label": "wallboard", "scopes": ["floor"]}
    assert (await sara.post("/api/v1/users/sara/tokens", json=mine)).status == 201


async def test_agents_act_for_themselves_and_supervisors_for_them(enter: Enter, bearer: Any) -> None:
    anna = await enter(Role.AGENT, name="anna", agent="anna")
    sara = await enter(Role.SUPERVISOR, name="sara")
    card = {"phone": "agent01"}
    for name in ("anna", "bruno"):
        assert (await anna.put(f"/api/v1/agents/{name}", json=card)).status == 403
        assert (await sara.put(f"/api/v1/agents/{name}", json=card)).status == 200
    assert (await anna.post("/api/v1/agents/bruno/pause")).status == 403
    assert (await anna.post("/api/v1/agents/anna/pause")).status == 503  # no core is there to ask


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client: Client, enter: Enter) -> None:
    from users import Person, add_user, hash_password

    password = "un caffè ristretto"
    app = client.server.app  # type: ignore[union-attr]
    async with app[DOOR]._db.write() as session:
        person = Person(name="rosa", role=Role.OPERATIONS)
        await add_user(session, person, password=hash_password(password), now=later(0))
    form = {"name": "rosa", "password": password, "next": "/audit"}
    for forwarded, secure in (("", False), ("https", True)):
        headers = {"X-Forwarded-Proto": forwarded} if forwarded else {}
        answer = await client.post("/sign-in", data=form, headers=headers, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/audit")
        cookie = answer.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (True, "Strict", secure)
    for onward in ("//evil.example", "https://evil.example", "/\\evil.example", "/sign-out", "javascript:x"):
        answer = await client.post("/sign-in", data={**form, "next": onward}, allow_redirects=False)
        assert answer.headers["Location"] in {"/floor", "/calls", "/campaigns", "/customers"}, onward


def test_a_declaration_names_at_least_one_right() -> None:
    with pytest.raises(ValueError, match="at least one"):
        allowed()
