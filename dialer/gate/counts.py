"""What abandonment is counted from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonCounts:
    """What a campaign's calls came to in the law's window."""

    abandoned: float = 0.0
    """Persons who answered and had no agent in time: a."""
    connected: float = 0.0
    """Persons passed to an agent: y, or H."""
    completed: float | None = None
    """Calls successfully completed, where they are counted otherwise than `connected`."""
    false_positives: float = 0.0
    """Persons hung up on as machines, by a reasoned estimate: f."""
    machines: float = 0.0
    """Answering machines that agents talked to: AM."""
    detection: bool = False
    """Whether machines were looked for."""
