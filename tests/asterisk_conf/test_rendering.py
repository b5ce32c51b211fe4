"""Nothing that was handed in can become configuration of its own."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from asterisk_conf import (
    Bind,
    Folders,
    Installation,
    NodePlan,
    PhonePlan,
    TrunkPlan,
    UnsafeValueError,
    render_node,
)
from asterisk_conf.music import to_alaw

pytestmark = pytest.mark.unit


@pytest.fixture
def plan(tmp_path: Path) -> NodePlan:
    for voice in ("en_US_f_Allison", "it_IT_m_Carlo"):
        (tmp_path / "asterisk/sounds" / voice).mkdir(parents=True)
    installation = Installation(("asterisk",), tmp_path / "modules", tmp_path / "asterisk", "22.1")
    return NodePlan(
        name="node1",
        installation=installation,
        home=tmp_path / "node1",
        sip=Bind("127.0.0.1", 5060),
        ami=Bind("127.0.0.1", 5038),
        agi=Bind("127.0.0.1", 4573),
        rtp_first=10000,
        rtp_last=10099,
        trunks=(TrunkPlan("carrier", Bind("192.0.2.1", 5060)),),
        ami_secret="ami",
        agi_secret="agi",
        operator_secret="operator",
        prompts=tmp_path / "prompts",
        spool=tmp_path / "spool",
        python=Path("/usr/bin/python3"),
        code=tmp_path,
    )


def _conf(plan: NodePlan, name: str) -> str:
    return (Folders(plan.home).conf / name).read_text()


def test_a_carrier_is_asked_whether_it_is_there_as_often_as_was_set(plan: NodePlan) -> None:
    silent = TrunkPlan("silent", Bind("192.0.2.2", 5060), qualify_frequency=0)
    render_node(replace(plan, trunks=(*plan.trunks, silent)))
    said = _conf(plan, "pjsip.conf")
    assert re.search(r"contact = sip:192.0.2.1:5060\n(;.*\n)*qualify_frequency = 10\n", said)
    assert re.search(r"contact = sip:192.0.2.2:5060\n(;.*\n)*qualify_frequency = 0\n", said)


@pytest.mark.parametrize(
    "value",
    ["x\n[admin]", "x;y", "x]", "${SHELL(id)}", "x'; touch y; '", "x`id`", 'x"y', "x#include y", "x\\ny"],
)
def test_values_that_could_break_out_are_refused(plan: NodePlan, value: str) -> None:
    with pytest.raises(UnsafeValueError):
        render_node(replace(plan, ami_secret=value))
    with pytest.raises(UnsafeValueError):
        render_node(replace(plan, trunks=(TrunkPlan(value, Bind("192.0.2.1", 5060)),)))
    with pytest.raises(UnsafeValueError):
        render_node(replace(plan, spool=Path("/srv", value)))


def test_secrets_are_not_shown(plan: NodePlan) -> None:
    shown = repr(replace(plan, ami_secret="hidden1", agi_secret="hidden2", operator_secret="hidden3"))
    assert "hidden" not in shown
    assert "hidden" not in repr(replace(plan, ami_secret="hidden").ami_account)


def test_a_trunk_is_known_by_its_host_or_by_its_port_where_several_share_it(plan: NodePlan) -> None:
    render_node(plan)
    assert "match = 192.0.2.1\n" in _conf(plan, "pjsip.conf")
    shared = tuple(TrunkPlan(f"t{port}", Bind("192.0.2.1", port)) for port in (5060, 5070))
    render_node(replace(plan, trunks=shared))
    assert "match = 192.0.2.1:5060\n" in _conf(plan, "pjsip.conf")
    assert "match = 192.0.2.1:5070\n" in _conf(plan, "pjsip.conf")


def test_rendering_again_changes_what_changed(plan: NodePlan) -> None:
    folders = render_node(plan)
    assert (folders.data / "sounds/it").readlink().name == "it_IT_m_Carlo"
    moved = replace(plan, prompts=plan.prompts.with_name("others"))
    render_node(moved)
    assert (folders.data / "sounds/centralino").readlink() == moved.prompts


def test_long_logs_are_put_aside_where_the_dialler_still_finds_them(plan: NodePlan) -> None:
    folders = render_node(plan)
    folders.call_records.write_text("CHAN_START\n" * 10)
    folders.put_aside(longest=50)
    assert not folders.call_records.exists()
    assert folders.call_records.with_name("calls.csv.1").read_text().startswith("CHAN_START")


def test_more_dialplan_comes_last(plan: NodePlan) -> None:
    render_node(replace(plan, dialplan="[from-trunk](+)\nexten => 0699,1,Hangup()"))
    assert _conf(plan, "extensions.conf").rstrip().endswith("exten => 0699,1,Hangup()")


@pytest.mark.parametrize(
    ("sample", "byte"), [(0, 0xD5), (-1, 0x55), (32767, 0xAA), (-32768, 0x2A), (1000, 0xFA)]
)
def test_a_law_is_as_the_standard_has_it(sample: int, byte: int) -> None:
    assert to_alaw(sample) == byte


def test_each_agent_s_telephone_has_an_account_that_can_only_be_rung(plan: NodePlan) -> None:
    render_node(replace(plan, phones=(PhonePlan("agent01", "one"), PhonePlan("agent02", "two"))))
    text = _conf(plan, "pjsip.conf")
    account = text[text.index("[agent02]") :]
    assert "password = two" in account
    assert "context = nowhere" in account
    assert text.count("[agent01]") == 3  # endpoint, auth, aor
    with pytest.raises(UnsafeValueError):
        render_node(replace(plan, phones=(PhonePlan("agent01", "x]"),)))
