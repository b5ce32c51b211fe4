"""Calls on pages: those that are up, the last ones, one step by step, and the flows drawn with callers."""

from web.calls.board import routes

__all__ = ["routes"]
