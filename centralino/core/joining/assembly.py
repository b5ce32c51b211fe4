"""Joining put together out of what the core has."""

from dataclasses import dataclass
from pathlib import Path

from agents import Desk
from calls import Journal, LiveBoard
from centralino.core.joining.announcing import Announcements, Speaker
from centralino.core.joining.compacting import best_ending
from centralino.core.joining.joiner import Joiner
from centralino.core.joining.laws import load_laws
from centralino.core.joining.machines import AtTheMachine
from centralino.core.joining.messages import Messages
from centralino.core.joining.optouts import OptOuts
from centralino.core.joining.pops import Pops
from centralino.core.joining.ports import Control, Dialler, Legs, Opinions
from centralino.core.joining.recording import Recorder
from centralino.core.joining.talking import Talking
from ivr import Runner
from store import Database, LiveStore
from values import Clock


@dataclass(frozen=True, slots=True)
class House:
    """What joining leans on."""

    db: Database
    live: LiveStore
    journal: Journal
    board: LiveBoard
    runner: Runner
    speaker: Speaker
    recordings: Path
    company: str = "Centralino"
    """Who calls, as customers know it."""


def make_joiner(
    house: House,
    desk: Desk,
    legs: Legs,
    dialler: Dialler,
    clock: Clock,
    control: Control | None = None,
    opinions: Opinions | None = None,
) -> Joiner:
    """The node's joiner, whose talks `control` steers, and after which `opinions` asks some customers.

    Raises `BadInputError` when the file of laws is wrong.
    """
    announcements = Announcements(house.speaker, house.company)
    return Joiner(
        desk,
        Talking(desk, legs, dialler, Pops(house.live), clock, control, opinions),
        AtTheMachine(
            announcements, Messages(house.runner, house.journal, house.board), clock, house.recordings
        ),
        announcements,
        Recorder(house.recordings, ending=best_ending()),
        dialler,
        OptOuts(house.db, clock),
        load_laws(),
        clock,
    )
