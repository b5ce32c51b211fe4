"""Listening in the simulated town: how often each number was rung, by its own Asterisk's word."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

CALLED: Final = "city-called"
"""The town's context for who is rung."""


def rung(event: Mapping[str, str]) -> str:
    """The number whose telephone has stopped ringing or talking; '' for anything else."""
    if event.get("Event") == "Hangup" and event.get("Context") == CALLED:
        return event.get("Exten", "")
    return ""


@asynccontextmanager
async def listening(host: str, port: int, secret: str) -> AsyncIterator[Counter[str]]:
    """How often each number was rung; calls that are up are not counted yet."""
    reader, writer = await asyncio.open_connection(host, port)
    counted: Counter[str] = Counter()
    writer.write(f"Action: Login\r\nUsername: city\r\nSecret: {secret}\r\nEvents: on\r\n\r\n".encode())
    task = asyncio.get_running_loop().create_task(_count(reader, counted))
    try:
        yield counted
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        writer.close()


async def _count(reader: asyncio.StreamReader, counted: Counter[str]) -> None:
    event: dict[str, str] = {}
    while line := (await reader.readline()).decode("utf-8", "replace"):
        if line.strip():
            name, _, value = line.strip().partition(": ")
            event[name] = value
        else:
            if number := rung(event):
                counted[number] += 1
            event = {}
