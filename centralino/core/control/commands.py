"""What pages may ask of the core about talks: `talks.*` and `supervise.*`, through `store.Asker`.

Every command of a talk takes the agent's name in `agent` and answers with the talk as `told.word` shows it.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from centralino.core.control.deeds import Deeds
from centralino.core.control.live import LiveTalk, Talks
from centralino.core.control.manual import ManualCalls
from centralino.core.control.targets import target_of
from centralino.core.control.told import OVER, word
from centralino.core.control.watches import Watches
from centralino.core.control.watching import Watched, Watching
from store import Answerer
from values import BadInputError, Scalar, from_json

LONGEST: Final = 120
MOST_FIELDS: Final = 50

Fields = Mapping[str, Any]
Deed = Callable[[str], Awaitable[LiveTalk]]
Supervising = Callable[[str, str], Awaitable[Watched]]


class TalkCommands:
    """Registers them."""

    def __init__(
        self,
        talks: Talks,
        watches: Watches,
        deeds: Deeds,
        watching: Watching,
        manual: ManualCalls | None = None,
    ) -> None:
        """Without `manual` nobody dials by hand."""
        self._manual = manual
        self._talks = talks
        self._watches = watches
        self._deeds = deeds
        self._watching = watching

    def register(self, answerer: Answerer) -> None:
        """Make them known."""
        deeds, watching = self._deeds, self._watching
        plain: dict[str, Deed] = {
            "hold": deeds.hold,
            "retrieve": deeds.retrieve,
            "complete": deeds.complete,
            "cancel": deeds.cancel,
            "swap": deeds.swap,
            "conference": deeds.conference,
            "record_pause": deeds.record_pause,
            "record_resume": deeds.record_resume,
        }
        for name, deed in plain.items():
            answerer.register(f"talks.{name}", self._plain(deed))
        answerer.register("talks.consult", self.consult)
        answerer.register("talks.blind", self.blind)
        answerer.register("talks.into_flow", self.into_flow)
        answerer.register("talks.now", self.now)
        if self._manual is not None:
            answerer.register("talks.manual", self.manual)
        by_name: dict[str, Supervising] = {
            "listen": watching.listen,
            "whisper": watching.whisper,
            "barge": watching.barge,
            "take_over": watching.take_over,
        }
        for name, supervising in by_name.items():
            answerer.register(f"supervise.{name}", self._supervising(supervising))
        answerer.register("supervise.stop", self.stop)
        answerer.register("supervise.list", self.everybody)

    async def consult(self, fields: Fields) -> Any:
        """Ask somebody: `target` is `agent:…`, `queue:…`, `outside:…` or a number."""
        agent = _text(fields, "agent")
        return word(await self._deeds.consult(agent, target_of(fields.get("target"))), agent)

    async def blind(self, fields: Fields) -> Any:
        """Put the customer through to `target`, without a word."""
        agent = _text(fields, "agent")
        return _left(agent, await self._deeds.blind(agent, target_of(fields.get("target"))))

    async def into_flow(self, fields: Fields) -> Any:
        """Send the customer through `flow`, started with `fields`; `back` to the agent unless it is false."""
        agent, back = _text(fields, "agent"), fields.get("back", True)
        if not isinstance(back, bool):
            raise BadInputError("write true or false", field="back")
        more = _scalars(fields.get("fields") or {})
        talk = await self._deeds.into_flow(agent, _text(fields, "flow"), back=back, fields=more)
        return _left(agent, talk)

    async def now(self, fields: Fields) -> Any:
        """How the agent's talk stands; `state` is `over` when there is none."""
        agent = _text(fields, "agent")
        talk = self._talks.of_agent(agent) or self._talks.asking(agent)
        return word(talk, agent) if talk else {"agent": agent, "state": OVER}

    async def manual(self, fields: Fields) -> Any:
        """Ring `number` for the agent, for a `campaign` or none; `customer_id` says whose it is."""
        assert self._manual is not None  # noqa: S101  (else it is not registered)
        more = [_text(fields, name) if fields.get(name) else "" for name in ("campaign", "customer_id")]
        return await self._manual.call(_text(fields, "agent"), _text(fields, "number"), *more)

    async def stop(self, fields: Fields) -> Any:
        """Listen no more."""
        return _watched(await self._watching.stop(_text(fields, "supervisor")))

    async def everybody(self, fields: Fields) -> Any:  # noqa: ARG002  (all commands alike)
        """Who supervises whom."""
        return {
            "supervisors": [
                {"supervisor": each.supervisor, "agent": each.agent, "place": each.place}
                for each in self._watches.all()
            ]
        }

    def _plain(self, deed: Deed) -> Callable[[Fields], Awaitable[Any]]:
        async def asked(fields: Fields) -> Any:
            agent = _text(fields, "agent")
            return _left(agent, await deed(agent))

        return asked

    def _supervising(self, supervising: Supervising) -> Callable[[Fields], Awaitable[Any]]:
        async def asked(fields: Fields) -> Any:
            return _watched(await supervising(_text(fields, "supervisor"), _text(fields, "agent")))

        return asked


def _left(agent: str, talk: LiveTalk) -> dict[str, Any]:
    """The talk; `over` for an agent who has just left it."""
    mine = talk.shape.agent
    if talk.over or mine is None or mine.who != agent:
        return {"agent": agent, "call": talk.call, "state": OVER}
    return word(talk, agent)


def _watched(watched: Watched) -> dict[str, Any]:
    return {"supervisor": watched.supervisor, "agent": watched.agent, "place": watched.place}


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
        raise BadInputError(f"write a text of up to {LONGEST} letters, on one line", field=name)
    return value


def _scalars(given: Any) -> dict[str, Scalar]:
    if not isinstance(given, Mapping) or len(given) > MOST_FIELDS:
        raise BadInputError(f"write up to {MOST_FIELDS} names with their values", field="fields")
    try:
        return {str(name): from_json(value) for name, value in given.items()}
    except (TypeError, ValueError) as problem:
        raise BadInputError("write texts, numbers, flags, dates, times, amounts", field="fields") from problem
