"""What holds when an attempt ends: how its campaign's law reads it, and when it is tried again."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer.gate import Gate
from dialer.models import Campaign, Machines, Mode
from dialer.results import Reading, law_of
from dialer.retry import NO_RETRY, RetryRules, read_rules


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one campaign; one that is gone tries nobody again."""

    reading: Reading = field(default_factory=Reading)
    rules: RetryRules = NO_RETRY


async def terms_of(session: AsyncSession, gate: Gate, names: Collection[str]) -> Mapping[str, Terms]:
    """By campaign, as they are now. Raises `BadInputError` for rules that nobody can read."""
    found: dict[str, Terms] = defaultdict(Terms)
    if names:
        for row in await session.execute(_TERMS.where(Campaign.name.in_(names))):
            reading = law_of(gate.profile(row.profile), _campaign(row)).reading
            found[row.name] = Terms(reading, _rules(row.retry))
    return found


_TERMS: Final = select(
    Campaign.name,
    Campaign.profile,
    Campaign.mode,
    Campaign.machines,
    Campaign.starts,
    Campaign.max_abandon,
    # as text: what has been read once is known again by it
    cast(Campaign.dispositions, Text).label("dispositions"),
    cast(Campaign.retry, Text).label("retry"),
)


def _campaign(row: Any) -> Campaign:
    return Campaign(
        starts=row.starts,
        max_abandon=row.max_abandon,
        mode=Mode(row.mode),
        machines=Machines(row.machines),
        dispositions=_loads(row.dispositions),
    )


@lru_cache(maxsize=500)
def _loads(text: str) -> Any:
    return orjson.loads(text)


@lru_cache(maxsize=500)
def _rules(text: str) -> RetryRules:
    return read_rules(orjson.loads(text))
