"""What a survey names of the house: areas, events, queues, campaigns, places. What is none is refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from agents.queues import queues
from customers import regions
from dialer import campaigns
from surveys.aftercall.rules import ALL, read_after_call
from surveys.models import Occasion
from surveys.plans import AFTER, REGIONS, read_after, regions_of
from surveys.quotas import TARGETS
from values import AREAS, BadInputError, no_such

HEARD: Final = frozenset({"customers.fault_closed", "customers.fault_reopened"})
"""Facts of the house after which a survey may ask, besides business events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What other rooms have names for; None: not checked."""

    events: Collection[str] | None = None
    """The kinds of business events."""


async def check_names(
    session: AsyncSession, occasion: Occasion, plan: Mapping[str, Any], names: Names
) -> None:
    """Raises `BadInputError` with the field, the word, and which there are.

    A place is known by the customers who live there; while there are none at all, places are not checked.
    """
    asks = read_after(plan)
    if asks is not None and names.events is not None:
        for number, event in enumerate(asks.events):
            _is(event, {*names.events, *HEARD}, "event", f"plan.{AFTER}.events.{number}")
    after_call = read_after_call(plan)
    if after_call is not None:
        await _talks(session, "queues", after_call.queues)
        await _talks(session, "campaigns", after_call.campaigns)
    places = regions_of(plan)
    if places and (there := await regions(session)):
        for number, place in enumerate(places):
            _is(place, there, "place", f"plan.{REGIONS}.{number}")
    for cell in plan.get(TARGETS) or {}:
        where = f"plan.{TARGETS}.{cell}"
        if occasion is Occasion.POLL:
            _is(cell, places, "place of this poll", where)
        elif area := str(cell).partition("|")[0]:
            _is(area, AREAS, "area", where)


async def _talks(session: AsyncSession, kind: str, areas: Mapping[str, str]) -> None:
    """After whose talks a survey asks, and for which area each counts."""
    for area in areas.values():
        if area:
            _is(area, AREAS, "area", f"plan.after_call.{kind}")
    wanted = [name for name in areas if name != ALL]
    if not wanted:
        return
    if kind == "queues":
        there: Collection[str] = list(await queues(session))
    else:
        there = [each.name for each in await campaigns(session)]
    for name in wanted:
        _is(name, there, kind.removesuffix("s"), f"plan.after_call.{kind}")


def _is(word: str, there: Collection[str], what: str, field: str) -> None:
    if word not in there:
        raise BadInputError(no_such(word, there, what), field=field)
