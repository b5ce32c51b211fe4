"""Calling customers before they have to call: today, the check after a repaired fault. Floor 6."""
