"""The flows in force, in memory: handed out without waiting, refreshed from the database every second."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Row, select

from ivr.language import FlowError, load_flow
from ivr.language.model import Flow, FlowKind
from ivr.runner.editions import Edition
from ivr.runner.prepared import PreparedFlow, prepare
from ivr.versions.models import FlowPublication, FlowVersion
from store import Database, StoreUnavailableError
from values import Clock

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0

LONGEST_CALL = timedelta(days=1)
"""Versions replaced less than this ago are loaded too, for calls that a restarted core takes up again."""

Welcome = Callable[[Sequence[Flow]], Awaitable[object]]


class FlowLibrary:
    """All flows in force. Satisfies `ivr.runner.Library`.

    `await refresh()` once before the first call, then keep `follow()` running. While the database is away the
    library stays as it is.
    """

    def __init__(self, db: Database, clock: Clock, *, welcome: Welcome | None = None) -> None:
        """`welcome` is awaited with new flows before calls get them: to speak their prompts ahead."""
        self._db = db
        self._clock = clock
        self._welcome = welcome
        self._publications: list[tuple[int, str, str]] = []
        self._flows: dict[str, PreparedFlow] = {}
        self._edition = Edition(0, {})
        self._past: dict[int, Edition] = {}
        self._listeners: list[Callable[[Edition], None]] = []

    def edition(self, number: int | None = None) -> Edition:
        """What is in force now; with a number what was when that publication was the latest."""
        if number is None or number >= self._edition.number:
            return self._edition
        if number not in self._past:
            self._past[number] = self._as_of(number)
        return self._past[number]

    def names(self) -> list[str]:
        """The flows in force that calls can go through, by name."""
        return self._of_kind(FlowKind.CALL)

    def scripts(self) -> list[str]:
        """The agents' scripts in force, by name."""
        return self._of_kind(FlowKind.SCRIPT)

    def _of_kind(self, kind: FlowKind) -> list[str]:
        return sorted(name for name, flow in self._edition.published.items() if flow.model.kind is kind)

    def flow(self, name: str, version: str = "") -> Flow:
        """A flow as it was written, in force now or in one version. Raises `UnknownFlowError`."""
        return self._edition.flow(name, version).model

    def on_change(self, listener: Callable[[Edition], None]) -> None:
        """Call this after each change with the new edition. It must not block."""
        self._listeners.append(listener)

    async def refresh(self) -> bool:
        """Take over what was published since; True if anything was. Raises `StoreUnavailableError`."""
        seen = self._edition.number
        query = (
            select(FlowPublication.number, FlowPublication.name, FlowPublication.version, FlowPublication.at)
            .where(FlowPublication.number > seen)
            .order_by(FlowPublication.number)
        )
        async with self._db.read() as session:
            rows = (await session.execute(query)).all()
            if not rows:
                return False
            wanted = _wanted(rows, self._clock.now() - LONGEST_CALL)
            missing = wanted - set(self._flows)
            found = select(FlowVersion.version, FlowVersion.name, FlowVersion.text).where(
                FlowVersion.version.in_(missing)
            )
            texts = [(row.version, row.name, row.text) for row in (await session.execute(found)).all()]
        fresh = await asyncio.to_thread(_prepare_all, texts)
        await self._have_welcomed([flow.model for flow in fresh])
        self._flows.update({flow.version: flow for flow in fresh})
        self._publications += [(row.number, row.name, row.version) for row in rows]
        self._edition = self._as_of(rows[-1].number)
        for listener in self._listeners:
            listener(self._edition)
        log.info("library.refreshed", edition=self._edition.number, flows=sorted({row.name for row in rows}))
        return True

    async def follow(self) -> None:
        """Look at the database every second, for ever; cancel it to stop."""
        away = False
        while True:
            await self._clock.sleep(POLL_SECONDS)
            try:
                await self.refresh()
                away = False
            except StoreUnavailableError as problem:
                if not away:  # said once, not every second
                    log.warning("library.stale", reason=str(problem))
                away = True
            except Exception:  # whatever is wrong with one publication, the library must go on following
                log.exception("library.failed")

    def _as_of(self, number: int) -> Edition:
        versions = {name: version for which, name, version in self._publications if which <= number}
        published = {
            name: self._flows[version] for name, version in versions.items() if version in self._flows
        }
        return Edition(number, published, self._flows)

    async def _have_welcomed(self, flows: Sequence[Flow]) -> None:
        if self._welcome is None or not flows:
            return
        try:
            await self._welcome(flows)
        except Exception:  # what could not be made ahead is made when it is needed
            log.exception("library.unprepared", flows=[flow.flow for flow in flows])


def _wanted(rows: Sequence[Row[int, str, str, datetime]], oldest: datetime) -> set[str]:
    """The versions in force, and those that were until less than a day ago."""
    latest: dict[str, str] = {}
    wanted = set()
    for _, name, version, at in rows:
        if name in latest and at >= oldest:
            wanted.add(latest[name])
        latest[name] = version
    return wanted | set(latest.values())


def _prepare_all(texts: Sequence[tuple[str, str, str]]) -> list[PreparedFlow]:
    found = []
    for version, name, text in texts:
        try:
            found.append(prepare(load_flow(text, file=f"{name}.yaml").flow, version))
        except FlowError as problem:  # an older release of the language; the other flows must go on
            log.error("library.unreadable", flow=name, version=version, reason=str(problem))  # noqa: TRY400
    return found
