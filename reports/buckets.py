"""Intervals inside SQL: whole seconds since 1970, alike on both databases."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, Integer, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from reports.steps import Span


class Epoch(FunctionElement[int]):
    """Whole seconds since 1970 of a time's column."""

    type = BigInteger()
    inherit_cache = True


@compiles(Epoch, "sqlite")
def _sqlite(element: Epoch, compiler: SQLCompiler, **words: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **words)}) AS INTEGER)"


@compiles(Epoch, "postgresql")
def _postgresql(element: Epoch, compiler: SQLCompiler, **words: Any) -> str:
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **words)})) AS BIGINT)"


class Lasting(FunctionElement[float]):
    """Seconds from one time's column to another's."""

    type = Float()
    inherit_cache = True


@compiles(Lasting, "sqlite")
def _sqlite_lasting(element: Lasting, compiler: SQLCompiler, **words: Any) -> str:
    begin, end = (compiler.process(each, **words) for each in element.clauses)
    return f"((julianday({end}) - julianday({begin})) * 86400.0)"


@compiles(Lasting, "postgresql")
def _postgresql_lasting(element: Lasting, compiler: SQLCompiler, **words: Any) -> str:
    begin, end = (compiler.process(each, **words) for each in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({end} - {begin})) AS DOUBLE PRECISION)"


def place_in(span: Span, column: Any) -> ColumnElement[int]:
    """Which interval of the span a time lies in."""
    if span.base.timestamp() + span.step >= span.until.timestamp():
        return literal(0, Integer).label("place")
    return (elapsed(span, column) // literal(span.step, Integer)).label("place")


def elapsed(span: Span, column: Any) -> ColumnElement[int]:
    """Whole seconds since the span's first interval began."""
    return Epoch(column) - literal(int(span.base.timestamp()), BigInteger)
