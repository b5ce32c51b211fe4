"""What happens in the year, process by process: how often, as which events, and what people answer."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from bench.year.agenda import ROME
from bench.year.house import House
from bench.year.people import line_of
from bench.year.person import Choices
from customers.seed import id_of, number_of
from dialer import CampaignPlan, NewContact, Purpose, enqueue
from proactive.events import EVENTS
from surveys.calling import Call
from surveys.interviews import Invitation

SHOWN: Final = "+390650000611"
PROFILE: Final = "it"
LINES: Final = 20_000
PACE: Final = 1_000.0
"""Of the simulated network: what is due is rung at once, so that the year is as dense as it can be."""
SURVEY: Final = "year"
RIGHT_PARTY: Final[Choices] = {"1": 0.93, "2": 0.04}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens once in the year: its number among its process's, and whom it is about."""

    ordinal: int
    customer: int


Feed = Callable[[AsyncSession, Sequence[Happening], datetime], Awaitable[int]]
"""Tells the house of them, in the caller's transaction; how many events that were."""


_NINE: Final = re.compile(r"\d{9}")


def ordinal(event_id: str) -> int:
    """Which happening a contact came from, by the contact's event id: the nine digits in it."""
    found = _NINE.search(event_id)
    assert found is not None, event_id
    return int(found[0])


@dataclass(frozen=True, slots=True)
class Process:
    """One of the year's processes."""

    name: str
    """Of its campaign."""
    volume: int
    """Contacts in the whole year."""
    answers: Sequence[Choices]
    feed: Feed
    ordinal: Callable[[str], int] = ordinal
    """Which happening a contact came from, by the contact's event id."""


def processes(house: House) -> Sequence[Process]:
    """All of them, with Wind's volumes: what its document states, and what its charts' axes bear."""
    traffic = _Traffic()
    return [
        Process(
            "traffic_alarm", 13_000, (RIGHT_PARTY, {"3": 0.9}), _taken(house, traffic.told), traffic.ordinal
        ),
        Process("reminder", 1_800_000, (RIGHT_PARTY, {"1": 0.6, "2": 0.3}), _reminders),
        Process("opinion_year", 215_000, _OPINIONS, _opinions(house)),
        Process("line_notice", 250_000, (RIGHT_PARTY, {"": 1}), _taken(house, _line_day)),
        Process("works_notice", 100_000, (RIGHT_PARTY, {"": 1}), _taken(house, _works_day)),
        Process("welcome", 350_000, ({"": 1},), _taken(house, _activated)),
        Process("fault_closure", 700_000, (RIGHT_PARTY, {"1": 0.8, "2": 0.14}), _taken(house, _repaired)),
    ]


_OPINIONS: Final[Sequence[Choices]] = (
    {"1": 0.8, "2": 0.12, "3": 0.03},
    {"1": 0.85, "2": 0.13},
    {
        str(mark): share
        for mark, share in zip(range(7, 0, -1), (0.3, 0.3, 0.2, 0.1, 0.04, 0.03, 0.03), strict=True)
    },
    {
        str(mark): share
        for mark, share in zip(
            range(9, 0, -1), (0.3, 0.3, 0.2, 0.05, 0.05, 0.04, 0.03, 0.02, 0.01), strict=True
        )
    },
    {"2": 0.95},
)


def plans(house: House) -> Sequence[CampaignPlan]:
    """Their campaigns, on a network that bears all of them at once."""
    reminder = CampaignPlan(
        name="reminder",
        title="Payment reminder",
        flow="bench.reminder",
        purpose=Purpose.COLLECTIONS,
        profile=PROFILE,
        caller_id=SHOWN,
    )
    found = [reminder, *house.processes.campaigns(profile=PROFILE, caller_id=SHOWN)]
    return [replace(each, lines=LINES, calls_per_second=PACE) for each in found]


