"""Call flows without a telephone: prompts read as text, keys typed.

`play` lets a person walk a flow at a `Console`; `TypedConversation` and `TextVoice` are the line and the
voice it uses, and what doubles and scenarios build on.
"""

from ivr.player.answers import FAILS, LATE, Telling, ToldActions, ToldToFailError
from ivr.player.console import (
    KEYS,
    TRANSFER,
    Console,
    ConsoleConversation,
    ConsoleTrace,
    Speaker,
    read_answers,
)
from ivr.player.playing import Playing, play
from ivr.player.samples import actions_used, sample_digits, sample_value, sample_variables
from ivr.player.trace import MemoryTrace
from ivr.player.typed import TypedConversation
from ivr.player.voice import SpokenText, TextVoice
from ivr.player.written import read_value, written

__all__ = [
    "FAILS",
    "KEYS",
    "LATE",
    "TRANSFER",
    "Console",
    "ConsoleConversation",
    "ConsoleTrace",
    "MemoryTrace",
    "Playing",
    "Speaker",
    "SpokenText",
    "Telling",
    "TextVoice",
    "ToldActions",
    "ToldToFailError",
    "TypedConversation",
    "actions_used",
    "play",
    "read_answers",
    "read_value",
    "sample_digits",
    "sample_value",
    "sample_variables",
    "written",
]
