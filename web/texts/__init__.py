"""What became of our texts, as Twilio tells it."""

from web.texts.status import routes

__all__ = ["routes"]
