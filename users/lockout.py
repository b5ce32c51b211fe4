"""Failed attempts make whoever tries wait, longer each time: by name and by address alike.

A name that nobody has is counted like any other, so that nobody learns from it which ones there are.
"""

import hashlib
from typing import Final

from store import LiveStore
from users.errors import WaitError
from values import Clock

FREE: Final = 5
"""So many failures by a name cost nothing: people mistype."""
FREE_ADDRESS: Final = 20
"""From one address many people may sign in."""
FIRST_WAIT: Final = 30.0
LONGEST_WAIT: Final = 900.0
FORGOTTEN: Final = 3600.0
"""Seconds without a failure after which the earlier ones are forgotten."""

_KEY: Final = "centralino:sign-in"


def wait_after(failures: int, free: int = FREE) -> float:
    """Seconds to wait after so many failures: none, then 30, doubled each time, up to 15 minutes."""
    if failures < free:
        return 0.0
    return float(min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - free, 10)))


class Lockout:
    """Counts failures in Redis. When Redis is away nobody signs in anyhow."""

    def __init__(self, live: LiveStore, clock: Clock) -> None:
        self._live = live
        self._clock = clock

    async def check(self, name: str, address: str) -> None:
        """Raises `WaitError` when it is too early to try again."""
        now = self._clock.now().timestamp()
        for key, _ in _keys(name, address):
            until = await self._live.get(f"{key}:until")
            if isinstance(until, int | float) and until > now:
                raise WaitError(until - now)

    async def failed(self, name: str, address: str) -> int:
        """One more failure; how many this name has had."""
        counted = 0
        for key, free in _keys(name, address):
            counted = await self._live.count(key, seconds=FORGOTTEN) or 0
            if wait := wait_after(counted, free):
                until = self._clock.now().timestamp() + wait
                await self._live.put(f"{key}:until", until, seconds=wait)
        return counted

    async def succeeded(self, name: str) -> None:
        """The right password: this name's failures are forgotten, the address's are not."""
        await self._live.drop([_name_key(name), f"{_name_key(name)}:until"])

    async def waiting(self, name: str) -> float:
        """How many seconds this name has to wait still."""
        until = await self._live.get(f"{_name_key(name)}:until")
        now = self._clock.now().timestamp()
        return max(0.0, until - now) if isinstance(until, int | float) else 0.0


def _keys(name: str, address: str) -> list[tuple[str, int]]:
    """What is counted, with how many failures are free; without an address the name alone."""
    by_address = [(_address_key(address), FREE_ADDRESS)] if address else []
    return [*by_address, (_name_key(name), FREE)]


def _name_key(name: str) -> str:
    return f"{_KEY}:name:{hashlib.sha256(name.casefold().encode('utf-8', 'replace')).hexdigest()[:32]}"


def _address_key(address: str) -> str:
    return f"{_KEY}:from:{address}"
