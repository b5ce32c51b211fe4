"""What the loop goes by: which campaigns may call now, which zones are open, what the trunks bear."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dialer.campaigns import callable_now
from dialer.contacts import with_due_contacts
from dialer.gate import Gate
from dialer.lanes import Opening, openings
from dialer.models import Campaign
from dialer.trunks import Trunk, trunks_now
from store import Database
from values import BadInputError, Clock

FRESH_SECONDS = 0.5
"""How old what the loop goes by may be: a changed setting is heeded well within two seconds."""


@dataclass(frozen=True, slots=True)
class Program:
    """As read at one moment."""

    campaigns: Sequence[Campaign] = ()
    """Those that may call, in the order in which they do."""
    openings: Mapping[str, Opening] = field(default_factory=dict)
    trunks: Sequence[Trunk] = ()
    """As operations have set them; empty while the table is."""

    def zones(self, campaign: str) -> Collection[str]:
        """The zone keys whose people a campaign may call now."""
        found = self.openings.get(campaign)
        return found.open if found else frozenset()


class ProgramReader:
    """Reads the program, at most twice a second."""

    def __init__(self, db: Database, gate: Gate, clock: Clock) -> None:
        self._db = db
        self._gate = gate
        self._clock = clock
        self._program = Program()
        self._read_at: float | None = None
        self.unreadable: Mapping[str, BadInputError] = {}
        """Campaigns whose hours or jurisdiction make no sense; they call nobody."""

    @property
    def latest(self) -> Program:
        """The program as it was last read."""
        return self._program

    def outdated(self) -> None:
        """Something has changed: the next look reads anew."""
        self._read_at = None

    async def now(self) -> tuple[Program, frozenset[str]]:
        """The program, and which of its campaigns have somebody to call now."""
        now = self._clock.now()
        fresh = self._read_at is not None and self._clock.monotonic() - self._read_at < FRESH_SECONDS
        async with self._db.read() as session:
            if not fresh:
                found = await callable_now(session, now)
                opened, unreadable = await self._opened(session, found, now)
                self._program = Program(found, opened, await trunks_now(session))
                self.unreadable = unreadable
                self._read_at = self._clock.monotonic()
            program = self._program
            names = [each.name for each in program.campaigns if each.name in program.openings]
            zones = {name: program.zones(name) for name in names}
            due = await with_due_contacts(session, names, now, zones=zones)
        return program, due

    async def _opened(
        self, session: AsyncSession, found: Sequence[Campaign], now: datetime
    ) -> tuple[dict[str, Opening], dict[str, BadInputError]]:
        """Their openings, and those that nobody can read: they must not stop the others."""
        try:
            return await openings(session, self._gate, found, now), {}
        except BadInputError:
            pass
        opened: dict[str, Opening] = {}
        unreadable: dict[str, BadInputError] = {}
        for each in found:
            try:
                opened |= await openings(session, self._gate, [each], now)
            except BadInputError as problem:
                unreadable[each.name] = problem
        return opened, unreadable
