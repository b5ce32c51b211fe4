"""What is written on the line of who waits, so that a restarted core gives them back their place. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_FORM = re.compile(r"([a-z][a-z0-9_]{0,39})/([A-Za-z0-9]{0,40})/(\d{1,14})/([01])")


@dataclass(frozen=True, slots=True)
class Pass:
    """A place in a queue."""

    queue: str
    since: datetime
    front: bool = False
    visit_id: str = ""
    agent: str = ""
    """Asked first; not kept through a restart."""

    @property
    def text(self) -> str:
        """As it is written on the line."""
        millis = round(self.since.timestamp() * 1000)
        return f"{self.queue}/{self.visit_id}/{millis}/{int(self.front)}"


def read_pass(text: str) -> Pass | None:
    """What was written; None for anything else."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    queue, visit_id, millis, front = found.groups()
    return Pass(queue, datetime.fromtimestamp(int(millis) / 1000, UTC), front == "1", visit_id)
