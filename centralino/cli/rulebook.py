"""A file of rules, checked against everything that is known here: types, campaigns, flows."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from centralino.rooms import Rooms, flow_files, script_files
from dialer import campaigns
from ivr.language import FlowError, load_flow
from proactive.rules import HOUSE, FlowInputs, Guides, RuleBook, Vocabulary, guides_of, inputs_of, read_book
from store import StoreUnavailableError


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
    """What rules may name, with the campaigns that are set up, and flows and scripts.

    These are the house's and those published.
    Without a database campaigns are not checked.
    """
    known: Mapping[str, Guides] = {}
    published: Mapping[str, FlowInputs] = {}
    scripts: Mapping[str, FlowInputs] = {}
    try:
        await rooms.library.refresh()
        published = inputs_of(rooms.library.flow(name) for name in rooms.library.names())
        scripts = inputs_of(rooms.library.flow(name) for name in rooms.library.scripts())
        async with rooms.db.read() as session:
            known = guides_of(await campaigns(session))
    except (StoreUnavailableError, SQLAlchemyError):
        pass
    flows = {**house_inputs(flow_files()), **published}
    scripts = {**house_inputs(script_files()), **scripts}
    return replace(rooms.proactive.vocabulary(), campaigns=known or None, flows=flows, scripts=scripts)


def house_inputs(files: Sequence[Path]) -> Mapping[str, FlowInputs]:
    """What each of these flows or scripts of the house is started with."""
    flows = []
    for path in files:
        with suppress(FlowError):  # `centralino flow check` tells of it
            flows.append(load_flow(path.read_text(encoding="utf-8"), file=path.name).flow)
    return inputs_of(flows)
