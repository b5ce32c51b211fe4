"""Measurements, each printed as JSON, each a ratio within one run. Floor 8."""
