"""Signing in and out, and what a visitor chooses for the pages: language and theme."""

from web.sign_in.door import routes

__all__ = ["routes"]
