"""The system of record: database engine and sessions, the outbox, Redis. Floor 0."""
