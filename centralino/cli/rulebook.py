"""A file of rules, checked against everything that is known here: types, campaigns, flows."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from centralino.rooms import Rooms, flow_files
from dialer import campaigns
from ivr.language import FlowError, load_flow
from proactive.rules import HOUSE, FlowInputs, RuleBook, Vocabulary, read_book
from store import StoreUnavailableError

SPOKEN: Final = frozenset({"language", "slow"})
"""Inputs that every flow has: in which language, and how slowly."""


def checked_book(file: Path, words: Vocabulary) -> RuleBook:
    """The house's rules with a file's over them. Raises `RulesError` with every problem."""
    house = (HOUSE.name, HOUSE.read_text(encoding="utf-8"))
    own = (str(file), file.read_text(encoding="utf-8"))
    if file.resolve() == HOUSE.resolve():
        return read_book([own], words)
    read_book([own], words)
    # a telco need not have set up all campaigns of the house
    return read_book([house, own], replace(words, campaigns=None))


async def vocabulary_here(rooms: Rooms) -> Vocabulary:
    """What rules may name, with the campaigns that are set up and what the house's flows want.

    Without a database campaigns are not checked.
    """
    known: list[str] = []
    try:
        async with rooms.db.read() as session:
            known = [each.name for each in await campaigns(session)]
    except (StoreUnavailableError, SQLAlchemyError):
        pass
    return replace(rooms.proactive.vocabulary(), campaigns=known or None, flows=house_inputs())


def house_inputs() -> dict[str, FlowInputs]:
    """What each of the house's flows is started with."""
    found: dict[str, FlowInputs] = {}
    for path in flow_files():
        try:
            flow = load_flow(path.read_text(encoding="utf-8"), file=path.name).flow
        except FlowError:
            continue  # `centralino flow check` tells of it
        names = frozenset(flow.inputs)
        found[flow.flow] = FlowInputs(needed=names, known=names | SPOKEN)
    return found
