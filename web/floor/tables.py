"""What an operations page shows, as tables of rows, and what changed between two moments. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Row = Mapping[str, Any]
Table = Mapping[str, Row]
Tables = Mapping[str, Table]

NAMES: Final = ("house", "campaigns", "queues", "agents", "trunks", "alarms", "forecasts")


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one table: rows with the fields that are new, and rows that are gone."""

    put: Table = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.put or self.gone)


def changes(before: Tables, now: Tables) -> dict[str, Change]:
    """Only tables in which something changed; of a row only the fields that did."""
    found = {}
    for name in {**before, **now}:
        change = _change(before.get(name, {}), now.get(name, {}))
        if change:
            found[name] = change
    return found


def told(change: Mapping[str, Change]) -> dict[str, Any]:
    """Changes as a page hears them."""
    return {
        name: {**({"put": each.put} if each.put else {}), **({"gone": each.gone} if each.gone else {})}
        for name, each in change.items()
    }


def _change(before: Table, now: Table) -> Change:
    put = {}
    for name, row in now.items():
        known = before.get(name)
        if known is row:
            continue
        fresh = row if known is None else {k: v for k, v in row.items() if k not in known or known[k] != v}
        lost = () if known is None else [k for k in known if k not in row]
        if known is None or fresh or lost:
            put[name] = {**fresh, **dict.fromkeys(lost)}
    return Change(put, tuple(name for name in before if name not in now))
