"""Agents' ways through scripts, kept page by page: a reload, a crash or a second tab loses nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.actions import ActionContext, Actions
from ivr.runner.ports import Library
from ivr.scripts.answers import answer_columns
from ivr.scripts.models import ScriptAnswer, ScriptRun, ScriptVisit
from ivr.scripts.moves import How, Move, make
from ivr.scripts.state import state_from_json, state_to_json
from ivr.scripts.view import PageView, view
from ivr.scripts.walking import Walk, begin
from store import Database, insert_missing, upsert
from values import CallId, CentralinoError, Clock, Scalar

log = structlog.get_logger(__name__)


class UnknownRunError(CentralinoError):
    """There is no such run of a script."""

    error_id = "unknown-script-run"


@dataclass(frozen=True, slots=True)
class RunOf:
    """A talk that a script is opened for."""

    script: str
    call_id: str
    agent: str
    customer_id: str = ""
    campaign: str = ""
    variables: Mapping[str, Scalar] = field(default_factory=dict)
    """What is known of the customer, the campaign and the call; the script takes what it declares."""
    language: str = ""
    """The customer's."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the page that is open now."""

    page: PageView
    stale: bool = False
    """The agent saw an earlier page; nothing was done."""


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run without its state."""

    run_id: str
    call_id: str
    agent: str
    script: str
    customer_id: str


class ScriptRuns:
    """All runs. Actions are done between reading and writing, so that they hold up nobody."""

    def __init__(
        self, db: Database, clock: Clock, library: Library, actions: Actions, *, zone: str = "Europe/Rome"
    ) -> None:
        self._db = db
        self._clock = clock
        self._library = library
        self._actions = actions
        self._zone = ZoneInfo(zone)

    async def start(self, wanted: RunOf) -> str:
        """Open a script for a talk; the run's id. The same again gives the run that is there already.

        Raises `UnknownFlowError`.
        """
        run_id = f"{wanted.call_id}:{wanted.script}:{wanted.agent}"
        if await self._row(run_id) is not None:
            return run_id
        edition = self._library.edition()
        state = begin(edition, wanted.script, wanted.variables, language=wanted.language)
        now = self._clock.now()
        row = ScriptRun(
            run_id=run_id,
            call_id=wanted.call_id,
            agent=wanted.agent,
            customer_id=wanted.customer_id,
            campaign=wanted.campaign,
            script=wanted.script,
            version=state.frames[0].version,
            started=now,
            state=state_to_json(state),
        )
        walk = Walk(edition, state, now=now, zone=self._zone)
        await self._settle(walk, row)
        columns = {
            "run_id": run_id,
            "call_id": row.call_id,
            "agent": row.agent,
            "customer_id": row.customer_id,
            "campaign": row.campaign,
            "script": row.script,
            "version": row.version,
            "started": now,
            **_columns(walk, now),
        }
        async with self._db.write() as session:
            await insert_missing(session, ScriptRun, [columns])
            await _keep(session, row, walk, {}, now)
        return run_id

    async def head(self, run_id: str) -> RunHead:
        """Whose run it is. Raises `UnknownRunError`."""
        row = await self._known(run_id)
        return RunHead(row.run_id, row.call_id, row.agent, row.script, row.customer_id)

    async def of_call(self, call_id: str) -> list[RunHead]:
        """The runs of a talk, the latest first."""
        query = select(ScriptRun).where(ScriptRun.call_id == call_id).order_by(ScriptRun.started.desc())
        async with self._db.read() as session:
            rows = (await session.scalars(query)).all()
        return [RunHead(row.run_id, row.call_id, row.agent, row.script, row.customer_id) for row in rows]

    async def page(self, run_id: str, *, reader: str) -> PageView:
        """The page that is open, as somebody with this language reads it. Raises `UnknownRunError`."""
        return view(self._walk(await self._known(run_id)), reader)

    async def move(self, run_id: str, move: Move, *, reader: str) -> Moved:
        """Leave the page, or go back; a mistake in a field keeps it open.

        Raises `UnknownRunError`, `BadInputError` for an answer that is not there, `NoWayBackError`.
        """
        row = await self._known(run_id)
        walk = self._walk(row)
        if move.turn != walk.state.turn:
            return Moved(view(walk, reader), stale=True)
        before = dict(walk.state.kept)
        left = _Left(walk.state.path, row.stage, row.opened, move)
        mistakes = make(walk, move)
        if mistakes:
            await self._write_typed(row, walk)
            return Moved(view(walk, reader, mistakes))
        await self._settle(walk, row)
        if not await self._write(row, walk, before, left):
            return Moved(await self.page(run_id, reader=reader), stale=True)
        return Moved(view(walk, reader))

    async def note(self, run_id: str, turn: int, typed: Mapping[str, str]) -> bool:
        """Keep what is typed so far; False when the page is no longer open."""
        row = await self._known(run_id)
        walk = self._walk(row)
        if turn != walk.state.turn or walk.over:
            return False
        walk.note(typed)
        return await self._write_typed(row, walk)

    async def speak(self, run_id: str, language: str, typed: Mapping[str, str], *, reader: str) -> PageView:
        """Show what is said in another language. Raises `BadInputError` for one the script lacks."""
        row = await self._known(run_id)
        walk = self._walk(row)
        walk.speak(language)
        if typed and not walk.over:
            walk.note(typed)
        await self._write_typed(row, walk)
        return view(walk, reader)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────────────
    def _walk(self, row: ScriptRun) -> Walk:
        state = state_from_json(row.state)
        return Walk(self._library.edition(state.edition), state, now=self._clock.now(), zone=self._zone)

    async def _row(self, run_id: str) -> ScriptRun | None:
        async with self._db.read() as session:
            return await session.get(ScriptRun, run_id)

    async def _known(self, run_id: str) -> ScriptRun:
        row = await self._row(run_id)
        if row is None or not row.state:
            raise UnknownRunError(f"there is no run {run_id!r} of a script, or it is over long since")
        return row

    async def _settle(self, walk: Walk, row: ScriptRun) -> None:
        while wanted := walk.settle():
            context = ActionContext(
                call_id=CallId(row.call_id),
                now=walk.now,
                language=walk.state.language,
                caller="",
                variables=dict(walk.frame.variables),
                step=row.page or "",  # the page that is being left; none when the script is opened
                version=walk.frame.version,
            )
            try:
                async with asyncio.timeout(wanted.deadline):
                    results = await self._actions[wanted.action].function(context, **wanted.fields)
            except TimeoutError:
                walk.failed(late=True)
            except Exception as problem:  # noqa: BLE001  (whatever it is, the agent's script goes on where it says)
                log.warning("script.action_failed", action=wanted.action, kind=type(problem).__name__)
                walk.failed()
            else:
                walk.did(results)

    async def _write(self, row: ScriptRun, walk: Walk, before: Mapping[str, Scalar], left: "_Left") -> bool:
        """Write it, unless another tab was quicker."""
        now = self._clock.now()
        change = (
            update(ScriptRun)
            .where(ScriptRun.run_id == row.run_id, ScriptRun.turn == row.turn)
            .values(_columns(walk, now))
            .returning(ScriptRun.run_id)
        )
        async with self._db.write() as session:
            if (await session.execute(change)).first() is None:
                return False
            session.add(left.visit(row, walk.state.turn, now))
            await _keep(session, row, walk, before, now)
        return True

    async def _write_typed(self, row: ScriptRun, walk: Walk) -> bool:
        change = (
            update(ScriptRun)
            .where(ScriptRun.run_id == row.run_id, ScriptRun.turn == row.turn)
            .values(state=state_to_json(walk.state), language=walk.state.language, changed=self._clock.now())
            .returning(ScriptRun.run_id)
        )
        async with self._db.write() as session:
            return (await session.execute(change)).first() is not None


@dataclass(frozen=True, slots=True)
class _Left:
    """The page that a move leaves."""

    path: str
    stage: str
    opened: datetime
    move: Move

    def visit(self, row: ScriptRun, turn: int, now: datetime) -> ScriptVisit:
        return ScriptVisit(
            run_id=row.run_id,
            seq=turn,
            script=row.script,
            page=self.path,
            stage=self.stage,
            at=now,
            seconds=(now - self.opened).total_seconds(),
            how=self.move.how.value,
            key=self.move.key if self.move.how in (How.ANSWER, How.OBJECTION) else "",
        )


def _columns(walk: Walk, now: datetime) -> dict[str, object]:
    """What a run's row says of where it stands."""
    state = walk.state
    return {
        "language": state.language,
        "page": state.path,
        "stage": "" if walk.over else walk.page.stage.value,
        "turn": state.turn,
        "opened": now,
        "changed": now,
        "ended": now if walk.over else None,
        "outcome": state.outcome,
        "goal": state.goal,
        "state": state_to_json(state),
    }


async def _keep(
    session: AsyncSession, row: ScriptRun, walk: Walk, before: Mapping[str, Scalar], now: datetime
) -> None:
    """Bring the answers' rows in line with what is kept now."""
    kept = walk.state.kept
    rows = [
        {"run_id": row.run_id, "name": name, "script": row.script, "at": now, **answer_columns(value)}
        for name, value in kept.items()
        if name not in before or before[name] != value
    ]
    await upsert(session, ScriptAnswer, rows, key=("run_id", "name"))
    gone = [name for name in before if name not in kept]
    if gone:
        await session.execute(
            delete(ScriptAnswer).where(ScriptAnswer.run_id == row.run_id, ScriptAnswer.name.in_(gone))
        )
