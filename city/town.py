"""The town at work: telephones that answer, people who ring 0611, lines that are repaired."""

import asyncio
from dataclasses import dataclass
from random import Random

import structlog

from agi import Server
from ami import Account, AmiError, Gateway, Originate
from city.hearing import Hearing
from city.network import Network
from city.people import People
from city.subscribers import Subscribers
from customers.seed import number_of
from values import Clock, new_id

log = structlog.get_logger(__name__)

CONTEXT = "city-caller"
ENDPOINT = "centralino"
RING_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class CityPlaces:
    """Where the city's Asterisk is, and where its program listens."""

    ami: Account
    agi_host: str
    agi_port: int
    agi_secret: str


class City:
    """All of the town. `calls_a_minute` people ring 0611; none when it is 0."""

    def __init__(
        self,
        places: CityPlaces,
        people: People,
        network: Network | None,
        clock: Clock,
        *,
        service_number: str,
        town: int,
        calls_a_minute: float,
        hearing: Hearing | None = None,
    ) -> None:
        self._chance = Random(people.seed)
        self.subscribers = Subscribers(people, clock, self._chance, hearing=hearing)
        self._server = Server(
            places.agi_host, places.agi_port, places.agi_secret, self.subscribers.take, clock=clock
        )
        self._gateway = Gateway(places.ami, clock)
        self._network = network
        self._clock = clock
        self._service_number = service_number
        self._town = town
        self._pace = calls_a_minute / 60.0

    async def run(self) -> None:
        """Live until cancelled."""
        async with self._server, self._gateway, asyncio.TaskGroup() as life:
            if self._pace > 0:
                life.create_task(self._people_ring())
            if self._network is not None:
                life.create_task(self._network.run())
            await asyncio.Event().wait()

    async def _people_ring(self) -> None:
        while True:
            await self._clock.sleep(self._chance.expovariate(self._pace))
            try:
                await self.ring(number_of(self._chance.randrange(self._town)))
            except AmiError as problem:
                log.warning("city.cannot_ring", reason=str(problem))

    async def ring(self, caller: str) -> None:
        """Have a subscriber ring the service number now. Raises `AmiError`."""
        await self._gateway.originate(
            Originate(
                channel=f"PJSIP/{self._service_number}@{ENDPOINT}",
                context=CONTEXT,
                exten="s",
                channel_id=new_id("s"),
                caller_id=caller,
                timeout=RING_SECONDS,
            )
        )
