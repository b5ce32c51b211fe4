"""What is written down about a call while it lasts: one column after the other, never back."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.models import Attempt, AttemptState

_ATTEMPTS = cast("Table", Attempt.__table__)

Columns = Mapping[str, Any]
"""Values by column of `dialer.models.Attempt`."""


def asked(at: datetime) -> Columns:
    """The switch is asked for the call."""
    return {"state": AttemptState.RINGING, "placed": at}


def answered(at: datetime, rang: datetime | None = None) -> Columns:
    """Somebody or something picked up, after it had rung from `rang` on."""
    return {"state": AttemptState.ANSWERED, "answered": at, "ringing": rang}


def detected(at: datetime, amd: str, cause: str) -> Columns:
    """It is known who."""
    return {"detected": at, "amd": amd, "amd_cause": cause}


def joined(at: datetime, agent: str, recording: str) -> Columns:
    """Customer and agent hear each other."""
    return {"joined": at, "agent": agent, "recording": recording}


def released(at: datetime) -> Columns:
    """Their talk is over."""
    return {"released": at}


async def write_marks(session: AsyncSession, marks: Mapping[str, Columns]) -> None:
    """Write what was marked, by attempt. An attempt's state only ever moves forward."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for attempt_id, columns in marks.items():
        key = (*sorted(columns), str(columns.get("state", "")))
        groups[key].append({"which": attempt_id, **{f"new_{name}": each for name, each in columns.items()}})
    for key, rows in groups.items():
        await session.execute(_marking(key), rows)


@cache
def _marking(key: tuple[str, ...]) -> Update:
    """Columns, and the state that is among them ('' none), as a statement for many."""
    *names, state = key
    statement = update(_ATTEMPTS).where(_ATTEMPTS.c.id == bindparam("which"))
    if state == AttemptState.RINGING:
        statement = statement.where(_ATTEMPTS.c.state == AttemptState.COMMITTED)
    elif state:
        statement = statement.where(_ATTEMPTS.c.state != AttemptState.DONE)
    return statement.values({name: bindparam(f"new_{name}") for name in names})
