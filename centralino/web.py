"""The web process: the page and the REST API."""

import asyncio
import gc

import structlog
from aiohttp import web as http

from centralino.jurisdiction import profile_of
from centralino.phones import Telephones
from centralino.places import Places
from centralino.rooms import TRANSFERS, Rooms
from centralino.secrets import load_api_token, load_secrets
from centralino.settings import Settings
from centralino.texting import twilio_settings
from store import StoreUnavailableError
from values import SystemClock
from web import Parts, create_app

log = structlog.get_logger(__name__)

REFRESH_SECONDS = 1.0


async def serve(settings: Settings) -> None:
    """Serve until cancelled."""
    clock = SystemClock()
    telephones = Telephones(settings, load_secrets(settings.home), clock)
    async with Rooms.open(settings, clock) as rooms:
        await rooms.library.refresh()
        app = create_app(
            Parts(
                db=rooms.db,
                live=rooms.live,
                library=rooms.library,
                clock=clock,
                token=load_api_token(settings.home),
                gate=rooms.gate,
                shown=settings.caller_id,
                profile=profile_of(settings),
                webhook_networks=tuple(settings.webhook_networks),
                texts=twilio_settings(settings),
                lists=Places(settings.home.resolve()).lists,
                recordings=Places(settings.home.resolve()).recordings,
                hosts=frozenset(
                    {"localhost", "127.0.0.1", settings.http.host, *map(str.lower, settings.all_names)}
                ),
                connect=telephones.sockets,
                company=settings.company,
                fonts=settings.fonts,
                town=settings.city == "on",
                telephones=telephones,
                actions=rooms.actions,
                transfers=TRANSFERS,
                proactive=rooms.proactive,
            )
        )
        runner = http.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await http.TCPSite(runner, settings.http.host, settings.http.port).start()
            # what is here now stays: the collector need not walk all of it again with every batch of events
            gc.collect()
            gc.freeze()
            log.info("web.ready", url=f"http://{settings.http}/")
            while True:
                await asyncio.sleep(REFRESH_SECONDS)
                try:
                    await rooms.library.refresh()
                except StoreUnavailableError:
                    log.warning("web.database_away")
        finally:
            await runner.cleanup()
