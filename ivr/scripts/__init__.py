"""Agents' scripts: pages in the flow language, walked by an agent while talking.

`Walk` is the pure way from page to page, `ScriptRuns` keeps each talk's way in the database, `view` says what
is to be shown, `Rehearsal` tries a script without a talk. `tallies` counts, `lifetime` lets go.
"""

from ivr.scripts.forms import DECLINED, FieldMistake, Mistake
from ivr.scripts.moves import How, Move
from ivr.scripts.reading import readings
from ivr.scripts.rehearsal import Rehearsal, Step
from ivr.scripts.runs import Moved, RunHead, RunOf, ScriptRuns, UnknownRunError
from ivr.scripts.state import ScriptState, state_from_json, state_to_json
from ivr.scripts.tallies import EndTally, PageTally, answers_of, tally_ends, tally_pages
from ivr.scripts.view import AnswerView, FieldView, OptionView, PageView, view
from ivr.scripts.walking import NEXT, NoWayBackError, ScriptStuckError, Walk, Wanted, begin

__all__ = [
    "DECLINED",
    "NEXT",
    "AnswerView",
    "EndTally",
    "FieldMistake",
    "FieldView",
    "How",
    "Mistake",
    "Move",
    "Moved",
    "NoWayBackError",
    "OptionView",
    "PageTally",
    "PageView",
    "Rehearsal",
    "RunHead",
    "RunOf",
    "ScriptRuns",
    "ScriptState",
    "ScriptStuckError",
    "Step",
    "UnknownRunError",
    "Walk",
    "Wanted",
    "answers_of",
    "begin",
    "readings",
    "state_from_json",
    "state_to_json",
    "tally_ends",
    "tally_pages",
    "view",
]
