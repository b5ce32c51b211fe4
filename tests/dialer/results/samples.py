"""Attempts of a morning, made up."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import CampaignPlan, Gate, Purpose, load_profiles, set_up
from dialer.models import Attempt, AttemptState, Campaign, Contact, ContactState
from dialer.results import Ended, Reading

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Rome
AGENTS = Reading(agents=True, answer_within=3.0, right_parties=frozenset({"sold"}))
SHOWN = "+390650000611"
CALLED = "+393290000017"


def after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def ended(reading: Reading = AGENTS, at: float = 0, **words: Any) -> Ended:
    """An attempt that was placed at once; whatever else happened is named in seconds after that."""
    times = {"placed": 0.0} | {name: words.pop(name) for name in list(words) if name in TIMES}
    moments = {name: after(at + seconds) for name, seconds in times.items() if seconds is not None}
    return Ended(campaign="spring", committed=after(at), reading=reading, **moments, **words)


TIMES = ("placed", "ringing", "answered", "detected", "joined", "released", "over")


def attempt_row(which: int, /, at: float = 0, **words: Any) -> dict[str, Any]:
    """A row of `attempts`."""
    times = {"placed": 0.0} | {name: words.pop(name) for name in list(words) if name in TIMES}
    moments = {name: after(at + times[name]) if times.get(name) is not None else None for name in TIMES}
    row = {
        "id": f"a{which:06}", "contact_id": f"c{which}", "campaign": "spring", "purpose": Purpose.SERVICE,
        "node": "node1", "trunk": "first", "number": CALLED, "customer_id": "c0000017", "list": "",
        "caller_id": SHOWN, "moved_from": "", "fence": 1, "state": AttemptState.DONE, "committed": after(at),
        "amd": "", "amd_cause": "", "agent": "", "disposition": "", "recording": "", "cost": 0, "cause": 16,
        "sip_cause": "", "outcome": "no_answer", "goal": False,
    }  # fmt: skip
    return row | moments | words


def contact_row(which: int, /, **words: Any) -> dict[str, Any]:
    """A row of `contacts`."""
    row = {
        "id": f"c{which}", "campaign": "spring", "event_id": f"e{which}", "customer_id": f"k{which}",
        "number": CALLED, "numbers": [], "zone": "", "zones": "", "fields": {}, "list": "", "priority": 0,
        "score": 0.0, "agent": "", "promised": None, "not_before": NINE, "expires": None,
        "state": ContactState.READY, "created": NINE, "finished": None, "outcome": "", "goal": False,
        "attempts": 0, "tally": {}, "lease_owner": "", "lease_until": None, "fence": 0,
    }  # fmt: skip
    return row | words


async def add(session: AsyncSession, *rows: dict[str, Any], model: type[Any] = Attempt) -> None:
    await session.execute(insert(model), list(rows))


async def spring(session: AsyncSession, **words: Any) -> Campaign:
    """A predictive campaign under Italian law; whatever is named differs."""
    await set_up(
        session,
        Gate(load_profiles(), country="IT"),
        CampaignPlan(
            name="spring", flow="care.service_0611", purpose=Purpose.SERVICE, profile="it", caller_id=SHOWN
        ),
    )
    await session.flush()
    found = await session.get_one(Campaign, "spring")
    for name, value in words.items():
        setattr(found, name, value)
    await session.flush()
    return found


__all__ = [
    "CALLED",
    "NINE",
    "SHOWN",
    "Contact",
    "add",
    "after",
    "attempt_row",
    "contact_row",
    "ended",
    "spring",
]
