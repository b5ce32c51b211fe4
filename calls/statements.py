"""Records as statements: how each kind is written so that writing it twice changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, String, Table, Update, bindparam, func, update
from sqlalchemy.dialects import postgresql, sqlite

from calls import models
from calls.records import CallEnd, CallStart, CallState, LineQuality, RecordingMade, Segment, TraceStep
from store import Base
from values import to_json

Record = CallStart | CallEnd | LineQuality | Segment | TraceStep | RecordingMade
"""Everything the journal takes."""

Row = dict[str, Any]


def _text(value: str) -> str:
    """What the network sent, as a database can hold it: PostgreSQL refuses NUL, UTF-8 lone surrogates."""
    return value if value.isprintable() else value.replace("\0", "").encode(errors="replace").decode()


_NAMES = {
    kind: tuple(each.name for each in fields(kind))
    for kind in (CallStart, CallEnd, LineQuality, Segment, TraceStep, RecordingMade)
}


def _row(record: Record) -> Row:
    row: Row = {}
    for name in _NAMES[type(record)]:
        value = getattr(record, name)
        row[name] = _text(value) if type(value) is str else value
    return row


def _start(record: CallStart) -> Row:
    row = _row(record)
    row["began"] = row.pop("at")
    return row | {"state": CallState.UP, "cause": 0, "sip_cause": "", "outcome": "", "goal": False}


def _quality(record: LineQuality) -> Row:
    return _row(record) | {"one_way": record.one_way}


def _step(record: TraceStep) -> Row:
    row = _row(record)
    row["values"] = {name: _json(value) for name, value in record.values.items()}
    return row


def _json(value: Any) -> object:
    plain = to_json(value)
    return _text(plain) if isinstance(plain, str) else plain


def _end(record: CallEnd) -> Row:
    return {f"new_{name}": value for name, value in _row(record).items()}


_INSERTS: Mapping[type[Any], tuple[type[Base], Callable[[Any], Row], tuple[str, ...]]] = {
    CallStart: (models.Call, _start, ("flow", "flow_version", "customer_id")),
    Segment: (models.Segment, _row, ("ended", "party")),
    LineQuality: (models.Leg, _quality, ("received", "sent", "lost_in", "lost_out", "one_way")),
    TraceStep: (models.TraceRow, _step, ()),
    RecordingMade: (models.Recording, _row, ()),
}
"""Kind → table, row, and the columns a second writing may replace (a segment is written when it begins and
again when it ends, its key is its beginning; a placed call learns whose it is when it is answered). What has
none keeps the first writing."""


@cache
def _ends() -> Update:
    call = _table(models.Call)
    new_state = bindparam("new_state", type_=call.c.state.type)
    return (
        update(call)
        .where(
            call.c.call_id == bindparam("new_call_id"),
            # a real end outranks a noticed interruption, and neither overwrites a real end
            (call.c.state == CallState.UP)
            | ((call.c.state == CallState.INTERRUPTED) & (new_state == CallState.ENDED)),
        )
        .values(
            state=new_state,
            ended=bindparam("new_at"),
            cause=bindparam("new_cause"),
            sip_cause=bindparam("new_sip_cause"),
            outcome=bindparam("new_outcome"),
            goal=bindparam("new_goal"),
        )
    )


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)


@cache  # so that SQLAlchemy need not work out each time what it is compiled to
def _insert(table: Table, dialect: str, replaced: tuple[str, ...]) -> Any:
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = make(table)
    key = list(table.primary_key.columns)
    if not replaced:
        return statement.on_conflict_do_nothing(index_elements=key)
    fresh: dict[str, Any] = {name: statement.excluded[name] for name in replaced}
    for name in replaced:  # what is known already is not unlearned by an older writing
        if isinstance(table.c[name].type, String):
            fresh[name] = func.coalesce(func.nullif(fresh[name], ""), table.c[name])
        elif table.c[name].nullable:
            fresh[name] = func.coalesce(fresh[name], table.c[name])
    return statement.on_conflict_do_update(index_elements=key, set_=fresh)


def statements(records: Sequence[Record], dialect: Dialect) -> list[tuple[Any, list[Row]]]:
    """A group of records as statements with their rows, each call's story kept straight.

    Starts come first, ends last; of several writings of one row the last one counts.
    """
    written: list[tuple[Any, list[Row]]] = []
    for kind, (model, make_row, replaced) in _INSERTS.items():
        table = _table(model)
        key = [column.name for column in table.primary_key.columns]
        rows: dict[tuple[Any, ...], Row] = {}
        for record in records:
            if type(record) is kind:
                row = make_row(record)
                identity = tuple(row[name] for name in key)
                if replaced:
                    rows[identity] = row
                else:
                    rows.setdefault(identity, row)
        if rows:
            written.append((_insert(table, dialect.name, replaced), list(rows.values())))
    ends = [_end(record) for record in records if type(record) is CallEnd]
    if ends:
        written.append((_ends(), ends))
    return written
