"""Sends reports at their times: each at most once, as far as anybody can know.

That a report is due is committed before it is made. It is handed to the mail server only after that is
committed too, and then never a second time: what broke off in between is told as unsure.
"""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from messages.mail import Letter, Mailer, MailLaterError, MailRefusedError, MailUnsureError
from reports.asked import Asked, ReportName, range_of
from reports.definitions import Language
from reports.files import write_csv, write_xlsx
from reports.making import report
from reports.schedules.letters import MOST_BYTES, file_name, letter_of
from reports.schedules.models import Form, ReportSchedule, ReportSending, SendingState
from reports.schedules.months import Press, by_its_time, last_due, month_letter, month_of
from reports.schedules.service import month_is_out
from reports.schedules.times import PATIENT_DAYS, again_at, next_due
from store import Database, StoreUnavailableError, insert_missing
from users import Right, Role, User, agents_of, rights_of
from values import CentralinoError, Clock

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 5.0
LEASE: Final = timedelta(minutes=15)
"""A report takes no longer; one whose process died is taken up after that."""
LATE: Final = timedelta(hours=12)
"""A time that is longer ago than this, as after a long stop, is passed over; the monthly report is not."""


class NoRightError(CentralinoError):
    """Whoever made this schedule may not see reports any more: somebody who may has to make it anew."""

    error_id = "no-right"


class NoPressError(CentralinoError):
    """This node cannot make the monthly report."""

    error_id = "no-press"


@dataclass(frozen=True, slots=True)
class _Due:
    schedule: ReportSchedule
    due: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class _Made:
    """A letter that is ready."""

    letter: Letter
    rows: int
    size: int


