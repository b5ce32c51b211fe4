"""Prompts and speech: what a flow says becomes sounds that Asterisk plays without transcoding.

Fixed words are rendered ahead of the calls, values (amounts, dates, numbers) become words and are rendered
when first needed; recorded files win over speech. `ivr.speech.words` holds the languages,
`ivr.speech.testing` a voice of tones for tests.
"""

from ivr.speech.announcements import render_announcements
from ivr.speech.coverage import Covered, Source, Tally, coverage, tallies
from ivr.speech.engines import CommandEngine, Engine, Espeak, SpeechError, engine_for
from ivr.speech.hearing import joined, samples
from ivr.speech.mastering import master, write
from ivr.speech.prompts import PromptPlace, prompts_of
from ivr.speech.recordings import Recordings
from ivr.speech.shelf import Saying, Shelf
from ivr.speech.studio import Studio
from ivr.speech.voice import Prepared, Voice, voice_of
from ivr.speech.worded import WordedVoice, worded

__all__ = [
    "CommandEngine",
    "Covered",
    "Engine",
    "Espeak",
    "Prepared",
    "PromptPlace",
    "Recordings",
    "Saying",
    "Shelf",
    "Source",
    "SpeechError",
    "Studio",
    "Tally",
    "Voice",
    "WordedVoice",
    "coverage",
    "engine_for",
    "joined",
    "master",
    "prompts_of",
    "render_announcements",
    "samples",
    "tallies",
    "voice_of",
    "worded",
    "write",
]
