"""Monthly volumes of the processes, how many were reached and listened, and what the calls are good for.

`volumes` answers for a period; `volumes_told` makes JSON of it. Only reads.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from proactive.volumes.counting import effects_in, volumes_in
from proactive.volumes.differences import Difference, Pair, combined, difference
from proactive.volumes.figures import PROCESSES, WINDOW_DAYS, Effect, Volume, Volumes
from proactive.volumes.months import months_of
from proactive.volumes.telling import volumes_told
from values import HOUSE_ZONE


async def volumes(
    session: AsyncSession,
    since: datetime,
    until: datetime,
    *,
    zone: str = HOUSE_ZONE,
    now: datetime | None = None,
) -> Volumes:
    """The processes from one instant to another, by the months of a place.

    `now` tells of which decisions the window is over; without it only of those a week before the end.
    Raises `BadInputError` for a period that is none, or a zone that nobody knows.
    """
    months = months_of(since, until, zone)
    return Volumes(
        since=since,
        until=until,
        zone=zone,
        months=[each.name for each in months],
        volumes=await volumes_in(session, months),
        effects=await effects_in(session, since, until, now or until),
    )


__all__ = [
    "HOUSE_ZONE",
    "PROCESSES",
    "WINDOW_DAYS",
    "Difference",
    "Effect",
    "Pair",
    "Volume",
    "Volumes",
    "combined",
    "difference",
    "volumes",
    "volumes_told",
]
