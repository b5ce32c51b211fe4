"""Operators' hours that do not depend on when tests run: the shipped flow, always open or never."""

import re

import care
from ivr import FlowStore
from ivr.versions import FlowLibrary
from tests.system.telco import Telco
from values import SystemClock

SHIPPED = (care.FLOWS / "service_0611.yaml").read_text(encoding="utf-8")
_DAY = re.compile(r"^( +(?:mon|tue|wed|thu|fri|sat|sun): )\[.*\]$", re.MULTILINE)


async def set_hours(telco: Telco, *, are_open: bool) -> None:
    """Publish 0611 with operators who are there all day, or never, and wait until calls get it."""
    text, days = _DAY.subn(r'\1["00:00-24:00"]' if are_open else r"\1[]", SHIPPED)
    assert days == 7
    async with telco.db() as db:
        clock = SystemClock()
        await FlowStore(db, clock).publish(text, by="test")
        library = FlowLibrary(db, clock)
        await library.refresh()
        edition = f"edition={library.edition().number} "
    await telco.until(lambda: edition in telco.log("core") + " ")
