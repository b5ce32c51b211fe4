"""The agents as the floor shows them: their cards from the database, their states from the core's word."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from agents import AgentState, Present, agent_cards
from agents.presence import STALE_SECONDS
from store import Database
from users import User

CARDS_SECONDS: Final = 15.0
"""How often it is looked who works here."""


@dataclass(slots=True)
class People:
    """Everybody who works here, and where they stand."""

    cards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    """The partner that an agent works for; '' for the house's own."""
    _seen: dict[str, Present] = field(default_factory=dict)
    _rows: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    async def read(self, db: Database) -> None:
        """Look who works here."""
        async with db.read() as session:
            cards = await agent_cards(session)
            users = await session.execute(select(User.agent, User.partner).where(User.agent != ""))
        self.partners = {agent: partner for agent, partner in users if partner}
        self.cards = {
            card.name: {
                "title": card.title or card.name,
                "skills": sorted(card.skills),
                "phone": card.endpoint,
            }
            for card in cards
        }
        self._rows.clear()

    def hear(self, seen: Mapping[str, Present]) -> None:
        """The core's word of some agents."""
        for name, each in seen.items():
            before = self._seen.get(name)
            self._seen[name] = each
            if before is None or _shown(before) != _shown(each):
                self._rows.pop(name, None)

    def rows(self, now: datetime) -> dict[str, Mapping[str, Any]]:
        """By agent. A row that did not change is the same object as before."""
        for name, each in list(self._seen.items()):
            if (now - each.told).total_seconds() > STALE_SECONDS:
                del self._seen[name]
                self._rows.pop(name, None)
        names = {**self.cards, **self._seen}
        rows = {name: self._rows.get(name) or self._row(name) for name in names}
        self._rows = rows
        return dict(rows)

    def _row(self, name: str) -> Mapping[str, Any]:
        card = self.cards.get(name, {"title": name, "skills": [], "phone": ""})
        seen = self._seen.get(name)
        state = _shown(seen) if seen else _OFFLINE
        return {**card, **state, "partner": self.partners.get(name, "")}


_OFFLINE: Final[Mapping[str, Any]] = {
    "state": AgentState.OFFLINE.value,
    "since": None,
    "reason": "",
    "campaign": "",
    "call": "",
    "leaving": False,
}


def _shown(seen: Present) -> Mapping[str, Any]:
    """Times to the second: a desk's clock and the wall's differ by less, and that is no change."""
    return {
        "state": seen.state.value,
        "since": round(seen.since.timestamp()),
        "reason": seen.reason,
        "campaign": seen.campaign,
        "call": seen.call,
        "leaving": seen.leaving or seen.going_home,
    }
