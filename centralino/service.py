"""Running one of our long-lived programs: its logging, and its end by SIGTERM in good order."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
import uvloop

from centralino.settings import Settings


def set_up_logging(level: str) -> None:
    """Lines for people and programs on standard error: time, level, event, key=value."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(
        level=max(threshold, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def run_service(serve: Callable[[Settings], Awaitable[None]], settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; then the program is cancelled and cleans up."""
    set_up_logging(settings.log_level)
    uvloop.run(_until_asked_to_end(serve, settings))


async def _until_asked_to_end(serve: Callable[[Settings], Awaitable[None]], settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(serve(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
