"""How each talk stands, told to its agent's page: through Redis, and lost without harm."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from centralino.core.control.live import LiveTalk
from centralino.core.control.shape import Place, Role
from store import LiveStore

CHANNEL: Final = "centralino:talks"
"""Where changes are published, as `{agent, call, state, parties, recording, since, note}`."""
KEY: Final = "centralino:talks:now"
"""A hash: the last word of each agent's talk, for pages that come late."""
KEPT_SECONDS: Final = 6 * 3600.0
OVER: Final = "over"


class Bulletins:
    """Publishes them, in order, without anybody waiting."""

    def __init__(self, live: LiveStore) -> None:
        self._live = live
        self._tasks: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()

    def tell(self, talk: LiveTalk) -> None:
        """It has changed."""
        for agent, word in shown(talk):
            self._spawn(self._put(agent, word))

    def over(self, agent: str, call: str) -> None:
        """An agent's part in a talk is over."""
        self._spawn(self._put(agent, {"agent": agent, "call": call, "state": OVER}))

    def put(self, agent: str, word: dict[str, Any]) -> None:
        """Something else about an agent's call: it is being dialled, or was not reached."""
        self._spawn(self._put(agent, word))

    async def forget(self) -> None:
        """Nobody knows how talks stand that began under an earlier core."""
        await self._live.drop([KEY])

    async def _put(self, agent: str, word: dict[str, Any]) -> None:
        async with self._lock:
            if word["state"] == OVER:
                await self._live.drop_fields(KEY, [agent])
            else:
                await self._live.put_fields(KEY, {agent: word}, seconds=KEPT_SECONDS)
            await self._live.publish(CHANNEL, word)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def shown(talk: LiveTalk) -> list[tuple[str, dict[str, Any]]]:
    """What each agent in a talk is told of it: the one in charge, and whoever of ours is asked."""
    agent, guest = talk.shape.agent, talk.guest
    whom = [agent.who] if agent else []
    if guest is not None and guest.inside and talk.shape.adviser:
        whom.append(guest.who)
    return [(each, word(talk, each)) for each in whom]


def word(talk: LiveTalk, agent: str) -> dict[str, Any]:
    """One agent's word of it."""
    return {
        "agent": agent,
        "call": talk.call,
        "state": talk.shape.state,
        "parties": [
            {"who": each.who, "role": each.role, "place": each.place}
            for each in talk.shape.parties
            if each.role is not Role.SUPERVISOR or each.place is Place.TALK
        ],
        "recording": recording(talk),
        "since": talk.since,
        "note": dict(talk.note),
    }


def recording(talk: LiveTalk) -> str:
    """`on`, `paused` or `off`."""
    if not talk.recording:
        return "off"
    return "paused" if talk.paused else "on"
