"""Which parts a telco has, by its settings, and in which order they come up."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from asterisk_conf import Installation, render_city, render_node
from asterisk_conf.launcher import command
from centralino.nodes import city_plan, node_plan
from centralino.places import Places
from centralino.secrets import Secrets
from centralino.settings import Address, Settings
from centralino.supervisor.part import Part, State, Status
from centralino.supervisor.ports import Wanted
from centralino.supervisor.readiness import answers_ping, booted, listens, serves


@dataclass(frozen=True, slots=True)
class Telco:
    """The parts in two waves, and what runs elsewhere."""

    ground: tuple[Part, ...]
    """What does not need us: Redis and the Asterisks. Started together."""
    programs: tuple[Part, ...]
    """Our own programs, started together when the ground stands and everything is prepared."""
    callers: tuple[Part, ...]
    """Who rings once there is somebody to answer: the city."""
    elsewhere: tuple[Status, ...]
    open: Callable[[], Awaitable[bool]]
    """Whether all of it serves together: the page hears the core, database and Redis answer."""


def wanted_addresses(settings: Settings) -> list[Wanted]:
    """Every address that our parts will serve at."""
    wanted = [
        Wanted(settings.sip, "CENTRALINO_SIP", datagram=True),
        Wanted(settings.ami, "CENTRALINO_AMI"),
        Wanted(settings.agi, "CENTRALINO_AGI"),
        Wanted(settings.http, "CENTRALINO_HTTP"),
    ]
    if settings.phones:
        wanted.append(Wanted(settings.phone_socket, "CENTRALINO_PHONE_SOCKET"))
    if settings.city == "on":
        wanted += [
            Wanted(settings.city_sip, "CENTRALINO_CITY_SIP", datagram=True),
            Wanted(settings.city_ami, "CENTRALINO_CITY_AMI"),
            Wanted(settings.city_agi, "CENTRALINO_CITY_AGI"),
        ]
    if settings.visitors:
        wanted.append(Wanted(settings.city_phone_socket, "CENTRALINO_CITY_PHONE_SOCKET"))
    return wanted


def plan_telco(settings: Settings, secrets: Secrets, installation: Installation) -> Telco:
    """Write the Asterisks' configuration and say what to start."""
    places = Places(settings.home.resolve())
    ground: list[Part] = []
    elsewhere: list[Status] = []
    if settings.redis_url:
        elsewhere.append(Status("redis", _without_password(settings.redis_url), State.ELSEWHERE))
    else:
        ground.append(_redis(places))
    node = node_plan(settings, secrets, installation)
    folders = render_node(node)
    ground.append(
        Part(
            "asterisk",
            f"sip {settings.sip}, ami {settings.ami}",
            tuple(command(installation, folders)),
            booted(node.ami_account),
            stop_seconds=10,
            folder=folders.run,
        )
    )
    programs = [
        _program("core", settings.agi, f"agi {settings.agi}", stop_seconds=20),
        _program("web", settings.http, f"http://{settings.http}/"),
    ]
    callers: list[Part] = []
    if settings.city == "on":
        city = city_plan(settings, secrets, installation)
        city_folders = render_city(city)
        where = f"sip {settings.city_sip}, ami {settings.city_ami}"
        start = tuple(command(installation, city_folders))
        ready = booted(city.ami_account)
        ground.append(Part("city-asterisk", where, start, ready, stop_seconds=10, folder=city_folders.run))
        callers.append(_program("city", settings.city_agi, f"agi {settings.city_agi}"))
    return Telco(
        tuple(ground), tuple(programs), tuple(callers), tuple(elsewhere), serves(settings.http, "/readyz")
    )


def _program(name: str, address: Address, where: str, *, stop_seconds: float = 5.0) -> Part:
    start = (sys.executable, "-m", "centralino", name)
    return Part(name, where, start, listens(address), stop_seconds=stop_seconds, ready_seconds=60)


def _redis(places: Places) -> Part:
    """A Redis of our own, on a socket only; what it holds may be lost, so it writes nothing down."""
    options = {
        "port": "0",
        "unixsocket": str(places.redis_socket),
        "unixsocketperm": "600",
        "save": "",
        "appendonly": "no",
        "dir": str(places.run),
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
    }
    start = ["redis-server", *(part for name, value in options.items() for part in (f"--{name}", value))]
    return Part("redis", f"unix {places.redis_socket}", tuple(start), answers_ping(places.redis_socket))


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
