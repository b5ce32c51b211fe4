"""The areas of care: who is asked for an opinion of it, or tells us of a contact, names one of these."""

from typing import Final

AREAS: Final = ("commercial", "voice", "adsl")
