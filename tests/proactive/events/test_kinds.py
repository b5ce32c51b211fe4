"""Events are read strictly: each type by its own fields, each mistake named in words."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from proactive.events.dates import strange_date
from proactive.events.kinds import EVENT, KINDS, about, said
from proactive.events.reading import read_json, read_lines, read_objects
from proactive.events.sheet import read_sheet
from values import BadInputError
from values.testing import EPOCH

pytestmark = pytest.mark.unit

AT = EPOCH.isoformat()
LATER = (EPOCH + timedelta(hours=2)).isoformat()
OWN: dict[str, dict[str, Any]] = {
    "order.planned": {"order": "o1", "kind": "la", "planned": "2026-03-09", "work_from": AT,
                      "work_to": LATER},
    "order.moved": {"order": "o1", "kind": "la", "planned": "2026-03-09"},
    "order.activated": {"order": "o1", "activated": AT},
    "order.cancelled": {"order": "o1"},
    "fault.opened": {"fault": "f1", "line": "l1", "symptom": "slow"},
    "fault.restored": {"fault": "f1"},
    "fault.closed": {"fault": "f1"},
    "outage.opened": {"outage": "u1", "cause": "a digger", "lines": ["l1", "l2"]},
    "outage.restored": {"outage": "u1"},
    "usage.read": {"line": "l1", "cycle": "2026-03", "unbilled": {"minor": 7250, "currency": "EUR"}},
    "appointment.offered": {"appointment": "a1", "kind": "visit", "until": LATER,
                            "slots": [{"start": AT, "end": LATER}]},
    "appointment.set": {"appointment": "a1", "start": AT, "end": LATER},
    "appointment.cancelled": {"appointment": "a1"},
    "contact.ended": {"contact": "c1", "channel": "voice", "area": "adsl"},
}  # fmt: skip


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": "e1", "at": AT, "customer": "k1", **OWN[kind], **more}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_type_is_read_and_kept_by_its_own_fields(kind: str) -> None:
    read = EVENT.validate_json(orjson.dumps(event(kind)))
    assert (read.type, read.id) == (kind, "e1")
    assert about(read) == OWN[kind][read.ABOUT]
    assert said(read).keys() >= OWN[kind].keys()
    assert not said(read).keys() & {"id", "type", "at", "customer", "number", "source"}
    assert strange_date(read, EPOCH) is None
    with pytest.raises(ValidationError):
        read.id = "another"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"type": "fault.opend"}, "type", "did you mean 'fault.opened'"),
        ({"type": None}, "type", "there is no such type"),
        ({"at": "2026-03-02T09:00:00"}, "at", "no zone"),
        ({"at": "yesterday"}, "at", "write a time as in"),
        ({"at": 1772442000}, "at", "write a time as in"),
        ({"id": ""}, "id", "must not be empty"),
        ({"id": "a b"}, "id", "blanks"),
        ({"id": "x" * 101}, "id", "at most 100"),
        ({"line": 7}, "line", "write a text"),
        ({"sympton": "slow"}, "sympton", "did you mean 'symptom'"),
        ({"customer": None}, "customer", "name the customer"),
        ({"customer": None, "number": "3290000001"}, "number", "E.164"),
    ],
)
def test_a_mistake_is_told_by_field_and_in_words(given: dict[str, Any], field: str, words: str) -> None:
    (refused,) = read_objects([event("fault.opened", **given)]).refused
    assert refused.field == field
    assert words in refused.reason
    assert "3290000001" not in refused.reason


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("fault.opened", {"at": "1970-01-01T00:00:00Z"}, "at"),
        ("fault.opened", {"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ("fault.opened", {"at": "2099-01-01T00:00:00Z"}, "at"),
        ("fault.opened", {"at": "9999-12-31T23:59:59-14:00"}, "at"),
        ("order.planned", {"planned": "1970-01-01"}, "planned"),
        ("order.planned", {"planned": "9999-12-31"}, "planned"),
        ("order.activated", {"activated": "2099-01-01T00:00:00Z"}, "activated"),
        ("appointment.offered", {"until": "2099-01-01T00:00:00Z"}, "until"),
        ("appointment.offered",
         {"slots": [{"start": "2099-01-01T00:00:00Z", "end": "2099-01-01T01:00:00Z"}]}, "slots.0.start"),
        ("outage.opened", {"expected_end": "1970-01-01T00:00:00Z"}, "expected_end"),
        ("usage.read", {"cycle": "2026-01"}, "cycle"),
        ("usage.read", {"cycle": "2026-05"}, "cycle"),
        ("usage.read", {"cycle": "2099-12"}, "cycle"),
    ],
)  # fmt: skip
def test_times_that_nobody_means_are_found(kind: str, given: dict[str, Any], field: str) -> None:
    found = strange_date(EVENT.validate_json(orjson.dumps(event(kind, **given))), EPOCH)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    ("now", "cycle"),
    [
        ("2026-03-02T09:00:00Z", "2026-02"), ("2026-03-02T09:00:00Z", "2026-04"),
        ("2026-01-01T00:00:00Z", "2025-12"), ("2026-01-01T00:00:00Z", "2026-02"),
        ("2025-12-31T23:30:00Z", "2026-01"),
    ],
)  # fmt: skip
def test_traffic_is_read_for_the_month_before_the_same_and_the_next(now: str, cycle: str) -> None:
    read = EVENT.validate_json(orjson.dumps(event("usage.read", at=now, cycle=cycle)))
    assert strange_date(read, datetime.fromisoformat(now)) is None


def test_a_cycle_is_old_however_long_ago_the_reading_was_taken() -> None:
    said = event("usage.read", at="2025-11-15T09:00:00Z", cycle="2025-11")
    found = strange_date(EVENT.validate_json(orjson.dumps(said)), EPOCH)
    assert found == (
        "cycle",
        "2025-11 is not open on 2026-03-02; write this month, the one before or the next",
    )


@pytest.mark.parametrize("written", ["adsl", "ADSL", " Adsl "])
def test_an_area_is_one_however_it_is_written(written: str) -> None:
    (read,) = read_objects([event("contact.ended", area=written)]).events
    assert said(read)["area"] == "adsl"


def test_what_is_no_area_is_refused_with_the_nearest() -> None:
    (refused,) = read_objects([event("contact.ended", area="voise")]).refused
    assert refused.field == "area"
    assert refused.reason == (
        "there is no area 'voise'; did you mean 'voice'? There are adsl, commercial, voice"
    )


def test_a_number_in_the_place_of_an_area_is_not_repeated() -> None:
    (refused,) = read_objects([event("contact.ended", area="+393290000001")]).refused
    assert "3290000001" not in refused.reason


def test_works_end_after_they_begin() -> None:
    (refused,) = read_objects([event("order.planned", work_from=LATER, work_to=AT)]).refused
    assert (refused.field, refused.reason) == ("work_to", "must come after work_from")


def test_of_events_that_nobody_can_write_down_the_good_half_is_read() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    odd = [event("fault.opened", id="deep", symptom=deep), event("fault.opened", id="good")]
    odd += [event("fault.opened", id="half \udcff", symptom="slow")]
    for read in (
        read_objects(odd),
        read_json(b"[" + b",".join(_bytes(each) for each in odd[:2]) + b"]"),
        read_lines(b"\n".join(_bytes(each) for each in odd[:2])),
    ):
        assert [each.id for each in read.events] == ["good"]
        assert {each.field for each in read.refused} == {"body"}
        assert orjson.dumps([each.id for each in read.refused])  # the answer tells them
    assert [each.id for each in read_objects(odd).refused] == ["deep", "half ?"]


def _bytes(each: dict[str, Any]) -> bytes:
    return json.dumps(each).encode()


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused_in_words(data: bytes) -> None:
    for read in (read_json, read_lines, read_sheet):
        try:
            found = read(data)
        except BadInputError:
            continue
        assert len(found.events) == len(found.places)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.integers(-(2**60), 2**60)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(KINDS)), st.data(), JSON)
def test_no_value_of_any_field_is_more_than_read_or_refused(
    kind: str, data: st.DataObject, value: Any
) -> None:
    field = data.draw(st.sampled_from(sorted(KINDS[kind].model_fields)))
    found = read_json(orjson.dumps([event(kind) | {field: value}, event(kind)]))
    assert len(found.events) + len(found.refused) == 2
    assert 1 in found.places


def test_a_day_is_a_day_in_a_table_too() -> None:
    text = f"id,type,at,customer,order,kind,planned\ne1,order.planned,{AT},k1,o1,la,2026-03-09\n"
    (read,) = read_sheet(text.encode()).events
    assert read.type == "order.planned"
    assert read.planned == date(2026, 3, 9)
