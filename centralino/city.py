"""The city process: the simulated town, beside the voice core and apart from it."""

from pathlib import Path

import structlog

import city
from ami import Account
from centralino.secrets import load_secrets
from centralino.settings import Settings
from city import City, CityPlaces, read_people
from city.hearing import Understanding
from city.network import Network
from customers import Customers
from store import Database
from values import SystemClock

log = structlog.get_logger(__name__)

TOWN = 10_000
PEOPLE = Path(city.__file__).parent / "people.yaml"


async def serve(settings: Settings) -> None:
    """Live until cancelled."""
    clock = SystemClock()
    secrets = load_secrets(settings.home)
    people = read_people(settings.city_people or PEOPLE)
    async with Database(settings.database, clock=clock) as db:
        network = None
        if settings.city_repair_seconds > 0:
            network = Network(db, Customers(db), clock, every=settings.city_repair_seconds)
        town = City(
            CityPlaces(
                ami=Account(settings.city_ami.host, settings.city_ami.port, "city", secrets.city_ami),
                agi_host=settings.city_agi.host,
                agi_port=settings.city_agi.port,
                agi_secret=secrets.city_agi,
            ),
            people,
            network,
            clock,
            service_number=settings.service_number,
            town=TOWN,
            calls_a_minute=settings.city_calls_a_minute,
            hearing=Understanding(db),
        )
        log.info("city.ready", calls_a_minute=settings.city_calls_a_minute)
        await town.run()
