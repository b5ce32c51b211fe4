"""Which of an agent's telephones is there: the one on the desk, or the browser. Pure.

Each has an account of its own. Whichever registered last is rung first, since that is where the agent is now.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from centralino.handsets import BROWSER, browser_of

THERE: Final = frozenset({"Reachable", "NonQualified"})
"""Asterisk's words for a telephone that can be rung."""
REMOVED: Final = "Removed"


class News(Enum):
    """What a word of Asterisk's means."""

    NOTHING = "nothing"
    THERE = "there"
    """One that is known can be rung (again)."""
    CAME = "came"
    """One has registered, instead of whatever was there before."""
    WENT = "went"
    """One that could be rung has gone, and its network with it."""


def is_browser(account: str) -> bool:
    """Whether an account is a browser's."""
    return account.endswith(BROWSER)


def account_of(channel: str) -> str:
    """`PJSIP/agent01-web-0000001a` is a channel of `agent01-web`."""
    return channel.partition("/")[2].rpartition("-")[0]


@dataclass(slots=True)
class Telephones:
    """The accounts of one node's agents, and where each is registered from."""

    phones: Collection[str]
    """Agents' telephones by name; each has a browser beside it."""
    _contacts: dict[str, list[str]] = field(default_factory=dict)
    """Where each account is registered from, the latest last."""
    _order: list[str] = field(default_factory=list)
    """Accounts in the order in which they came."""
    _legs: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Each leg's account, and where that was registered from when it was rung."""

    def owner(self, account: str) -> str:
        """Whose telephone an account is, on the desk or in a browser; '' for what is none of ours."""
        phone = account.removesuffix(BROWSER)
        return phone if phone in self.phones else ""

    def accounts(self, phone: str) -> list[str]:
        """What to ring, the latest to register first; of those nobody has heard of, the browser."""
        both = [browser_of(phone), phone]
        return sorted(both, key=lambda account: -self._place(account))

    def heard(self, account: str, status: str, contact: str) -> News:
        """Take Asterisk's word on a contact of one of our accounts."""
        known = self._contacts.setdefault(account, [])
        if status in THERE and contact not in known:
            if not known:
                self._order = [each for each in self._order if each != account] + [account]
            known.append(contact)
            return News.CAME
        if status == REMOVED:
            if contact in known:
                known.remove(contact)
            return News.WENT
        return News.THERE if status in THERE else News.NOTHING

    def forget(self) -> None:
        """The switch was not heard for a while: who is there now is to be learned anew."""
        self._contacts.clear()

    def rung(self, leg: str, account: str) -> None:
        """A leg goes to where that account is registered from now."""
        self._legs[leg] = (account, (self._contacts.get(account) or [""])[-1])

    def over(self, leg: str) -> None:
        """A leg is gone."""
        self._legs.pop(leg, None)

    def cut_off(self, leg: str, channel: str, account: str, contact: str) -> bool:
        """Whether a leg hangs on a contact that has gone. One rung by an earlier process may.

        A telephone on a desk only changes its address: its voice goes on, or falls silent and is ended.
        """
        if not is_browser(account):
            return False
        mine, rung_at = self._legs.get(leg, (account_of(channel), ""))
        return mine == account and rung_at in {"", contact}

    def moved(self, leg: str, account: str, contact: str) -> bool:
        """Whether a leg that still rings does so in another window than the one that has just registered."""
        mine, rung_at = self._legs.get(leg, ("", ""))
        return is_browser(account) and mine == account and rung_at not in {"", contact}

    def _place(self, account: str) -> int:
        return self._order.index(account) + 1 if account in self._order else 0
