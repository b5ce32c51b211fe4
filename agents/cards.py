"""Who an agent is. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from values import BadInputError

CITY: Final = "city:"
"""Before the number of a simulated agent's telephone: `city:017`."""

Place = Literal["team", "site", "partner"]
"""Where somebody belongs: opinions and accounts are shown by it, so that it is not lost by being left out."""
PLACES: Final[tuple[Place, ...]] = ("team", "site", "partner")

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_ENDPOINT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}|city:[0-9]{3}")
_SKILL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class AgentCard:
    """Somebody who talks to customers."""

    name: str
    """What they sign in as: letters, digits, `-`, `_`, `.`, at most 40."""
    endpoint: str
    """Their telephone: an account of the voice node such as `agent01`, or `city:017` in the city."""
    title: str = ""
    """What people call them; '' their name."""
    skills: frozenset[str] = frozenset()
    node: str = ""
    """Where their leg is nailed up; '' anywhere."""
    active: bool = True
    team: str = ""
    """With whom they work: figures are shown by it."""
    site: str = ""
    """The call centre's place."""
    partner: str = ""
    """The company that employs them, as accounts name it; '' our own."""

    @property
    def simulated(self) -> bool:
        """Whether nobody is there but a program."""
        return self.endpoint.startswith(CITY)


def agent_card(
    name: str,
    *,
    endpoint: str = "",
    title: str = "",
    skills: Collection[str] = (),
    node: str = "",
    active: bool = True,
    team: str = "",
    site: str = "",
    partner: str = "",
) -> AgentCard:
    """A card of checked values; without an endpoint it is the telephone of their own name.

    Raises `BadInputError` naming the field.
    """
    if not _NAME.fullmatch(name):
        raise BadInputError("letters, digits, '.', '_' and '-', at most 40, and no sign first", field="name")
    endpoint = endpoint or name
    if not _ENDPOINT.fullmatch(endpoint):
        raise BadInputError(
            "write the name of a telephone of ours such as agent01, or city:001 for a simulated one",
            field="endpoint",
        )
    for skill in skills:
        if not _SKILL.fullmatch(skill):
            raise BadInputError(f"{skill[:40]!r} is none: letters, digits, '.', '_', '-'", field="skills")
    if len(title) > _LONGEST or not title.isprintable():
        raise BadInputError(f"at most {_LONGEST} letters, on one line", field="title")
    if node and not _NAME.fullmatch(node):
        raise BadInputError("write a node's name such as node1, or nothing", field="node")
    for field, value in zip(PLACES, (team, site, partner), strict=True):
        if value and not _NAME.fullmatch(value):
            raise BadInputError(
                "letters, digits, '.', '_' and '-', at most 40, and no sign first", field=field
            )
    return AgentCard(
        name,
        endpoint,
        title or name,
        frozenset(skills),
        node,
        active,
        team=team,
        site=site,
        partner=partner,
    )
