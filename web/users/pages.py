"""The page of people: who there is, and one of them to change."""

from typing import Any

from aiohttp import web

from agents import agent_cards
from users import Person, Right, Role, user_named, users
from values import BadInputError, CentralinoError
from web.access import allowed
from web.keys import DOOR, PARTS
from web.pages import page
from web.users import work

routes = web.RouteTableDef()

_ACTS = frozenset({"lock", "unlock", "password", "sign-out", "codes", "remove"})


@routes.get("/users")
@allowed(Right.USERS)
async def people(request: web.Request) -> web.Response:
    """Everybody, and a form for one more."""
    return await _people(request)


@routes.post("/users")
@allowed(Right.USERS)
async def added(request: web.Request) -> web.Response:
    """One more; their password is shown this once."""
    form = {name: str(value).strip() for name, value in (await request.post()).items()}
    try:
        person = Person(
            name=form.get("name", "").lower(),
            title=form.get("title", ""),
            role=_role(form.get("role", "")),
            partner=form.get("partner", ""),
            agent=form.get("agent", ""),
        )
        user, password = await work.add(request, person)
    except BadInputError as problem:
        return await _people(request, form=form, problem=problem, status=400)
    return await _person(request, user.name, password=password)


@routes.get("/users/{name}")
@allowed(Right.USERS)
async def one(request: web.Request) -> web.Response:
    """One of them."""
    return await _person(request, request.match_info["name"])


@routes.post("/users/{name}")
@allowed(Right.USERS)
async def changed(request: web.Request) -> web.Response:
    """What the form says of them."""
    name = request.match_info["name"]
    form = {field: str(value).strip() for field, value in (await request.post()).items()}
    try:
        values: dict[str, Any] = {field: form[field] for field in work.FIELDS if field in form}
        if "role" in values:
            values["role"] = _role(values["role"])
        await work.change(request, name, values)
    except BadInputError as problem:
        return await _person(request, name, problem=problem, status=400)
    return await _person(request, name, done="saved")


@routes.post("/users/{name}/{act}")
@allowed(Right.USERS)
async def acted(request: web.Request) -> web.Response:
    """One of the buttons."""
    name, act = request.match_info["name"], request.match_info["act"]
    if act not in _ACTS:
        raise web.HTTPNotFound
    try:
        if act in {"lock", "unlock"}:
            await work.lock(request, name, locked=act == "lock")
        elif act == "password":
            return await _person(request, name, password=await work.give_password(request, name))
        elif act == "sign-out":
            await work.end_sessions(request, name)
        elif act == "codes":
            await work.end_codes(request, name)
        else:
            await work.remove(request, name)
            return web.Response(status=303, headers={"Location": "/users"})
    except BadInputError as problem:
        return await _person(request, name, problem=problem, status=400)
    return await _person(request, name, done=act)


async def _people(
    request: web.Request,
    *,
    form: dict[str, str] | None = None,
    problem: CentralinoError | None = None,
    status: int = 200,
) -> web.Response:
    async with request.app[PARTS].db.read() as session:
        found = await users(session)
        cards = await agent_cards(session)
    taken = {user.agent for user in found}
    return page(
        request,
        "users/people.html",
        status=status,
        people=found,
        roles=list(Role),
        agents=[card for card in cards if card.name not in taken and not card.simulated],
        form=form or {},
        problem=str(problem) if problem else "",
        field=getattr(problem, "field", None) or "",
    )


async def _person(
    request: web.Request,
    name: str,
    *,
    password: str = "",
    done: str = "",
    problem: CentralinoError | None = None,
    status: int = 200,
) -> web.Response:
    async with request.app[PARTS].db.read() as session:
        user = await user_named(session, name)
        cards = await agent_cards(session)
        taken = {each.agent for each in await users(session)} - {user.agent}
    door = request.app[DOOR]
    return page(
        request,
        "users/person.html",
        status=status,
        person=user,
        roles=list(Role),
        agents=[card for card in cards if card.name not in taken and not card.simulated],
        sessions=await door.sessions.of(name),
        waiting=round(await door.lockout.waiting(name)),
        password=password,
        done=done,
        problem=str(problem) if problem else "",
    )


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise BadInputError(f"write one of: {', '.join(Role)}", field="role") from None
