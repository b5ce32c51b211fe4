"""Where an Asterisk is and how we sign in, and how patient we are with it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """Address and account of one Asterisk's manager interface. The secret never shows in its `repr`."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.username}@{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Timings:
    """All in seconds."""

    connect: float = 5.0
    action: float = 5.0
    """How long an action may take."""
    booted: float = 10.0
    """How long to wait for Asterisk to say that it is fully booted, after signing in."""
    ping_every: float = 5.0
    ping: float = 3.0
    """Without an answer for so long the link is taken for dead."""
    first_retry: float = 0.25
    last_retry: float = 10.0
    """Retries begin at the first and double up to the last, each shortened by chance to as little as half."""
    login_retry: float = 30.0
    settle: float = 1.0
    """How long the second of a failed call's two last events may be late."""
    overdue: float = 5.0
    """How long after a call's ringing time its end may stay unsaid."""
