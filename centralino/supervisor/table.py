"""What runs and where: a live table on a terminal, plain lines elsewhere."""

from collections.abc import Iterable

import psutil
from rich.console import Console
from rich.live import Live
from rich.table import Table

from centralino.supervisor.part import State, Status
from values import Clock

_STYLES = {
    State.READY: "green",
    State.ELSEWHERE: "green",
    State.STARTING: "yellow",
    State.FELL: "red",
    State.STOPPING: "yellow",
}
_MEGA = 1024 * 1024


class Board:
    """Shows the parts; `changed` is called with each change, `refresh` about once a second."""

    def __init__(self, clock: Clock, console: Console | None = None) -> None:
        self._console = console or Console()
        self._clock = clock
        self._live: Live | None = None
        self._shown: dict[str, tuple[State, str]] = {}

    def open(self, statuses: Iterable[Status]) -> None:
        """Begin to show these parts."""
        self._statuses = list(statuses)
        if self._console.is_terminal:
            self._live = Live(self._table(), console=self._console, auto_refresh=False)
            self._live.start()
        for status in self._statuses:
            if status.state is State.ELSEWHERE:
                self.changed(status)

    def say(self, text: str) -> None:
        """A line of its own, above the table."""
        if self._live is None:
            text = f"{self._clock.now():%H:%M:%S} {text}"
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def changed(self, status: Status) -> None:
        """A part came up, fell or ended."""
        if self._live is not None:
            self.refresh()
        elif self._shown.get(status.name) != (status.state, status.note):
            self._shown[status.name] = (status.state, status.note)
            pid = f" (process {status.pid})" if status.pid else ""
            note = f": {status.note}" if status.note else ""
            self.say(f"{status.name:14} {status.state}{note or f'  {status.where}'}{pid}")

    def refresh(self) -> None:
        """Draw the table anew."""
        if self._live is not None:
            self._live.update(self._table(), refresh=True)

    def close(self) -> None:
        """Leave the last table standing."""
        if self._live is not None:
            self.refresh()
            self._live.stop()
            self._live = None

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("what", "where", "state"):
            table.add_column(heading, overflow="fold")
        for heading in ("pid", "memory", "restarts"):
            table.add_column(heading, justify="right")
        for each in self._statuses:
            state = f"[{_STYLES.get(each.state, 'dim')}]{each.state}[/]"
            memory = _memory(each.pid)
            table.add_row(each.name, each.where, state, str(each.pid or ""), memory, str(each.restarts or ""))
        return table


def _memory(pid: int) -> str:
    if not pid:
        return ""
    try:
        return f"{psutil.Process(pid).memory_info().rss / _MEGA:.0f} MB"
    except psutil.Error:
        return ""
