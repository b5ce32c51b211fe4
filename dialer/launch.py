"""Starting calls: lines reserved, contacts leased, attempts committed, and only then placed."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from datetime import timedelta

from dialer.attempts import commit_attempts
from dialer.contacts import Lease, claim
from dialer.crew import Crew
from dialer.models import Campaign, Mode
from dialer.pilot import Pilot
from dialer.placement import Placement, Wanted
from dialer.trunks import Bucket

LEASE = timedelta(seconds=30)
BATCH = 100
"""How many attempts are committed in one transaction at most."""

Spawn = Callable[[Coroutine[object, object, None]], None]


class Launcher:
    """Starts calls of campaigns. `spawn` lets a call fly; `worker` is the name leases are held under."""

    def __init__(self, crew: Crew, pilot: Pilot, worker: str, spawn: Spawn, *, batch: int = BATCH) -> None:
        self._crew = crew
        self._batch = batch
        self._pilot = pilot
        self._worker = worker
        self._spawn = spawn
        self._buckets: dict[str, Bucket] = {}

    def room(self, campaign: Campaign) -> int:
        """How many calls its lines and its pace leave room for now."""
        room = campaign.lines - self._crew.flights.of(campaign.name)
        return max(0, min(room, self._bucket(campaign).tokens, self._batch))

    def wait(self, campaign: Campaign) -> float | None:
        """Seconds until it may start another call; None when a line must become free first."""
        crew = self._crew
        if crew.flights.of(campaign.name) >= campaign.lines:
            return None
        room = crew.trunks.wait(crew.trunks.allowed(campaign.trunks))
        return None if room is None else max(self._bucket(campaign).wait, room)

    async def launch(
        self,
        campaign: Campaign,
        most: int,
        *,
        agents: Collection[str],
        zones: Collection[str],
        certain: bool = False,
    ) -> bool:
        """Start up to `most` calls; whether there were contacts for all of them.

        `agents` are those free now, for call-backs they have promised; `zones` the zone keys open now;
        `certain` says that an agent is kept free for each.
        """
        reserved = self._reserve(campaign, min(most, self.room(campaign)))
        if not reserved:
            return True
        leases = await self._claim(campaign, reserved, agents, zones)
        await self._commit(campaign, leases, reserved, certain=certain)
        return len(leases) >= len(reserved)

    def _reserve(self, campaign: Campaign, most: int) -> list[str]:
        crew, bucket = self._crew, self._bucket(campaign)
        names = crew.trunks.allowed(campaign.trunks)
        reserved: list[str] = []
        while len(reserved) < most and bucket.take():
            trunk = crew.trunks.take(names)
            if trunk is None:
                bucket.put_back()
                break
            reserved.append(trunk)
        return reserved

    async def _claim(
        self,
        campaign: Campaign,
        reserved: Sequence[str],
        agents: Collection[str],
        zones: Collection[str],
    ) -> list[Lease]:
        crew = self._crew
        try:
            async with crew.db.write() as session:
                return await claim(
                    session,
                    campaign.name,
                    len(reserved),
                    worker=self._worker,
                    lease=LEASE,
                    now=crew.clock.now(),
                    agents=agents,
                    zones=zones,
                    promised_only=campaign.mode is Mode.PREVIEW,  # nobody is called whom no agent asked for
                )
        except BaseException:
            self._put_back(campaign, reserved)
            raise

    async def _commit(
        self, campaign: Campaign, leases: Sequence[Lease], reserved: Sequence[str], *, certain: bool
    ) -> None:
        """Commit attempts for leased contacts, then let them take off."""
        crew = self._crew
        unused = list(reserved)
        try:
            if leases and not crew.paused:
                wanted = [Wanted(lease, trunk) for lease, trunk in zip(leases, reserved, strict=False)]
                async with crew.committing:
                    for placement in await self._committed(wanted, {campaign.name} if certain else ()):
                        unused.remove(placement.trunk)
                        self._spawn(self._pilot.fly(crew.take_off(placement)))
        finally:
            self._put_back(campaign, unused)

    async def _committed(self, wanted: Sequence[Wanted], certain: Collection[str]) -> list[Placement]:
        crew = self._crew
        async with crew.db.write() as session:
            return await commit_attempts(
                session,
                crew.gate,
                wanted,
                node=crew.node,
                now=crew.clock.now(),
                consents=crew.consents,
                certain=certain,
            )

    def _put_back(self, campaign: Campaign, trunks: Sequence[str]) -> None:
        for trunk in trunks:
            self._crew.trunks.put_back(trunk)
            self._bucket(campaign).put_back()

    def _bucket(self, campaign: Campaign) -> Bucket:
        bucket = self._buckets.get(campaign.name)
        if bucket is None:
            bucket = self._buckets[campaign.name] = Bucket(campaign.calls_per_second, self._crew.clock)
        elif bucket.rate != campaign.calls_per_second:
            bucket.change(campaign.calls_per_second)
        return bucket
