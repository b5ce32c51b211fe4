"""`centralino opinion contract`: bonus and malus agreed with partners."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.campaign.desk import By, settings_here, show, who
from centralino.cli.given import given
from store import Database
from surveys.contracts import (
    EXAMPLE,
    check,
    close,
    contracts,
    inputs_shown,
    put_contract,
    read_contract,
    result_shown,
    schema,
    settle,
    settlement,
    settlements,
    tried,
)
from surveys.contracts.models import PartnerSettlement
from surveys.contracts.settling import told as result_of
from surveys.figures import By as Every
from surveys.figures import periods
from users import note_deed
from values import BadInputError, Money, SystemClock

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

File = Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.", readable=False, callback=given)]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The contract's name.")]
Month = Annotated[str, typer.Argument(metavar="MONTH", help="2026-11.")]
T = TypeVar("T")


@app.command("example")
def example() -> None:
    """Print a contract to begin from. Its figures are ours."""
    sys.stdout.write(EXAMPLE.read_text(encoding="utf-8"))


@app.command("schema")
def schema_() -> None:
    """Print the JSON schema, for editors."""
    show(schema())


@app.command("check")
def check_file(file: File) -> None:
    """Look a contract over; every mistake is named by its field."""
    contract = read_contract(read(file))
    sys.stdout.write(f"{contract.name} {contract.version} is sound\n")


@app.command("add")
def add(file: File, by: By = "") -> None:
    """Keep a version of a contract. A version is never changed: give a changed one a higher number."""
    contract = read_contract(read(file))
    now = SystemClock().now()

    async def keep(session: AsyncSession) -> None:
        await put_contract(session, contract, now=now, by=who(by))
        subject = f"{contract.name} {contract.version}"
        await note_deed(session, at=now, by=who(by), did="partner_contract.added", subject=subject)

    _write(keep)
    sys.stdout.write(f"{contract.name} {contract.version} is kept\n")


@app.command("try")
def try_(
    file: File,
    since: Annotated[str, typer.Option("--from", metavar="MONTH", help="2026-01.")],
    until: Annotated[str, typer.Option("--to", metavar="MONTH", help="The last one, included.")],
    invoice: Annotated[str, typer.Option("--invoice", metavar="AMOUNT", help="Of each month.")],
) -> None:
    """Print what past months would have come to by a contract that is being talked over. Nothing is kept."""
    contract, cents = read_contract(read(file)), _cents(invoice)
    asked = periods(since, until, Every.MONTH)
    found = _read(lambda session: tried(session, contract, asked, cents))
    show(
        [{"month": month, "bonus": str(each.money), **result_shown(result_of(each))} for month, each in found]
    )


@app.command("list")
def list_() -> None:
    """Print all contracts with all their versions."""
    show([each.plain() for each in _read(contracts)])


@app.command("settle")
def settle_(
    name: Name,
    month: Month,
    invoice: Annotated[str, typer.Option("--invoice", metavar="AMOUNT", help="As 100000.00.")],
    by: By = "",
) -> None:
    """Reckon a partner's month, as often as you like until it is closed. Prints what it comes to."""
    cents = _cents(invoice)
    now = SystemClock().now()

    async def reckon(session: AsyncSession) -> dict[str, Any]:
        row = await settle(session, name, month, cents, now=now, by=who(by))
        await note_deed(
            session, at=now, by=who(by), did="partner_month.reckoned", subject=f"{name} {month}: {row.minor}"
        )
        return told(row)

    show(_write(reckon))


@app.command("close")
def close_(name: Name, month: Month, by: By = "") -> None:
    """Close a month that is over: from here on nothing changes it."""
    now = SystemClock().now()

    async def shut(session: AsyncSession) -> dict[str, Any]:
        row = await close(session, name, month, now=now, by=who(by))
        await note_deed(session, at=now, by=who(by), did="partner_month.closed", subject=f"{name} {month}")
        return told(row)

    show(_write(shut))


@app.command("verify")
def verify(name: Name, month: Month) -> None:
    """Reckon a month again from the terms and counts kept with it; ends with 1 when it differs."""
    found = _read(lambda session: check(session, name, month))
    show(
        {
            "kept": str(found.kept),
            "again": str(found.again),
            "same": found.same,
            "answers_are_still_the_same": found.answers_now,
        }
    )
    if not found.same:
        raise typer.Exit(1)


@app.command("show")
def show_(name: Name, month: Month) -> None:
    """Print a month as it was reckoned, with its terms and the counts it was reckoned from, but few ones."""
    show(_read(lambda session: _shown(session, name, month)))


@app.command("months")
def months(partner: Annotated[str, typer.Option("--partner", help="Only this one's.")] = "") -> None:
    """Print all months that were reckoned, the latest first."""
    found = _read(lambda session: settlements(session, partner=partner or None))
    show([told(row) for row in found])


def told(row: PartnerSettlement) -> dict[str, Any]:
    """A month for programs and people."""
    return {
        "contract": row.contract,
        "version": row.version,
        "partner": row.partner,
        "month": row.month,
        "invoice": str(Money(row.invoice, row.currency)),
        "bonus": str(Money(row.minor, row.currency)),
        "closed": row.closed,
        **result_shown(row.result),
    }


def read(file: Path) -> str:
    """A file's words. Raises `BadInputError`."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInputError(f"cannot be read: {problem}", field=str(file)) from problem


def _cents(text: str) -> int:
    try:
        cents = Decimal(text) * 100
        if not cents.is_finite() or cents != int(cents) or cents < 0:
            raise BadInputError("write an amount as in 100000.00", field="--invoice")
    except (InvalidOperation, OverflowError) as problem:
        raise BadInputError("write an amount as in 100000.00", field="--invoice") from problem
    return int(cents)


async def _shown(session: AsyncSession, name: str, month: str) -> dict[str, Any]:
    row = await settlement(session, name, month)
    return told(row) | {"terms": dict(row.terms), "inputs": inputs_shown(row.inputs, row.result)}


def _read(ask: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Database(settings_here().database) as db, db.read() as session:
            return await ask(session)

    return asyncio.run(run())


def _write(deed: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Database(settings_here().database) as db, db.write() as session:
            return await deed(session)

    return asyncio.run(run())
