"""Operators' hours that do not depend on when tests run: the shipped flow, always open or never."""

import re

import care
from ivr import FlowStore
from ivr.versions import FlowLibrary
from tests.system.telco import Telco
from values import SystemClock

SHIPPED = [
    (care.FLOWS / name).read_text(encoding="utf-8") for name in ("service_0611.yaml", "ring_back.yaml")
]
_DAY = re.compile(r"^( +(?:mon|tue|wed|thu|fri|sat|sun): )\[.*\]$", re.MULTILINE)


async def set_hours(telco: Telco, *, are_open: bool) -> None:
    """Publish the flows with operators who are there all day, or never, and wait until calls get them."""
    if telco.are_open is are_open:
        return  # to read and prove all flows once more takes seconds
    new = r'\1["00:00-24:00"]' if are_open else r"\1[]"
    done = [_DAY.subn(new, text) for text in SHIPPED]
    assert {days for _, days in done} == {7}
    async with telco.db() as db:
        clock = SystemClock()
        await FlowStore(db, clock).publish([text for text, _ in done], by="test")
        library = FlowLibrary(db, clock)
        await library.refresh()
        edition = f"edition={library.edition().number} "
    await telco.until(lambda: edition in telco.log("core") + " ", within=30, what="the new hours")
    telco.are_open = are_open
