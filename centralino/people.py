"""Who can sign in on the first day: an administrator, and with the town also people to try it as."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from agents import agent_card, agent_cards, put_agents
from centralino.settings import Settings
from store import Database
from users import Person, Role, User, add_user, fresh_password, hash_password, note_deed
from values import Clock

log = structlog.get_logger(__name__)

BY: Final = "centralino"
FILE: Final = "sign-in"
"""In the home, mode 600: the passwords that were given out. Delete it when everybody has their own."""
ADMIN: Final = Person(name="admin", title="Administrator", role=Role.ADMIN)
PARTNER: Final = "levante"
SITES: Final = {"": "milano", PARTNER: "bari"}
"""Where the town's agents sit: our own, and the partner's."""


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody with the password they were given."""

    person: Person
    password: str


def _agent(name: str, title: str, partner: str = "") -> Person:
    return Person(name=name, title=title, role=Role.AGENT, agent=name, partner=partner)


AGENTS: Final = (
    (_agent("anna", "Anna Rossi"), ("technical", "billing", "it", "en")),
    (_agent("bruno", "Bruno Conti"), ("technical", "it")),
    (_agent("carla", "Carla Greco"), ("billing", "it", "en")),
    (_agent("dario", "Dario Fontana"), ("technical", "it", "en")),
    (_agent("elena", "Елена Романо"), ("technical", "billing", "it", "ru")),
    (_agent("franco", "Franco Villa", PARTNER), ("billing", "it")),
    (Person(name="sara", title="Sara Lombardi", role=Role.SUPERVISOR, agent="sara"), ("it", "en")),
)
"""With what they know; the first has the first telephone, and so on. A supervisor listens by hers."""
OTHERS: Final = (
    Person(name="bea", title="Beatrice Marini", role=Role.BACK_OFFICE),
    Person(name="omar", title="Omar Ricci", role=Role.OPERATIONS),
    Person(name="marta", title="Marta Galli", role=Role.MARKETING),
    Person(name="paolo", title="Paolo Serra", role=Role.PARTNER_MANAGER, partner=PARTNER),
)


async def first_people(db: Database, settings: Settings, clock: Clock) -> int:
    """Make who is missing on the first day and write their passwords down; how many were made.

    The administrator can do nothing before choosing a password; the others are there to be tried.
    The town's people are made once: on the first day, or when the town is on for the first time.
    """
    async with db.read() as session:
        known = frozenset(await session.scalars(select(User.name)))
    wanted: list[Person] = [] if known else [ADMIN]
    town = not known or known == {ADMIN.name}
    if settings.city == "on" and town:
        phones = len(settings.phones)
        wanted += [person for person, _ in AGENTS[:phones]] + list(OTHERS)
    if not wanted:
        return 0
    given = [Given(person, fresh_password()) for person in wanted]
    async with db.write() as session:
        for each in given:
            hashed = hash_password(each.password)
            await add_user(
                session, each.person, password=hashed, now=clock.now(), must_change=each.person is ADMIN
            )
            await note_deed(
                session, at=clock.now(), by=BY, did="user.added", subject=each.person.name,
                detail={"role": each.person.role},
            )  # fmt: skip
        await _cards(session, settings, [each.person for each in given], clock)
    _write_down(settings.home / FILE, settings, given)
    log.info("prepare.people", new=len(given))
    return len(given)


def given_out(home: Path) -> str:
    """The file of passwords that were given out; '' when there is none (any more)."""
    try:
        return (home / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def how_to_sign_in(home: Path) -> str:
    """A line for whoever has just started it. Passwords themselves stay where only the owner reads them."""
    if (home / FILE).exists():
        return (
            f"sign in as {ADMIN.name}; everybody's first password: centralino users demo (or {home / FILE})"
        )
    return f"sign in with your name; a new password: centralino users password {ADMIN.name}"


async def _cards(session: AsyncSession, settings: Settings, people: Sequence[Person], clock: Clock) -> None:
    """An agent's card for each of the town's agents, on the telephones in their order."""
    names = {person.agent for person in people if person.agent}
    there = {card.name for card in await agent_cards(session, names, inactive=True)}
    cards = [
        agent_card(
            person.agent,
            endpoint=phone,
            title=person.title,
            skills=skills,
            team="evening" if person.partner else "day",
            site=SITES[person.partner],
            partner=person.partner,
        )
        for (person, skills), phone in zip(AGENTS, settings.phones, strict=False)
        if person.agent in names - there
    ]
    await put_agents(session, cards, now=clock.now())


def _write_down(path: Path, settings: Settings, given: Sequence[Given]) -> None:
    lines = [
        f"# Who can sign in at http://{settings.http}/ with the password they were given.",
        "# Delete this file when they have chosen their own, on the page behind their name.",
        *(
            f"{each.person.name:8} {each.password}  {each.person.role.replace('_', ' ')}"
            + (f", telephone {phone}" if (phone := _phone(each.person, settings)) else "")
            for each in given
        ),
    ]
    before = given_out(path.parent).splitlines()
    kept = [line for line in before if line and not line.startswith("#")]
    text = "\n".join([*lines[:2], *kept, *lines[2:]]) + "\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    path.chmod(0o600)


def _phone(person: Person, settings: Settings) -> str:
    for (each, _), phone in zip(AGENTS, settings.phones, strict=False):
        if each.name == person.name:
            return phone
    return ""