async def _reminders(session: AsyncSession, some: Sequence[Happening], now: datetime) -> int:
    """A plain reminder to pay, until there is a room for credit."""
    new = [
        NewContact(
            campaign="reminder",
            event_id=f"reminder-{each.ordinal:09d}",
            customer_id=id_of(each.customer),
            number=number_of(each.customer),
            zone="Europe/Rome",
            fields={"bill": f"b{each.ordinal:09d}", "language": "it"},
            expires=now + timedelta(days=7),
        )
        for each in some
    ]
    await enqueue(session, new, now)
    return len(new)


def _opinions(house: House) -> Feed:
    """Customers are asked what they think: who was drawn is invited and rung."""

    async def feed(session: AsyncSession, some: Sequence[Happening], now: datetime) -> int:
        calls = [
            Call(
                invitation=Invitation(survey=SURVEY, customer_id=id_of(each.customer), area="adsl"),
                source=f"{each.ordinal:09d}",
                expires=now + timedelta(days=7),
            )
            for each in some
        ]
        await house.opinion.calling.ring(session, calls, now)
        return len(calls)

    return feed


Told = Callable[[Happening, datetime], Sequence[dict[str, Any]]]
"""A happening as other systems tell of it: JSON objects."""


def _taken(house: House, told: Told) -> Feed:
    """The events come in as JSON does, in one batch."""

    async def feed(session: AsyncSession, some: Sequence[Happening], now: datetime) -> int:
        events = EVENTS.validate_python([event for each in some for event in told(each, now)])
        taken = await house.desk.intake.take(session, events, now)
        assert not taken.refused, taken.refused[0]
        return len(taken.accepted)

    return feed


def _line_day(each: Happening, now: datetime) -> Sequence[dict[str, Any]]:
    return [_planned(each, now, "la")]


def _works_day(each: Happening, now: datetime) -> Sequence[dict[str, Any]]:
    works = (now + timedelta(days=6)).astimezone(ROME).replace(hour=9, minute=0)
    hours = {"work_from": works, "work_to": works + timedelta(hours=3)}
    return [_planned(each, now, "cdu") | hours]


def _planned(each: Happening, now: datetime, kind: str) -> dict[str, Any]:
    return _event(f"e-{kind}-{each.ordinal:09d}", "order.planned", each, now) | {
        "order": f"{kind}{each.ordinal:09d}",
        "kind": kind,
        "planned": (now + timedelta(days=6)).astimezone(ROME).date(),
    }


def _activated(each: Happening, now: datetime) -> Sequence[dict[str, Any]]:
    order = {"order": f"wo{each.ordinal:09d}", "activated": now - timedelta(hours=2)}
    return [_event(f"e-on-{each.ordinal:09d}", "order.activated", each, now) | order]


def _repaired(each: Happening, now: datetime) -> Sequence[dict[str, Any]]:
    fault = f"f{each.ordinal:09d}"
    opened = _event(f"e-fo-{each.ordinal:09d}", "fault.opened", each, now - timedelta(hours=20))
    restored = _event(f"e-fr-{each.ordinal:09d}", "fault.restored", each, now - timedelta(minutes=5))
    return [
        opened | {"fault": fault, "line": line_of(each.customer), "symptom": "no_line"},
        restored | {"fault": fault},
    ]


class _Traffic:
    """Readings of traffic. Their contacts are named by line and cycle, so it is kept which was which."""

    def __init__(self) -> None:
        self._which: dict[str, int] = {}

    def told(self, each: Happening, now: datetime) -> Sequence[dict[str, Any]]:
        """A line over its threshold."""
        line, cycle = line_of(each.customer), now.strftime("%Y-%m")
        self._which[f"traffic-{line}-{cycle}"] = each.ordinal
        read = _event(f"e-tr-{each.ordinal:09d}", "usage.read", each, now)
        return [read | {"line": line, "cycle": cycle, "unbilled": {"minor": 9050, "currency": "EUR"}}]

    def ordinal(self, event_id: str) -> int:
        """Which reading a contact came from."""
        return self._which[event_id]


def _event(event_id: str, kind: str, each: Happening, at: datetime) -> dict[str, Any]:
    return {
        "id": event_id, "type": kind, "at": at, "source": "bench", "customer": id_of(each.customer),
    }  # fmt: skip
