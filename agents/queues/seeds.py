"""The queues that a house begins with; whoever has set one of these names keeps theirs. Pure.

How a talk may end they leave to the desk's own words for callers, which have keys and book call-backs.
"""

from typing import Final

from agents.queues.queue import Queue, queue_of

_VALUE: Final = {"platinum": 60.0, "gold": 40.0, "silver": 15.0}
_SCRIPT: Final = "care.inbound"
"""What agents read to whoever rings us."""


def house_queues() -> list[Queue]:
    """`care` for everybody; `technical` and `billing` for who knows that, with `care` behind them."""
    return [
        queue_of(
            "care",
            {
                "title": "Customer care",
                "points": _VALUE,
                "script": _SCRIPT,
            },
        ),
        _special("technical", "Technical help"),
        _special("billing", "Bills"),
    ]


def _special(name: str, title: str) -> Queue:
    return queue_of(
        name,
        {
            "title": title,
            "skill": name,
            "points": _VALUE,
            "overflow": "queue",
            "overflow_to": "care",
            "overflow_after": 180,
            "script": _SCRIPT,
        },
    )
