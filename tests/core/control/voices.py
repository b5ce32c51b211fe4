"""Telephones that whistle, each its own tone, so that one hears who hears whom."""

import asyncio
from typing import Any

from tests.sip import Call, NotHeardError, tone
from tests.sip.tones import tone_share

VOICES = {"customer": 1500, "anna": 1004, "bruno": 700, "carla": 2000, "outside": 2600, "flow": 440}
"""Hertz by who whistles."""
MUSIC = "music"


async def hears(call: Call, *whom: str, within: float = 20.0) -> None:
    """Wait until for a quarter of a second somebody hears just these, and nobody else who whistles."""
    ear = call.voice.ear
    try:
        async with asyncio.timeout(within):
            ear.forget()
            while True:
                fresh = ear._windows[ear._cursor :][-5:]
                if len(fresh) == 5 and all(_is(window.samples, whom) for window in fresh):
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        last = ear._windows[-1].samples if ear._windows else []
        heard = {who: round(tone_share(last, hertz), 2) for who, hertz in VOICES.items()}
        raise NotHeardError(f"wanted to hear {whom or 'nobody'}, but {heard}") from None


def _is(window: list[int], whom: tuple[str, ...]) -> bool:
    """Whether these make up a window; of `MUSIC` nothing but that it is loud and nobody's."""
    loud = max(map(abs, window)) > 300
    if not whom:
        return not loud
    shares = {who: tone_share(window, hertz) for who, hertz in VOICES.items()}
    if whom == (MUSIC,):
        return loud and max(shares.values()) < 0.7 and sum(shares.values()) < 0.9
    return loud and all((shares[who] > 0.5 / len(whom)) == (who in whom) for who in shares)


def whistles(who: str) -> Any:
    """Answers and whistles until the end."""

    async def behave(call: Call) -> None:
        await call.answer()
        await whistle(call, who)

    return behave


async def whistle(call: Call, who: str) -> None:
    samples = tone(VOICES[who], 0.5, level=0.2)
    while True:
        await call.say(samples)
