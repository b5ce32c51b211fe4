"""Bringing in the call-back requests that were left with the fallback script."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog

from care.desk import call_back_wanted
from care.models import CallbackRequest, Source
from care.spool import CallbackLeft, read_spool
from dialer.gate import destination_problem
from store import Database, emit, insert_missing
from values import BadInputError, mask_number, parse_phone

log = structlog.get_logger(__name__)


async def take_in(db: Database, folder: Path, country: str, now: datetime) -> int:
    """Take every request that lies in the spool into the database, then remove its file; how many.

    A number that may not be called back is written to the log and goes no further. Raises
    `StoreUnavailableError`; the files then stay where they are.
    """
    left = await asyncio.to_thread(read_spool, folder)
    if not left:
        return 0
    rows = [row for each in left if (row := _row(each, country))]
    async with db.write() as session:
        await insert_missing(session, CallbackRequest, rows)
        await emit(session, [call_back_wanted(row, now) for row in rows])
    await asyncio.to_thread(_remove, left)
    log.info("care.spool_taken", requests=len(rows), at=now)
    return len(rows)


def _row(left: CallbackLeft, country: str) -> dict[str, object] | None:
    try:
        number = parse_phone(left.number or left.caller, country)
    except BadInputError:
        number = None
    if number is None or destination_problem(number, {country}):
        log.warning("care.call_back_refused", call=left.call_id, number=mask_number(left.number))
        return None
    return {
        "call_id": left.call_id,
        "at": left.at,
        "number": number,
        "caller": left.caller,
        "customer_id": "",
        "language": left.language,
        "source": Source.FALLBACK,
        "settled": None,
    }


def _remove(left: Sequence[CallbackLeft]) -> None:
    for each in left:
        each.file.unlink(missing_ok=True)
