"""What pages and the command line may ask of the core about agents, by name through `store.Asker`."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from agents import Diary, Disposal, Disposing, Presence, Shift, agent_cards
from agents.cards import AgentCard
from centralino.core.agentlines import AgentLines
from store import Answerer, Database
from values import BadInputError

MOST: Final = 1000
LONGEST: Final = 200
LONGEST_LEASE: Final = 300.0
LONGEST_WRAP: Final = 3600.0

Fields = Mapping[str, Any]
LetsGo = Callable[[str], Awaitable[bool]]
"""An agent's talk is ended and its customer stays; False when their call is to be ended."""
Command = Callable[[Fields], Awaitable[Any]]


class AgentCommands:
    """Each command takes the agent's name in `agent`, or several in `agents`.

    What sets their state takes `by` besides: who else did it, for their page to show.
    """

    def __init__(
        self,
        db: Database,
        shift: Shift,
        lines: AgentLines,
        diary: Diary,
        presence: Presence,
        dispose: Disposing,
        node: str,
        lets_go: LetsGo | None = None,
    ) -> None:
        self._db = db
        self._shift = shift
        self._lines = lines
        self._diary = diary
        self._presence = presence
        self._dispose = dispose
        self._node = node
        self._lets_go = lets_go

    def register(self, answerer: Answerer) -> None:
        """Make them known."""
        answerer.register("agents.sign_in", self._kept(self.sign_in))
        answerer.register("agents.sign_out", self._kept(self.sign_out))
        answerer.register("agents.ready", self._kept(self.ready))
        answerer.register("agents.wrapped_up", self._kept(self.wrapped_up))
        answerer.register("agents.pause", self._kept(self.pause))
        answerer.register("agents.more_time", self._kept(self.more_time))
        answerer.register("agents.dispose", self._kept(self.dispose))
        answerer.register("agents.hang_up", self.hang_up)
        answerer.register("agents.keep", self.keep)
        answerer.register("agents.list", self.everybody)

    async def sign_in(self, fields: Fields) -> Any:
        """They are here; with `lease` only for so many seconds, unless `agents.keep` renews it."""
        names = _names(fields)
        lease = _seconds(fields, "lease", LONGEST_LEASE) if fields.get("lease") is not None else None
        async with self._db.read() as session:
            cards = {card.name: card for card in await agent_cards(session, names, node=self._node)}
        for name in names:
            if name not in cards:
                raise BadInputError(f"nobody called {name[:40]} works at this node", field="agent")
            self._lines.address(cards[name].endpoint)
            if cards[name].simulated and lease is None:
                raise BadInputError("a simulated agent is signed in by its program only", field="agent")
        for name in names:
            self._sign_in(cards[name], lease)
        return self._shown(names)

    async def sign_out(self, fields: Fields) -> Any:
        """They go home, after the talk that is on."""
        names = self._present(fields)
        for name in self._set_by(names, fields):
            self._shift.sign_out(name)
        return self._shown(names)

    async def ready(self, fields: Fields) -> Any:
        """They take calls (again); a wrap-up is over."""
        names = self._present(fields)
        for name in self._set_by(names, fields):
            self._shift.ready(name)
        return self._shown(names)

    async def wrapped_up(self, fields: Fields) -> Any:
        """Their wrap-up is over; a pause or a sign-out that they asked for before holds now."""
        names = self._present(fields)
        for name in names:
            self._shift.wrapped_up(name)
        return self._shown(names)

    async def pause(self, fields: Fields) -> Any:
        """They take no calls for a while; `reason` says why."""
        names, reason = self._present(fields), _text(fields, "reason", may_be_empty=True)
        for name in self._set_by(names, fields):
            self._shift.pause(name, reason)
        return self._shown(names)

    async def more_time(self, fields: Fields) -> Any:
        """So many `seconds` of wrap-up more."""
        (name,) = _one(self._present(fields))
        if not self._shift.more_time(name, _seconds(fields, "seconds", LONGEST_WRAP)):
            raise BadInputError(f"{name} is in no wrap-up", field="agent")
        return self._shown([name])

    async def dispose(self, fields: Fields) -> Any:
        """What came of a talk: `disposition`, with more in `fields`; `attempt` unless it is the last.

        With `ready` the wrap-up ends too, as by `agents.wrapped_up`. Who has gone home since still says it of
        a call they name.
        """
        (name,) = _one(_names(fields))
        seat = self._shift.desk.seat(name)
        if seat is None:
            await self._works_here(name)
        mine = seat.call if seat else ""
        call = _text(fields, "attempt", may_be_empty=True) or mine
        if not call:
            raise BadInputError(f"{name} talks to nobody; name the call", field="attempt")
        more = fields.get("fields") or {}
        if not isinstance(more, Mapping):
            raise BadInputError("write names with their values", field="fields")
        campaign = seat.campaign if seat and call == mine else ""
        await self._dispose(Disposal(name, call, campaign, _text(fields, "disposition"), dict(more)))
        if fields.get("ready") is True:
            self._shift.wrapped_up(name)
        return self._shown([name])

    async def hang_up(self, fields: Fields) -> Any:
        """End the call that the agent talks to; the agent's own leg stays up."""
        (name,) = _one(self._present(fields))
        if self._lets_go is not None and await self._lets_go(name):
            return self._shown([name])
        if not await self._shift.hang_up(name):
            raise BadInputError(f"{name} talks to nobody", field="agent")
        return self._shown([name])

    async def keep(self, fields: Fields) -> Any:
        """Renew leases by so many `seconds`; gives `gone`, those who are not signed in."""
        return {"gone": self._shift.keep(_names(fields), _seconds(fields, "seconds", LONGEST_LEASE))}

    async def everybody(self, fields: Fields) -> Any:  # noqa: ARG002  (all commands alike)
        """Everybody who is signed in."""
        return self._shown([seat.agent for seat in self._shift.desk])

    def _kept(self, command: Command) -> Command:
        """The command, answered only when presence knows.

        Who is told that they are paused stays so, even if we die before the diary is written.
        """

        async def kept(fields: Fields) -> Any:
            answer = await command(fields)
            await self._presence.tell()
            return answer

        return kept

    def _sign_in(self, card: AgentCard, lease: float | None) -> None:
        new = self._shift.desk.seat(card.name) is None
        self._shift.sign_in(card, lease=lease)
        if new:
            self._diary.signed_in(card.name)

    def _set_by(self, names: list[str], fields: Fields) -> list[str]:
        """The same names, their seats knowing who sets them."""
        by = _text(fields, "by", may_be_empty=True)
        for name in names:
            if seat := self._shift.desk.seat(name):
                seat.by = by
        return names

    async def _works_here(self, name: str) -> None:
        async with self._db.read() as session:
            if not await agent_cards(session, [name], inactive=True):
                raise BadInputError(f"nobody called {name[:40]} works here", field="agent")

    def _present(self, fields: Fields) -> list[str]:
        names = _names(fields)
        for name in names:
            if self._shift.desk.seat(name) is None:
                raise BadInputError(f"{name[:40]} is not signed in", field="agent")
        return names

    def _shown(self, names: list[str]) -> dict[str, Any]:
        shown = []
        for name in names:
            seat, post = self._shift.desk.seat(name), self._shift.post(name)
            shown.append(
                {
                    "agent": name,
                    "state": seat.state if seat else "offline",
                    "seconds": round(self._shift.desk.seconds() - seat.since, 3) if seat else 0.0,
                    "reason": seat.reason if seat else "",
                    "campaign": seat.campaign if seat else "",
                    "call": seat.call if seat else "",
                    "parked": bool(seat and seat.parked),
                    "leg": post.channel if post else "",
                }
            )
        return {"agents": shown}


def _names(fields: Fields) -> list[str]:
    given = fields.get("agents")
    names = given if isinstance(given, list) else [_text(fields, "agent")]
    if not 0 < len(names) <= MOST or not all(isinstance(name, str) and name for name in names):
        raise BadInputError(f"write the names of 1 to {MOST} agents", field="agents")
    return list(names)


def _one(names: list[str]) -> list[str]:
    if len(names) != 1:
        raise BadInputError("one agent at a time", field="agents")
    return names


def _text(fields: Fields, name: str, *, may_be_empty: bool = False) -> str:
    value = fields.get(name, "" if may_be_empty else None)
    if not isinstance(value, str) or (not value and not may_be_empty):
        raise BadInputError("this has to be told, as text", field=name)
    if len(value) > LONGEST or not value.isprintable():
        raise BadInputError(f"at most {LONGEST} letters, on one line", field=name)
    return value


def _seconds(fields: Fields, name: str, most: float) -> float:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise BadInputError(f"write seconds, more than 0 and at most {most:g}", field=name)
    return float(value)
