import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.caller import SCENARIOS, CallerError, read_statistics
from bench.lines import DIALPLAN, FLOWS, NUMBERS
from ivr.language import load_flow

pytestmark = pytest.mark.unit

STATISTICS = """\
StartTime;ElapsedTime(P);ElapsedTime(C);TotalCallCreated;SuccessfulCall(P);SuccessfulCall(C);FailedCall(C);
today;00:00:01:000000;00:00:01:000000;40;30;30;0;
today;00:00:01:000000;00:01:02:250000;100;60;97;2;
"""


def test_the_last_line_of_sipps_statistics_counts() -> None:
    burst = read_statistics(STATISTICS)
    assert burst.calls == 97
    assert burst.seconds == 62.25


def test_a_call_that_did_not_come_to_its_end_has_failed() -> None:
    assert read_statistics(STATISTICS).failed == 3


def test_a_sipp_that_wrote_nothing_is_not_taken_for_no_calls() -> None:
    with pytest.raises(CallerError, match="no statistics"):
        read_statistics(STATISTICS.splitlines()[0])


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.glob("*.xml")), ids=lambda path: path.stem)
def test_a_scenario_calls_as_a_customer_and_ends(scenario: Path) -> None:
    root = ET.parse(scenario).getroot()  # noqa: S314  (our own file)
    said = [(send.text or "").strip().splitlines()[0] for send in root.iter("send")]
    assert said[0] == "INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0"
    assert "[field0]" in ET.tostring(root, encoding="unicode")
    assert [step.get("request") for step in root.iter("recv")][-1] == "BYE" or said[-1].startswith("BYE")


def test_every_number_with_a_flow_has_one_and_the_others_have_dialplan() -> None:
    names = {load_flow(path.read_text(encoding="utf-8"), file=path.name).flow.flow for path in FLOWS}
    assert set(NUMBERS.values()) <= names
    for name in ("plain", "script", "bare"):
        assert f"exten => {{{name}}},1," in DIALPLAN


def test_the_plain_dialplan_has_as_many_steps_as_the_flow() -> None:
    flow = next(path for path in FLOWS if path.stem == "steps").read_text(encoding="utf-8")
    assert DIALPLAN.count("NoOp(") == flow.count("mark:") == 4
