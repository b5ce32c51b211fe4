"""Bringing a home up to date before its programs start: tables, people, flows, campaigns, prompts."""

import structlog

from agents.queues import house_queues, queues, seed_queues
from centralino.announcements import FOLDER, prepare_fallback
from centralino.core.joining import Announcements
from centralino.core.queueing import QueueWords
from centralino.core.queueing.callbacks import call_back_campaign
from centralino.jurisdiction import profile_of
from centralino.migrate import migrate
from centralino.migrations.additions import add_missing, check_tables
from centralino.people import first_people
from centralino.places import Places
from centralino.rooms import Rooms, flow_files, script_files
from centralino.settings import Settings
from customers.seed import seed
from dialer import Trunk, set_up
from dialer.ringbacks import shown_numbers
from dialer.trunks import seed_trunks
from ivr import FlowLibrary
from ivr.language import load_flow
from surveys.cati import publish_scripts
from surveys.detractors import detractors_campaign
from values import BadInputError, CentralinoError, SystemClock

log = structlog.get_logger(__name__)

TOWN = 10_000
"""Customers of the simulated town."""
TOWN_MARK = "simulated-town"
"""The file in a home in which made-up people live."""
BY = "centralino"
"""Who publishes the house's own flows."""
RENDERERS = 2


async def prepare(settings: Settings, *, add: bool = False) -> None:
    """Do what is missing; quick when nothing is.

    `add`: also tables and columns that no revision brings. Raises `TablesLackError` where there are such.
    """
    places = Places(settings.home.resolve())
    places.make()
    _keep_town_apart(settings, places)
    clock = SystemClock()
    await migrate(settings.database)
    if add:
        log.info("prepare.added", tables=await add_missing(settings.database))
    await check_tables(settings.database)
    async with Rooms.open(settings, clock) as rooms:
        if settings.city == "on":
            async with rooms.db.write() as session:
                made = await seed(session, TOWN, day=clock.now().date())
            log.info("prepare.seeded", new=made)
        async with rooms.db.write() as session:
            for plan in rooms.processes.campaigns(profile=profile_of(settings), caller_id=settings.caller_id):
                await set_up(session, rooms.gate, plan)
            await seed_trunks(session, trunks_of(settings))
            await seed_queues(session, house_queues(), now=clock.now())
            back = call_back_campaign(
                profile=profile_of(settings), caller_id=settings.caller_id, flow=settings.default_flow
            )
            await set_up(session, rooms.gate, back)
            low = detractors_campaign(
                profile=profile_of(settings), caller_id=settings.caller_id, flow=settings.default_flow
            )
            await set_up(session, rooms.gate, low)
        await first_people(rooms.db, settings, clock)
        await _ship(rooms)
        await rooms.library.refresh()
        _check_numbers(settings, rooms.library)
        published = [rooms.library.flow(name) for name in rooms.library.names()]
        await rooms.voice.prepare(published, workers=RENDERERS)
        async with rooms.db.read() as session:
            shown = await shown_numbers(session)
        # the law wants it said within seconds: the first to be abandoned must not hear a signal instead
        await Announcements(rooms.voice, settings.company).prepare(settings.languages, sorted(shown))
        async with rooms.db.read() as session:
            kept = await queues(session)
        await QueueWords(rooms.voice).prepare(kept.values(), settings.languages)
        await prepare_fallback(places.prompts / FOLDER, settings.languages, rooms.voice.studio)


class TownError(CentralinoError):
    """A simulated town and a real trunk do not go together: its numbers may be real people's."""

    error_id = "town-and-trunk"


def _keep_town_apart(settings: Settings, places: Places) -> None:
    """Nobody of the town may ever be rung over a real trunk; not by this run, nor by a later one on its home.

    Raises `TownError`.
    """
    real = settings.trunk is not None or bool(settings.trunks)
    mark = places.home / TOWN_MARK
    if settings.city == "on":
        if real:
            raise TownError("CENTRALINO_TRUNK is set while the city is on; set CENTRALINO_CITY=off")
        mark.touch()
    elif real and mark.exists():
        raise TownError(
            f"{places.home} holds a simulated town, and its people's made-up numbers may be real ones; "
            "give real calls a home of their own with CENTRALINO_HOME"
        )


def _check_numbers(settings: Settings, library: FlowLibrary) -> None:
    """Each inbound number leads to a flow that is there. Raises `BadInputError`."""
    known = library.names()
    for number, flow in {**settings.numbers, settings.service_number: settings.default_flow}.items():
        if flow not in known:
            raise BadInputError(
                f"there is no flow {flow!r} for {number}; there are: {', '.join(known)}",
                field="numbers" if number in settings.numbers else "default_flow",
            )


async def _ship(rooms: Rooms) -> None:
    """Publish the house's own flows and scripts, except where somebody here has published their own."""
    texts = []
    for path in (*flow_files(), *script_files()):
        text = path.read_text(encoding="utf-8")
        history = await rooms.flows.history(load_flow(text, file=path.name).flow.flow)
        if not history or history[0].by == BY:
            texts.append(text)
    await rooms.flows.publish(texts, by=BY, note="shipped with the release")
    await publish_scripts(rooms.flows, by=BY)


def trunks_of(settings: Settings) -> list[Trunk]:
    """The trunks as they are set, in the order in which they are tried."""
    return [
        Trunk(each.name, lines=each.lines, calls_per_second=each.calls_per_second)
        for each in settings.all_trunks
    ]
