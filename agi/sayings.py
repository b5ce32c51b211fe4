"""Numbers, digits, dates, times and money, in the words of Asterisk's own sounds and the line's language."""

import re
from datetime import UTC, date, datetime, time

from agi.commands import command, keys_of, quoted
from agi.connection import Connection
from values import BadInputError, Money

LARGEST_NUMBER = 2_147_483_647
_DIGITS = re.compile(r"^[0-9*#+-]{1,60}$")
_ZONE = re.compile(r"^[A-Za-z0-9_/+-]{1,60}$")


async def number(line: Connection, value: int, keys: str) -> str:
    """A whole number; the key that stopped it, or ''."""
    if abs(value) > LARGEST_NUMBER:
        raise BadInputError(f"{value} is more than Asterisk can say as a number", field="number")
    return await _say(line, "NUMBER", str(value), keys)


async def digits(line: Connection, value: str, keys: str) -> str:
    """One digit after the other."""
    if not _DIGITS.match(value):
        raise BadInputError("can be said digit by digit only if it is 1 to 60 digits", field="digits")
    return await _say(line, "DIGITS", value, keys)


async def moment(line: Connection, value: datetime, layout: str, zone: str, keys: str) -> str:
    """A date or time of day: `layout` in the letters of Asterisk's SayUnixTime."""
    if value.tzinfo is None:
        raise BadInputError("must have a time zone", field="time")
    if not _ZONE.match(zone):
        raise BadInputError(f"{zone[:40]!r} is not the name of a time zone", field="zone")
    seconds = str(int(value.timestamp()))
    words = ("SAY", "DATETIME", seconds, keys_of(keys), quoted(layout, "layout"), zone)
    return (await line.command(command(*words))).key


async def day(line: Connection, value: date, keys: str) -> str:
    """A date: day of the week, month, day, year, in the order of the language."""
    noon = datetime.combine(value, time(12), UTC)
    return await moment(line, noon, "ABdY", "UTC", keys)


async def money(line: Connection, value: Money, unit: str, cents: str, keys: str) -> str:
    """An amount: whole units, the sound `unit`, cents, the sound `cents`; sounds of '' are left out."""
    sign, (whole, rest) = value.minor < 0, divmod(abs(value.minor), 100)
    key = await number(line, -whole if sign else whole, keys)
    for amount, sound in ((None, unit), (rest or None, cents if rest else "")):
        if not key and amount is not None:
            key = await number(line, amount, keys)
        if not key and sound:
            words = command("STREAM", "FILE", quoted(sound, "sound path"), keys_of(keys))
            key = (await line.command(words)).key
    return key


async def _say(line: Connection, kind: str, value: str, keys: str) -> str:
    return (await line.command(command("SAY", kind, value, keys_of(keys)))).key
