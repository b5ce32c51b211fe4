"""Browsers have accounts of their own, on a socket of Asterisk's that is on loopback or speaks TLS."""

from dataclasses import replace
from pathlib import Path

import pytest

from asterisk_conf import (
    Bind,
    BrowserPlan,
    CityPlan,
    NodePlan,
    PhonePlan,
    VisitorPlan,
    render_city,
    render_node,
)
from tests.asterisk_conf.test_rendering import _conf, plan

pytestmark = pytest.mark.unit
__all__ = ["plan"]

LOOPBACK = BrowserPlan(Bind("127.0.0.1", 8088))


def test_without_browsers_nothing_listens_for_them(plan: NodePlan) -> None:
    render_node(plan)
    assert "enabled = no" in _conf(plan, "http.conf")
    assert "webrtc = yes" not in _conf(plan, "pjsip.conf")
    assert "icesupport = no" in _conf(plan, "rtp.conf")
    assert "websocket" not in _conf(plan, "modules.conf")


def test_an_agent_s_browser_can_ring_its_echo_and_nobody_else(plan: NodePlan) -> None:
    render_node(replace(plan, browsers=LOOPBACK, browser_phones=(PhonePlan("agent01-web", "one"),)))
    text = _conf(plan, "pjsip.conf")
    account = text[text.index("[agent01-web]") :]
    assert "context = browser" in account
    assert account.index("allow = alaw") < account.index("webrtc = yes")
    assert "rtp_timeout = 10" in account
    context = _conf(plan, "extensions.conf").partition("[browser]")[2].partition("\n[")[0]
    assert [line for line in context.splitlines() if line.startswith("exten")] == ["exten => echo,1,Answer()"]
    assert "bindaddr = 127.0.0.1" in _conf(plan, "http.conf")


def test_off_loopback_the_socket_speaks_tls_and_nothing_else(plan: NodePlan) -> None:
    tls = BrowserPlan(
        Bind("192.0.2.9", 8089), Path("/etc/tls/voice.pem"), Path("/etc/tls/voice.key"), "203.0.113.5"
    )
    render_node(replace(plan, sip=Bind("192.0.2.9", 5060), browsers=tls))
    text = _conf(plan, "http.conf")
    assert "\nenabled = no" in text
    assert "tlsbindaddr = 192.0.2.9:8089" in text
    assert "protocol = wss" in _conf(plan, "pjsip.conf")
    assert "192.0.2.9 => 203.0.113.5,include_local_address" in _conf(plan, "rtp.conf")


def test_a_visitor_reaches_the_service_number_and_is_rung_by_a_subscriber_s(plan: NodePlan) -> None:
    town = CityPlan(
        installation=plan.installation,
        home=plan.home.with_name("city"),
        sip=Bind("127.0.0.2", 5060),
        ami=Bind("127.0.0.2", 5038),
        agi=Bind("127.0.0.2", 4573),
        node_sip=plan.sip,
        rtp_first=12000,
        rtp_last=12099,
        ami_secret="ami",
        agi_secret="agi",
        browsers=LOOPBACK,
        visitors=(VisitorPlan("visitor01", "+393290009990", "one"),),
    )
    assert "'one'" not in repr(town.visitors)
    folders = render_city(town)
    dialplan = (folders.conf / "extensions.conf").read_text()
    context = dialplan.partition("[from-visitor]")[2].partition("\n[")[0]
    assert [line for line in context.splitlines() if line.startswith("exten")] == [
        "exten => 0611,1,Set(GROUP(visitor)=${CHANNEL(endpoint)})"
    ]
    assert "exten => +393290009990,1," in dialplan
    assert "callerid = <+393290009990>" in (folders.conf / "pjsip.conf").read_text()
    render_city(replace(town, visitors=(), browsers=None))
    assert "visitor" not in (folders.conf / "extensions.conf").read_text()
