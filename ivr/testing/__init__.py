"""Doubles that ship with the product: a scripted caller, sample actions, a trace in memory, hang-ups."""

from ivr.player.samples import actions_used, sample_digits, sample_value, sample_variables
from ivr.player.trace import MemoryTrace
from ivr.testing.conversation import SILENCE, ScriptedConversation
from ivr.testing.hangups import HangupWalk, walk_hangups
from ivr.testing.sample_actions import SampleActions

__all__ = [
    "SILENCE",
    "HangupWalk",
    "MemoryTrace",
    "SampleActions",
    "ScriptedConversation",
    "actions_used",
    "sample_digits",
    "sample_value",
    "sample_variables",
    "walk_hangups",
]
