"""What questionnaires can have done: begin, keep an answer, finish, break off, set aside."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ivr.actions import ActionContext, Actions
from store import Database, Together
from surveys.interviews import Beginning, Given, answer, begin, break_off, finish, settle
from surveys.models import InterviewState, Mode
from values import Scalar

_INTERVIEW = frozenset({"interview"})


class Questioning:
    """The actions of the flows that ask. Those with further fields take an answer for each: `item: value`.

    What callers say in the same moment is kept in one transaction.
    """

    def __init__(self, db: Database) -> None:
        self._beginning = Together(db, _begin)
        self._answering = Together(db, _answer)
        self._finishing = Together(db, _finish)
        self._breaking_off = Together(db, _break_off)
        self._setting_aside = Together(db, _set_aside)

    def register(self, actions: Actions) -> None:
        """Offer `surveys.begin`, `.answer`, `.finish`, `.break_off` and `.set_aside` to the flows."""
        one = _INTERVIEW | {"item", "value"}
        actions.register(
            "surveys.begin",
            self.begin,
            fields=_INTERVIEW | {"mode"},
            optional=frozenset({"mode"}),
            results=frozenset({"ask"}),
        )
        actions.register("surveys.answer", self.answer, fields=one)
        actions.register(
            "surveys.finish", self.finish, fields=_INTERVIEW, results=frozenset({"counted"}), more=True
        )
        actions.register("surveys.break_off", self.break_off, fields=_INTERVIEW, more=True)
        actions.register("surveys.set_aside", self.set_aside, fields=_INTERVIEW)

    async def begin(
        self, ctx: ActionContext, interview: str, mode: str = Mode.IVR.value
    ) -> Mapping[str, Scalar]:
        """They agree: `ask` says whether they are still to be asked. `mode`: `cati` when an agent asks."""
        begun = Beginning(
            interview=interview,
            call_id=ctx.call_id,
            version=ctx.version,
            language=ctx.language,
            mode=Mode(mode),
        )
        return {"ask": await self._beginning.do((begun, ctx.now))}

    async def answer(
        self, ctx: ActionContext, interview: str, item: str, value: Scalar
    ) -> Mapping[str, Scalar]:
        """Keep one answer, also to an interview that is counted already: a comment."""
        await self._answering.do((Given(interview=interview, answers={item: value}), ctx.now))
        return {}

    async def finish(self, ctx: ActionContext, interview: str, **answers: Scalar) -> Mapping[str, Scalar]:
        """The last question is through; `counted` says whether it counts."""
        given = Given(interview=interview, answers=answers)
        return {"counted": await self._finishing.do((given, ctx.now))}

    async def break_off(self, ctx: ActionContext, interview: str, **answers: Scalar) -> Mapping[str, Scalar]:
        """They said no, or hung up: what was answered till then is kept."""
        step = ctx.step.rpartition(">")[2]
        await self._breaking_off.do((Given(interview=interview, answers=answers, at_item=step), ctx.now))
        return {}

    async def set_aside(self, ctx: ActionContext, interview: str) -> Mapping[str, Scalar]:
        """Reached, but not to be asked: somebody else answered."""
        await self._setting_aside.do((interview, ctx.now))
        return {}


_Said = Sequence[tuple[Given, datetime]]


async def _begin(session: AsyncSession, begun: Sequence[tuple[Beginning, datetime]]) -> Sequence[bool]:
    asked = await begin(session, [each for each, _ in begun], max(now for _, now in begun))
    return [each.interview in asked for each, _ in begun]


async def _answer(session: AsyncSession, said: _Said) -> Sequence[None]:
    await answer(session, [given for given, _ in said], _latest(said))
    return [None for _ in said]


async def _finish(session: AsyncSession, said: _Said) -> Sequence[bool]:
    states = await finish(session, [given for given, _ in said], _latest(said))
    return [states.get(given.interview) is InterviewState.COMPLETE for given, _ in said]


async def _break_off(session: AsyncSession, said: _Said) -> Sequence[None]:
    await break_off(session, [given for given, _ in said], _latest(said))
    return [None for _ in said]


async def _set_aside(session: AsyncSession, ids: Sequence[tuple[str, datetime]]) -> Sequence[None]:
    latest = max(now for _, now in ids)
    await settle(session, {interview: InterviewState.OTHER for interview, _ in ids}, latest)
    return [None for _ in ids]


def _latest(said: _Said) -> datetime:
    return max(now for _, now in said)
