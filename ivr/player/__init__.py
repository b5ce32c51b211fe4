"""Call flows in the terminal: prompts read as text, keys typed."""

from ivr.player.voice import TextVoice, written

__all__ = ["TextVoice", "written"]
