"""Replay: a past call's keys and action results over a changed flow, to see what would have happened."""

from ivr.replay.replaying import replay
from ivr.replay.report import ReplayReport, Walked

__all__ = ["ReplayReport", "Walked", "replay"]
