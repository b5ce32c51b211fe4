"""Recordings of talks: found, and listened to in a page or by a program. Each listening is written down."""

from web.recordings.listening import LISTENING, keeps_sounds
from web.recordings.listening import routes as _listening
from web.recordings.pages import routes as _pages

routes = [*_listening, *_pages]

__all__ = ["LISTENING", "keeps_sounds", "routes"]
