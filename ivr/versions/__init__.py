"""Versions of flows: drafts, immutable versions by content hash, publishing and rolling back.

A flow in force is always sound together with every flow that runs it or that it runs: publishing and
rolling back prove the whole set first. An `Edition` is such a set; a call keeps the one it began with.
"""

from ivr.versions.difference import FlowDifference, difference
from ivr.versions.library import FlowLibrary
from ivr.versions.models import What
from ivr.versions.proof import prove
from ivr.versions.store import Change, FlowStore, Publication, Published, UnknownVersionError

__all__ = [
    "Change",
    "FlowDifference",
    "FlowLibrary",
    "FlowStore",
    "Publication",
    "Published",
    "UnknownVersionError",
    "What",
    "difference",
    "prove",
]
