"""The voice core: where the rooms that know telephony and those that know customers are joined.

One process, one event loop: FastAGI server, the manager connection, the dial loop, the journal, the outbox. `Core` puts it
together; each module here joins two things and does nothing else.
"""
