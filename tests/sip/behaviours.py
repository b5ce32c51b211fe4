"""What a phone does when it rings, ready-made and to be combined."""

import asyncio
from collections.abc import Sequence

from tests.sip.call import Call
from tests.sip.phone import Behaviour


def answers(
    *,
    after: float = 0.0,
    says: Sequence[int] = (),
    presses: str = "",
    presses_after: float = 1.0,
    hangs_up_after: float | None = None,
) -> Behaviour:
    """Rings so many seconds, is answered, says something, presses keys, hangs up in the end if told so."""

    async def behave(call: Call) -> None:
        await call.ring()
        await asyncio.sleep(after)
        await call.answer()
        if says:
            await call.say(says)
        if presses:
            await asyncio.sleep(presses_after)
            await call.press(presses)
        if hangs_up_after is not None:
            await asyncio.sleep(hangs_up_after)
            call.hangup()

    return behave


def refuses(status: int = 486, *, after: float = 0.0) -> Behaviour:
    """Refuses: 486 busy, 404 no such number, 503 out of order, 603 declined."""

    async def behave(call: Call) -> None:
        if after:
            await call.ring()
            await asyncio.sleep(after)
        call.refuse(status)

    return behave


def never() -> Behaviour:
    """Rings until the caller gives up."""

    async def behave(call: Call) -> None:
        await call.ring()

    return behave
