"""The queues that a house begins with; whoever has set one of these names keeps theirs. Pure."""

from typing import Final

from agents.queues.queue import Queue, queue_of

_VALUE: Final = {"platinum": 60.0, "gold": 40.0, "silver": 15.0}
_DISPOSITIONS: Final = [
    {"name": "solved", "title": "Solved"},
    {"name": "information_given", "title": "Information given"},
    {"name": "passed_on", "title": "Passed on to another department"},
    {"name": "call_back_agreed", "title": "Call-back agreed"},
    {"name": "complaint", "title": "Complaint"},
]
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
                "dispositions": _DISPOSITIONS,
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
            "dispositions": _DISPOSITIONS,
            "script": _SCRIPT,
        },
    )
