"""Who takes which test file, and when: the machine is to be busy from the first minute to the last.

Files stand in a row, those of quick tests first and those that take longest last. Tests on a whole telco
mostly wait for voices and clocks, quick ones mostly compute: so of a run's workers every other one takes
files from the long end, and the others fill what is left of the processors from the quick end, with less of a
claim to them. What is plainly broken is told at once, and nobody is left with something long at the end.
"""

import os
from collections import OrderedDict
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

_KINDS = {"unit": 0, "database": 1, "asterisk": 2, "browser": 2}
_POLITE = 5
"""How much kinder than others those are that compute: a voice must come in time, a sum may wait."""
_SECONDS = {
    "system/test_at_most_once.py": 320,
    "system/test_scenarios.py": 170,
    "core/joining/test_town.py": 115,
    "system/test_floor.py": 100,
    "system/test_queues.py": 95,
    "system/test_desk.py": 95,
    "system/test_outages.py": 90,
    "system/test_city.py": 85,
    "system/test_browser_phone.py": 85,
    "system/test_callers.py": 70,
    "supervisor/test_telco.py": 65,
}
"""What the longest took when they were last measured; a figure that is wrong costs a little time, no more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort files by their slowest kind and what they are known to take; otherwise the order stays."""
    kinds: dict[Path, int] = {}
    for item in items:
        kind = next((rank for name, rank in _KINDS.items() if item.get_closest_marker(name)), len(_KINDS))
        kinds[item.path] = max(kind, kinds.get(item.path, 0))
    tests = Path(__file__).parent
    seconds = {path: _SECONDS.get(path.relative_to(tests).as_posix(), 0) for path in kinds}
    items.sort(key=lambda item: (kinds[item.path], seconds[item.path]))


def pytest_configure(config: pytest.Config) -> None:
    """Have a worker of the quick end, and all it starts, step back behind the others."""
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    if worker and not _takes_long_ones(worker):
        os.nice(_POLITE)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Our way to hand out files, where files are handed out whole."""
    return _FromBothEnds(config, log) if config.getvalue("dist") == "loadfile" else None


class _FromBothEnds(LoadFileScheduling):
    """Hands out the row of files from both of its ends."""

    workqueue: OrderedDict[str, dict[str, bool]]

    def _assign_work_unit(self, node: WorkerController) -> None:
        if _takes_long_ones(node.gateway.id):
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


def _takes_long_ones(worker: str) -> bool:
    return int(worker.removeprefix("gw")) % 2 == 0
