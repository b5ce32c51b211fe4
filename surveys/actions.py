"""What questionnaires can have done: begin, keep an answer, finish, break off, set aside."""

from collections.abc import Mapping

from ivr.actions import ActionContext, Actions
from store import Database
from surveys.interviews import Beginning, Given, answer, begin, break_off, finish, settle
from surveys.models import InterviewState, Mode
from values import Scalar

_INTERVIEW = frozenset({"interview"})


class Questioning:
    """The actions of the flows that ask. Those with further fields take an answer for each: `item: value`."""

    def __init__(self, db: Database) -> None:
        self._db = db

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
        async with self._db.write() as session:
            asked = await begin(session, [begun], ctx.now)
        return {"ask": interview in asked}

    async def answer(
        self, ctx: ActionContext, interview: str, item: str, value: Scalar
    ) -> Mapping[str, Scalar]:
        """Keep one answer, also to an interview that is counted already: a comment."""
        async with self._db.write() as session:
            await answer(session, [Given(interview=interview, answers={item: value})], ctx.now)
        return {}

    async def finish(self, ctx: ActionContext, interview: str, **answers: Scalar) -> Mapping[str, Scalar]:
        """The last question is through; `counted` says whether it counts."""
        async with self._db.write() as session:
            states = await finish(session, [Given(interview=interview, answers=answers)], ctx.now)
        return {"counted": states.get(interview) is InterviewState.COMPLETE}

    async def break_off(self, ctx: ActionContext, interview: str, **answers: Scalar) -> Mapping[str, Scalar]:
        """They said no, or hung up: what was answered till then is kept."""
        step = ctx.step.rpartition(">")[2]
        async with self._db.write() as session:
            await break_off(session, [Given(interview=interview, answers=answers, at_item=step)], ctx.now)
        return {}

    async def set_aside(self, ctx: ActionContext, interview: str) -> Mapping[str, Scalar]:
        """Reached, but not to be asked: somebody else answered."""
        async with self._db.write() as session:
            await settle(session, {interview: InterviewState.OTHER}, ctx.now)
        return {}
