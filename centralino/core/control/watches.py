"""Which supervisor is at which agent."""

from dataclasses import dataclass

from centralino.core.control.shape import Place


@dataclass(slots=True)
class Watch:
    """One supervisor at one agent."""

    supervisor: str
    agent: str
    place: Place
    was_ready: bool
    """Whether they took calls before."""
    reason: str
    """Why they were paused, if they were."""


class Watches:
    """All of them."""

    def __init__(self) -> None:
        self._watches: dict[str, Watch] = {}

    def begin(self, watch: Watch) -> None:
        """From now on."""
        self._watches[watch.supervisor] = watch

    def of(self, supervisor: str) -> Watch | None:
        """What a supervisor does."""
        return self._watches.get(supervisor)

    def end(self, supervisor: str) -> Watch | None:
        """No more; what they did."""
        return self._watches.pop(supervisor, None)

    def taking_part(self, agent: str) -> list[Watch]:
        """Those who take part in an agent's talk."""
        return [each for each in self._watches.values() if each.agent == agent and each.place is Place.TALK]

    def all(self) -> list[Watch]:
        """Everybody who supervises now."""
        return list(self._watches.values())
