"""Publishing flows and rolling them back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from ivr.actions import Actions
from ivr.language import FlowError, LoadedFlow, Problem, is_sound, load_flow
from ivr.versions.models import FlowDraft, FlowPublication, FlowVersion, What
from ivr.versions.proof import prove
from store import Database
from values import CentralinoError, Clock

log = structlog.get_logger(__name__)

TRIES = 5
"""How often a publication is proved again because another one came in between."""


class UnknownVersionError(CentralinoError):
    """There is no such flow, draft or version."""

    error_id = "unknown-version"


class PublicationConflictError(CentralinoError):
    """Others kept publishing at the same moment; try again."""

    error_id = "publication-conflict"


@dataclass(frozen=True, slots=True)
class Published:
    """A version in force."""

    name: str
    version: str
    text: str
    number: int
    """Of its publication."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One line of a flow's history."""

    number: int
    name: str
    version: str
    at: datetime
    by: str
    what: What
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing or rolling back came to."""

    names: tuple[str, ...]
    """The flows whose version in force is another one now; those that were in force already are left out."""
    problems: tuple[Problem, ...]
    """Warnings and notes; there are no errors among them."""


class FlowStore:
    """The versions of all flows. A flow is proved with its neighbours; what is refused changes nothing."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        actions: Actions | None = None,
        transfers: Collection[str] | None = None,
    ) -> None:
        """`actions` and `transfers` are what flows may refer to; None claims nothing about them."""
        self._db = db
        self._clock = clock
        self._actions = actions
        self._transfers = transfers
        self._known: dict[str, LoadedFlow] = {}
        # by their texts, the flows in force when we last looked: to read them all anew takes half a second

    # ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────
    async def save_draft(self, name: str, text: str, *, by: str) -> None:
        """Keep a text to work on, right or wrong, instead of the draft before it."""
        async with self._db.write() as session:
            await session.merge(FlowDraft(name=name, text=text, at=self._clock.now(), by=by))

    async def draft(self, name: str) -> str:
        """The draft of a flow. Raises `UnknownVersionError`."""
        async with self._db.read() as session:
            found = await session.get(FlowDraft, name)
        if found is None:
            raise UnknownVersionError(f"{name} has no draft")
        return found.text

    async def drafts(self) -> list[str]:
        """The names of flows that have a draft."""
        async with self._db.read() as session:
            return list(await session.scalars(select(FlowDraft.name).order_by(FlowDraft.name)))

    async def drop_draft(self, name: str) -> None:
        """Throw a flow's draft away; nothing happens when there is none."""
        async with self._db.write() as session:
            await session.execute(delete(FlowDraft).where(FlowDraft.name == name))

    # ── publishing ──────────────────────────────────────────────────────────────────────────────────────────
    async def publish(self, texts: Sequence[str] | str, *, by: str, note: str = "") -> Change:
        """Put flows in force, all or none; a text that says what is in force already changes nothing.

        Several are needed where one runs another that is new. Drafts of the published flows are removed.
        Raises `FlowError` with the problems when any flow, or one that runs it, would have errors.
        """
        several = [texts] if isinstance(texts, str) else texts
        loaded = [load_flow(text, file=_file_of(text, place)) for place, text in enumerate(several, 1)]
        return await self._put({one.flow.flow: one for one in loaded}, What.PUBLISH, by, note)

    async def roll_back(self, name: str, *, by: str, to: str = "") -> Change:
        """Put an earlier version back in force: the one before the present, or `to` (a hash or its start).

        Raises `UnknownVersionError`, or `FlowError` when it no longer fits the flows around it.
        """
        history = await self.history(name)
        if not history:
            raise UnknownVersionError(f"{name} was never published")
        now = history[0].version
        earlier = [one.version for one in history if one.version != now]
        fitting = [version for version in earlier if version.startswith(to)] if to else earlier
        if not fitting:
            wanted = f"no earlier version {to}" if to else "no earlier version"
            raise UnknownVersionError(f"{name} has {wanted}")
        loaded = load_flow(await self.text(fitting[0]), file=f"{name}.yaml")
        return await self._put({name: loaded}, What.ROLLBACK, by, "")

    async def _put(self, new: Mapping[str, LoadedFlow], what: What, by: str, note: str) -> Change:
        for _ in range(TRIES):
            latest, published = await self._in_force()
            fresh = {
                name: loaded
                for name, loaded in new.items()
                if name not in published or published[name].version != loaded.version
            }
            problems = prove(fresh, published, actions=self._actions, transfers=self._transfers)
            if not is_sound(problems):
                log.warning("flow.refused", flows=sorted(fresh), by=by, problems=len(problems))
                raise FlowError(problems)
            if await self._write(fresh, latest, what, by, note):
                if fresh:
                    log.info("flow.published", flows=sorted(fresh), by=by, what=what.value)
                return Change(tuple(sorted(fresh)), tuple(problems))
        raise PublicationConflictError

    async def _in_force(self) -> tuple[int, dict[str, LoadedFlow]]:
        async with self._db.read() as session:
            latest = await _latest(session)
            rows = await _current(session)
        found = {}
        for row in rows:
            known = self._known.get(row.text)
            try:
                found[row.name] = known or load_flow(row.text, file=f"{row.name}.yaml")
            except FlowError as problem:  # written for an older release of the language; it can be replaced
                log.warning("flow.unreadable", flow=row.name, version=row.version, reason=str(problem))
        self._known = {loaded.text: loaded for loaded in found.values()}
        return latest, found

    async def _write(
        self, flows: Mapping[str, LoadedFlow], latest: int, what: What, by: str, note: str
    ) -> bool:
        """Write it, unless something else was published since it was proved."""
        now = self._clock.now()
        async with self._db.write() as session:
            if not self._db.is_sqlite:  # there, one writer goes at a time anyway
                await session.execute(sql("LOCK TABLE flow_publications IN SHARE ROW EXCLUSIVE MODE"))
            if await _latest(session) != latest:
                return False
            for name, loaded in flows.items():
                if await session.get(FlowVersion, loaded.version) is None:
                    session.add(
                        FlowVersion(
                            version=loaded.version, name=name, text=loaded.text, created=now, by=by, note=note
                        )
                    )
                session.add(FlowPublication(name=name, version=loaded.version, at=now, by=by, what=what))
                await session.execute(delete(FlowDraft).where(FlowDraft.name == name))
        return True

    # ── looking back ────────────────────────────────────────────────────────────────────────────────────────
    async def published(self) -> list[Published]:
        """All versions in force, by name."""
        async with self._db.read() as session:
            return await _current(session)

    async def history(self, name: str) -> list[Publication]:
        """All publications of a flow, the latest first."""
        query = (
            select(FlowPublication, FlowVersion.note)
            .join(FlowVersion, FlowVersion.version == FlowPublication.version)
            .where(FlowPublication.name == name)
            .order_by(FlowPublication.number.desc())
        )
        async with self._db.read() as session:
            rows = (await session.execute(query)).all()
        return [
            Publication(row.number, row.name, row.version, row.at, row.by, row.what, note)
            for row, note in rows
        ]

    async def text(self, version: str) -> str:
        """The text of a version, by its hash or the beginning of it (at least four digits).

        Raises `UnknownVersionError` when there is none, or more than one.
        """
        query = select(FlowVersion).where(FlowVersion.version.startswith(version, autoescape=True)).limit(2)
        async with self._db.read() as session:
            found = list(await session.scalars(query)) if len(version) >= _SHORTEST else []
        if len(found) != 1:
            told = "several versions begin" if found else "no version begins"
            raise UnknownVersionError(f"{told} with {version!r}")
        return found[0].text


_SHORTEST = 4


async def _latest(session: AsyncSession) -> int:
    return await session.scalar(select(func.max(FlowPublication.number))) or 0


async def _current(session: AsyncSession) -> list[Published]:
    newest = select(func.max(FlowPublication.number)).group_by(FlowPublication.name)
    query = (
        select(FlowPublication.name, FlowPublication.version, FlowVersion.text, FlowPublication.number)
        .join(FlowVersion, FlowVersion.version == FlowPublication.version)
        .where(FlowPublication.number.in_(newest))
        .order_by(FlowPublication.name)
    )
    return [Published(*row) for row in (await session.execute(query)).all()]


def _file_of(text: str, place: int) -> str:
    """A name for messages: the flow's own where it can be guessed."""
    for line in text.splitlines():
        if line.startswith("flow:"):
            return f"{line.partition(':')[2].strip()}.yaml"
    return f"flow{place}.yaml"
