"""What pacers share that learn nothing."""


class UnlearningPacer:
    """Hears how calls end and agents become free, and lets it pass."""

    def call_ended(self, *, placed: float, ended: float, outcome: str, rang: float) -> None:
        """Nothing is learned."""

    def agent_freed(self, handled: float) -> None:
        """Nothing is learned."""
