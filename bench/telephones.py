"""Agents' and customers' telephones for `bench.joins`, in a process of their own, beside the core's.

Its first line of input says as JSON who is who; it answers `ready` once all agents have registered.
Agents' telephones send voice without end, as telephones do. Customers answer at once, stay for a moment and
hang up; when the first packet of voice reached each after picking up is printed when the input ends.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from typing import Any

import uvloop

from tests.sip import Call, Login, SipPhone
from tests.sip.g711 import Codec
from tests.sip.hearing import Ear


class Listener(Ear):
    """Notes when the first packet comes, and keeps nothing of it."""

    def __init__(self) -> None:
        super().__init__()
        self.first: float | None = None

    def sound(self, payload: bytes, codec: Codec) -> None:  # noqa: ARG002  (an ear's signature)
        """A packet of voice."""
        if self.first is None:
            self.first = asyncio.get_running_loop().time()


class Customers:
    """Whoever is rung."""

    def __init__(self, stays: float) -> None:
        self._stays = stays
        self.waited: list[float] = []
        """Seconds from picking up to the first packet of voice; infinite where none came."""

    async def behave(self, call: Call) -> None:
        """Answer, stay, hang up."""
        ear = call.voice.ear = Listener()
        loop = asyncio.get_running_loop()
        answered = loop.time()
        await call.answer()
        await asyncio.sleep(self._stays)
        self.waited.append(ear.first - answered if ear.first is not None else float("inf"))
        call.hangup()


async def pick_up(call: Call) -> None:
    """What an agent's telephone does: answer, and stay for ever."""
    call.voice.ear = Listener()
    await call.answer()


async def _main() -> None:
    loop = asyncio.get_running_loop()
    told: dict[str, Any] = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    customers = Customers(told["stays"])
    async with AsyncExitStack() as stack:
        carrier = await stack.enter_async_context(SipPhone(told["trunk"], 5060, user="carrier"))
        carrier.on_call = customers.behave
        for name, secret in told["agents"]:
            phone = await stack.enter_async_context(SipPhone(told["desk"], login=Login(name, secret)))
            phone.on_call = pick_up
            if (status := await phone.register(f"sip:{told['node']}:5060")) != 200:  # noqa: PLR2004
                sys.exit(f"{name} was not registered: {status}")
        print("ready", flush=True)
        await loop.run_in_executor(None, sys.stdin.read)
        print(json.dumps(customers.waited), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
