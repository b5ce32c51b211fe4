import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest

from bench.audit import Audit, audited, busiest
from bench.called import read_rung
from bench.caller import SCENARIOS

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
PEOPLE = ["+391", "+392", "+393"]
RECORD = [(number, "done") for number in PEOPLE]

LOG = """\
2026-11-25\t16:23:24.036270\t1795623804.036270 +393290000017
SIPp says something else
2026-11-25\t16:23:24.368253\t1795623804.368253 +393290000018
2026-11-25\t16:23:24.70
"""


def audit(
    rung: list[str] | None = None,
    on_record: list[tuple[str, str]] | None = None,
    done: list[str] | None = None,
) -> Audit:
    return audited(
        PEOPLE,
        PEOPLE if rung is None else rung,
        RECORD if on_record is None else on_record,
        PEOPLE if done is None else done,
        "done",
    )


def test_calls_seen_are_calls_on_record_when_all_is_well() -> None:
    assert audit() == Audit(attempts=3, invites=3, outcomes=3, lost=0, duplicates=0)


def test_somebody_rung_twice_is_found() -> None:
    assert audit(rung=[*PEOPLE, "+391"]).duplicates == 1


def test_an_attempt_made_twice_is_found() -> None:
    assert audit(on_record=[*RECORD, ("+391", "done")]).duplicates == 1


def test_whoever_was_never_rung_is_lost() -> None:
    assert audit(rung=PEOPLE[1:]).lost == 1


def test_a_call_that_nobody_wrote_down_is_lost() -> None:
    assert audit(on_record=RECORD[1:]).lost == 1


def test_a_stranger_who_was_rung_is_told_too() -> None:
    assert audit(rung=[*PEOPLE, "+399"]).lost == 1


@pytest.mark.parametrize("outcome", ["", "interrupted", "hangup"])
def test_an_attempt_without_its_outcome_is_lost(outcome: str) -> None:
    found = audit(on_record=[*RECORD[1:], ("+391", outcome)])
    assert (found.outcomes, found.lost, found.wrong) == (2, 1, 1)


def test_a_contact_that_is_not_done_is_lost() -> None:
    assert audit(done=PEOPLE[:2]).lost == 1


def test_answers_count_from_the_first_one_on_and_not_beyond_the_minute() -> None:
    times = [NOON + timedelta(seconds=second / 2) for second in range(200)]
    assert busiest(times, 60.0) == 2.0
    assert busiest(times[:60], 60.0) == 1.0
    assert busiest([], 60.0) == 0.0


def test_sipps_log_tells_who_was_rung_and_when() -> None:
    assert read_rung(LOG) == [
        (datetime(2026, 11, 25, 16, 23, 24, 36270, tzinfo=UTC), "+393290000017"),
        (datetime(2026, 11, 25, 16, 23, 24, 368253, tzinfo=UTC), "+393290000018"),
    ]


def test_whoever_is_rung_notes_it_answers_and_waits_for_the_end() -> None:
    root = ET.parse(SCENARIOS / "called" / "answer.xml").getroot()  # noqa: S314  (our own file)
    heard = [step.get("request") for step in root.iter("recv")]
    said = [(send.text or "").strip().splitlines()[0] for send in root.iter("send")]
    assert heard == ["INVITE", "ACK", "BYE"]
    assert said == ["SIP/2.0 180 Ringing", "SIP/2.0 200 OK", "SIP/2.0 200 OK"]
    assert root.find(".//log") is not None
