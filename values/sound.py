"""A thing to hear."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sound:
    """One piece of speech: the words, and the file that says them.

    `path` is what Asterisk plays: absolute or relative to its sounds, without the ending. It is empty where
    nothing is rendered (the text player); then only the words count.
    """

    text: str
    path: str = ""
