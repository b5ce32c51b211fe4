"""An agent's desk with its socket, beside the core's own presence, commands and dispositions."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import ClientWebSocketResponse

from agents import Desk, Disposal, Presence
from centralino.core.dispositions import Dispositions
from centralino.core.joining.pops import Pops
from centralino.rooms import Rooms
from dialer import CampaignPlan, Gate, Mode, NewContact, Purpose, enqueue, load_profiles, set_up
from dialer.models import Attempt, AttemptState, Contact, ContactState
from store import Answerer
from tests.web.conftest import Client
from values import PhoneNumber

ATTEMPT = "a-1"
NUMBER = PhoneNumber("+393290000007")


class Core:
    """The core's side of the desk: real presence and dispositions, and a word of each command."""

    def __init__(self, rooms: Rooms) -> None:
        clock = rooms.db.clock
        self.rooms = rooms
        self.desk = Desk(clock.monotonic)
        self.presence = Presence(self.desk, rooms.live, clock, "node1")
        self.dispositions = Dispositions(rooms.db, clock)
        self.pops = Pops(rooms.live)
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.answerer = Answerer(rooms.live, clock)
        for verb in ("sign_in", "ready", "pause", "wrapped_up", "more_time", "hang_up"):
            self.answerer.register(f"agents.{verb}", self._noting(verb))
        self.answerer.register("agents.dispose", self._dispose)

    def _noting(self, verb: str) -> Any:
        async def answer(fields: Mapping[str, Any]) -> Any:
            self.asked.append((verb, fields))
            return {"agents": [{"agent": fields["agent"], "state": "ready"}]}

        return answer

    async def _dispose(self, fields: Mapping[str, Any]) -> Any:
        self.asked.append(("dispose", fields))
        said = Disposal(
            str(fields["agent"]), str(fields["attempt"]), "", str(fields["disposition"]), fields["fields"]
        )
        await self.dispositions(said)
        return {"agents": [{"agent": fields["agent"], "state": "wrap_up"}]}

    async def joins(self, agent: str, call: str, **pop: object) -> None:
        """Customer and agent are joined: the presence first, then the pop."""
        self.desk.sign_in(agent)
        held = self.desk.reserve(call)
        assert held is not None
        self.desk.talking(held)
        await self.presence.tell()
        self.pops({"agent": agent, "call": call, "at": self.rooms.db.clock.now().isoformat(), **pop})


@asynccontextmanager
async def running(core: Core) -> AsyncIterator[Core]:
    tasks = [asyncio.create_task(core.answerer.run()), asyncio.create_task(_heard(core))]
    try:
        yield core
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _heard(core: Core) -> None:
    """The core's board, which it tells each second."""
    while True:
        board = {"node": "node1", "live": 0, "started": 0, "ended": 0, "calls": []}
        await core.rooms.live.publish("centralino:live", board)
        await asyncio.sleep(1)


@dataclass
class Tab:
    """One page that is open: its socket, and what it was told."""

    client: Client
    name: str
    socket: ClientWebSocketResponse
    told: list[dict[str, Any]] = field(default_factory=list)

    async def hears(self, kind: str, **about: Any) -> dict[str, Any]:
        """Wait for a message of a kind with these values; gives what it is about."""
        async with asyncio.timeout(10):
            while True:
                for message in self.told:
                    found = message["about"]
                    if message["kind"] == kind and all(
                        found.get(name) == each for name, each in about.items()
                    ):
                        self.told.remove(message)
                        return dict(found)
                self.told.append(orjson.loads(await self.socket.receive_str()))

    async def send(self, path: str, body: object = None, method: str = "POST") -> tuple[int, Any]:
        """A command of this tab: status and answer."""
        answer = await self.client.request(method, path, json=body or {}, headers={"X-Desk-Tab": self.name})
        return answer.status, await answer.json()


async def open_tab(client: Client, name: str, *, fresh: bool = True) -> Tab:
    origin = str(client.make_url("")).rstrip("/")
    socket = await client.ws_connect("/desk/live", headers={"Origin": origin})
    await socket.send_json({"tab": name, "fresh": fresh})
    return Tab(client, name, socket)


async def attempt(
    rooms: Rooms, *, customer: str = "", zone: str = "", profile: str = "none", **plan: Any
) -> str:
    """A call of a campaign that anna has been joined with; the contact's id."""
    now = rooms.db.clock.now()
    made = CampaignPlan(
        name="spring", title="Spring offer", flow="care.service_0611", purpose=Purpose.MARKETING,
        profile=profile, caller_id="+390650000611", mode=Mode.PROGRESSIVE, **plan,
    )  # fmt: skip
    who = NewContact(
        campaign="spring", event_id="e-1", customer_id=customer, number=NUMBER, zone=zone,
        fields={"language": "it", "offer": "Fibra 2.5"},
    )  # fmt: skip
    async with rooms.db.write() as session:
        await set_up(session, Gate(load_profiles(), country="IT"), made)
        (contact_id,) = await enqueue(session, [who], now)
        contact = await session.get_one(Contact, contact_id)
        contact.state, contact.attempts = ContactState.CALLING, 1
        row: dict[str, Any] = dict.fromkeys(
            ("node", "trunk", "list", "caller_id", "moved_from", "amd", "amd_cause", "disposition",
             "recording", "sip_cause", "outcome"), "",
        )  # fmt: skip
        row |= dict.fromkeys(("placed", "ringing", "detected", "released", "over"), None)
        session.add(
            Attempt(
                id=ATTEMPT,
                contact_id=contact_id,
                campaign="spring",
                purpose=Purpose.MARKETING,
                number=NUMBER,
                customer_id=customer,
                fence=0,
                state=AttemptState.ANSWERED,
                committed=now,
                answered=now,
                joined=now,
                agent="anna",
                cost=0,
                cause=0,
                goal=False,
                **row,
            )
        )
    return contact_id


__all__ = ["ATTEMPT", "NUMBER", "Core", "Tab", "attempt", "open_tab", "running"]