class Clerk:
    """Runs in the voice core. Several may, on one database."""

    def __init__(
        self, db: Database, clock: Clock, mailer: Mailer, folder: Path, press: Press | None = None
    ) -> None:
        """`folder` is where files lie while they are made; `press` makes the monthly report."""
        self._db = db
        self._clock = clock
        self._mailer = mailer
        self._folder = folder
        self._press = press

    async def run(self) -> None:
        """Go on until cancelled. Survives the database's absence."""
        await asyncio.to_thread(_clear, self._folder)
        while True:
            try:
                await self.round()
            except StoreUnavailableError:
                pass  # others have said so; what is due stays due
            except Exception:
                log.exception("reports.clerk_failed")
            await self._clock.sleep(LOOK_SECONDS)

    async def round(self) -> int:
        """Send what is due; how many were looked at. Raises `StoreUnavailableError`."""
        await self._settle_broken()
        due = await self._claim()
        for each in due:
            await self._send(each)
        return len(due)

    async def _settle_broken(self) -> None:
        """What a process left behind that died: sent again, unless it was about to be handed over."""
        now = self._clock.now()
        broken = select(ReportSending).where(
            ReportSending.state == SendingState.SENDING, ReportSending.next_at <= now
        )
        async with self._db.read() as session:
            if not (await session.scalars(broken.limit(1))).all():
                return
        async with self._db.write() as session:
            for each in (await session.scalars(broken.with_for_update(skip_locked=True))).all():
                if each.handed:
                    each.state, each.next_at, each.finished = SendingState.UNSURE, None, now
                    each.said = str(MailUnsureError())
                else:
                    each.state, each.next_at = SendingState.AGAIN, now

    async def _claim(self) -> list[_Due]:
        now = self._clock.now()
        fresh = select(ReportSchedule).where(ReportSchedule.active, ReportSchedule.next_due <= now)
        again = select(ReportSending).where(
            ReportSending.state == SendingState.AGAIN, ReportSending.next_at <= now
        )
        async with self._db.read() as session:
            if (
                not (await session.scalars(fresh.limit(1))).all()
                and not (await session.scalars(again.limit(1))).all()
            ):
                return []
        found: list[_Due] = []
        async with self._db.write() as session:
            for one in (await session.scalars(fresh.with_for_update(skip_locked=True))).all():
                due = one.next_due or now
                one.next_due = next_due(
                    now, time=one.time, zone=one.zone, days=one.days, month_day=one.month_day
                )
                if one.report is ReportName.MONTHLY:
                    await self._bring_month(session, one, due, now)
                elif now - due <= LATE:
                    await insert_missing(session, ReportSending, [_fresh(one.id, due, now)])
                else:
                    log.warning("reports.passed_over", schedule=one.id, due=due.isoformat())
            for sending in (await session.scalars(again.with_for_update(skip_locked=True))).all():
                schedule = await session.get(ReportSchedule, sending.schedule)
                if schedule is None or not schedule.active:
                    sending.state, sending.next_at = SendingState.FAILED, None
                    sending.said, sending.finished = "its schedule was switched off", now
                    continue
                sending.state, sending.tries = SendingState.SENDING, sending.tries + 1
                sending.next_at = now + LEASE
                found.append(_Due(schedule, sending.due, sending.tries))
        return found

    async def _bring_month(
        self, session: AsyncSession, one: ReportSchedule, due: datetime, now: datetime
    ) -> None:
        """Each month once, whatever was changed or stood still meanwhile; sent by hand it goes besides."""
        month = ""
        if by_its_time(one, due):
            due = last_due(one, due, now)
            month = month_of(due, one.zone)
            if await month_is_out(session, one.id, month):
                log.info("reports.month_was_sent", schedule=one.id, month=month)
                return
            failed = await session.get(ReportSending, (one.id, due))
            if failed is not None:  # its time was said anew, and is the same
                await session.delete(failed)
                await session.flush()
        await insert_missing(session, ReportSending, [_fresh(one.id, due, now, month)])

    async def _send(self, due: _Due) -> None:
        try:
            refused = await self._make_and_hand_over(due)
        except (MailRefusedError, NoRightError) as problem:
            await self._note(due, SendingState.FAILED, str(problem))
        except MailUnsureError as problem:
            await self._note(due, SendingState.UNSURE, str(problem))
        except StoreUnavailableError:
            raise
        except Exception as problem:
            if not isinstance(problem, CentralinoError):
                log.exception("reports.sending_failed", schedule=due.schedule.id)
            words = str(problem) if isinstance(problem, CentralinoError) else type(problem).__name__
            await self._note(due, SendingState.AGAIN, words)
        else:
            said = f"not taken by the server: {', '.join(refused)}" if refused else ""
            await self._note(due, SendingState.SENT, said)

    async def _make_and_hand_over(self, due: _Due) -> Sequence[str]:
        schedule = due.schedule
        monthly = schedule.report is ReportName.MONTHLY
        made = await (self._month(schedule, due.due) if monthly else self._table(schedule, due.due))
        async with self._db.write() as session:
            sending = await session.get_one(ReportSending, (schedule.id, due.due))
            sending.row_count, sending.size, sending.handed = made.rows, made.size, True
        try:
            return await self._mailer.send(made.letter)
        except CentralinoError:
            raise
        except Exception as problem:  # nobody foresaw it, so nobody knows whether the letter went out
            log.exception("reports.sending_failed", schedule=schedule.id)
            raise MailUnsureError(f"{type(problem).__name__}: it may have been sent, or not") from problem

    async def _month(self, schedule: ReportSchedule, due: datetime) -> _Made:
        """The month before, for whoever may see the whole house."""
        if await self._agents(schedule) is not None:
            raise NoRightError
        if self._press is None:
            raise NoPressError
        month, language = month_of(due, schedule.zone), Language(schedule.language)
        files = {form: await self._press(month, language, form) for form in schedule.form.files}
        letter, size = month_letter(schedule, due, month, files)
        return _Made(letter, 0, size)

    async def _table(self, schedule: ReportSchedule, due: datetime) -> _Made:
        asked = await self._asked(schedule, due)
        self._folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._folder, prefix="report-") as folder:
            path = Path(folder) / file_name(asked, schedule.form)
            table, language = await report(self._db, asked), Language(schedule.language)
            if schedule.form is Form.XLSX:
                rows = await write_xlsx(path, table, asked, language)
            else:
                rows = await write_csv(path, table, asked, language)
            size = path.stat().st_size
            data = path.read_bytes() if size <= MOST_BYTES else None
        return _Made(letter_of(schedule, due, asked, rows, data, size), rows, size)

    async def _agents(self, schedule: ReportSchedule) -> frozenset[str] | None:
        """Whom alone its owner may see now; None: everybody. Raises `NoRightError`, `MailLaterError`."""
        if not self._mailer.on:
            long = f"{PATIENT_DAYS} days" if schedule.report is ReportName.MONTHLY else "seven hours"
            raise MailLaterError(
                "no mail server is set (settings smtp and mail_from); "
                f"it goes out once there is one, for {long}"
            )
        agents: frozenset[str] | None = None
        async with self._db.read() as session:
            owner = await session.get(User, schedule.owner) if schedule.owner else None
            if schedule.owner and (owner is None or owner.locked or Right.REPORTS not in rights_of(owner)):
                raise NoRightError
            if owner is not None and owner.role is Role.PARTNER_MANAGER:
                agents = await agents_of(session, owner.partner)
        return agents

    async def _asked(self, schedule: ReportSchedule, due: datetime) -> Asked:
        """Over the time that was meant when it was due, for what its owner may see now."""
        agents = await self._agents(schedule)
        since, until = range_of(schedule.range, due, schedule.zone)
        return Asked(
            report=schedule.report,
            since=since,
            until=due if since < due < until else until,
            by=schedule.by,
            zone=schedule.zone,
            only=frozenset(schedule.only),
            agents=agents,
        )

    async def _note(self, due: _Due, state: SendingState, said: str) -> None:
        now = self._clock.now()
        patient = due.schedule.report is ReportName.MONTHLY
        again = again_at(due.tries, now, patient=patient) if state is SendingState.AGAIN else None
        if state is SendingState.AGAIN and again is None:
            state = SendingState.FAILED
        async with self._db.write() as session:
            sending = await session.get(ReportSending, (due.schedule.id, due.due))
            if sending is None:  # the schedule was removed meanwhile
                return
            sending.state, sending.said, sending.next_at = state, said[:500], again
            # what failed for certain may be handed over anew
            sending.handed = state in {SendingState.SENT, SendingState.UNSURE}
            sending.finished = None if again else now
        log.info("reports.sending", schedule=due.schedule.id, state=state.value, said=said[:200])


def _fresh(schedule: str, due: datetime, now: datetime, month: str = "") -> dict[str, object]:
    return {
        "schedule": schedule,
        "due": due,
        "state": SendingState.AGAIN,
        "tries": 0,
        "next_at": now,
        "handed": False,
        "finished": None,
        "month": month,
        "row_count": 0,
        "size": 0,
        "said": "",
    }


def _clear(folder: Path) -> None:
    """Remove what a process left behind that died."""
    for each in folder.glob("report-*"):
        shutil.rmtree(each, ignore_errors=True)
