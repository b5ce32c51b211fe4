"""Answered calls and agents: machines told from people, the next free agent joined, nobody left in silence.

`Joiner` sees one answered call of a campaign with agents through; `make_joiner` puts it together.
"""

from centralino.core.joining.announcing import Announcements
from centralino.core.joining.assembly import House, make_joiner
from centralino.core.joining.compacting import Compacting, best_ending
from centralino.core.joining.inbound import CallerLine
from centralino.core.joining.joiner import Joiner
from centralino.core.joining.laws import Laws, load_laws
from centralino.core.joining.machines import AtTheMachine
from centralino.core.joining.optouts import OptOuts
from centralino.core.joining.ports import Dialler, LeaveMessage, Legs, Line, Outcome, TalkOrder
from centralino.core.joining.recording import Recorder
from centralino.core.joining.talking import Talking
from centralino.core.joining.waiting import Waiter, WaitingLine

__all__ = [
    "Announcements",
    "AtTheMachine",
    "CallerLine",
    "Compacting",
    "Dialler",
    "House",
    "Joiner",
    "Laws",
    "LeaveMessage",
    "Legs",
    "Line",
    "OptOuts",
    "Outcome",
    "Recorder",
    "TalkOrder",
    "Talking",
    "Waiter",
    "WaitingLine",
    "best_ending",
    "load_laws",
    "make_joiner",
]
