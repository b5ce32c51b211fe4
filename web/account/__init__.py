"""One's own account: password, one-time codes, language and theme, sessions, tokens."""

from web.account.pages import routes

__all__ = ["routes"]
