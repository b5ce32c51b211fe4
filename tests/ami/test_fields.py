"""Nothing a caller, a list or a page typed becomes a second header, a second action, or a little program."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from ami import Gateway, Originate, UnsafeValueError
from tests.ami.peer import Peer

pytestmark = pytest.mark.unit

Call = Callable[[Gateway, str], Coroutine[Any, Any, Any]]


def _originate(**changed: Any) -> Originate:
    return Originate(
        **{"channel": "PJSIP/100@trunk", "context": "outbound", "exten": "s", "channel_id": "a1", **changed}
    )


def _order(field: str) -> Call:
    return lambda gateway, value: gateway.originate(_originate(**{field: value}))


EVERY_FIELD: dict[str, tuple[str, Call]] = {
    "originate-channel": ("channel", _order("channel")),
    "originate-context": ("context", _order("context")),
    "originate-exten": ("exten", _order("exten")),
    "originate-channel_id": ("channel_id", _order("channel_id")),
    "originate-caller_id": ("caller_id", _order("caller_id")),
    "originate-variable": (
        "REASON",
        lambda gateway, value: gateway.originate(_originate(variables={"REASON": value})),
    ),
    "originate-variable-name": (
        "variable",
        lambda gateway, value: gateway.originate(_originate(variables={value: "x"})),
    ),
    "hangup": ("channel", lambda gateway, value: gateway.hang_up(value)),
    "redirect-channel": ("channel", lambda gateway, value: gateway.redirect(value, "join", "s")),
    "redirect-context": ("context", lambda gateway, value: gateway.redirect("a1", value, "s")),
    "redirect-exten": ("exten", lambda gateway, value: gateway.redirect("a1", "join", value)),
    "redirect-variable": (
        "STEP",
        lambda gateway, value: gateway.redirect("a1", "join", "s", variables={"STEP": value}),
    ),
    "setvar-channel": ("channel", lambda gateway, value: gateway.set_variable(value, "STEP", "x")),
    "setvar-name": ("variable", lambda gateway, value: gateway.set_variable("a1", value, "x")),
    "setvar-value": ("STEP", lambda gateway, value: gateway.set_variable("a1", "STEP", value)),
    "getvar": ("variable", lambda gateway, value: gateway.variable("a1", value)),
    "record-file": ("file", lambda gateway, value: gateway.mix_monitor("a1", value)),
    "record-options": ("options", lambda gateway, value: gateway.mix_monitor("a1", "x.wav", options=value)),
    "command": ("command", lambda gateway, value: gateway.command(value)),
    "device": ("endpoint", lambda gateway, value: gateway.device_state(value)),
    "ask": ("Value", lambda gateway, value: gateway.ask("Setvar", {"Value": value})),
    "ask-many": ("Variable", lambda gateway, value: gateway.ask("Originate", {"Variable": ["A=1", value]})),
}


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0"], ids=["crlf", "lf", "cr", "nul"])
@pytest.mark.parametrize("place", EVERY_FIELD)
async def test_a_line_end_in_any_value_is_refused_by_name_and_nothing_is_sent(
    peer: Peer, gateway: Gateway, place: str, end: str
) -> None:
    field, call = EVERY_FIELD[place]
    before = peer.raw
    with pytest.raises(UnsafeValueError) as refusal:
        await call(gateway, f"x{end}Action: Hangup")
    assert refusal.value.field == field
    assert str(refusal.value).startswith(f"{field}: ")
    assert peer.raw == before


@pytest.mark.parametrize(
    ("call", "field"),
    [
        pytest.param(lambda g: g.hang_up("/PJSIP.*/"), "channel", id="a pattern that hangs up everybody"),
        pytest.param(lambda g: g.hang_up(""), "channel", id="nobody"),
        pytest.param(lambda g: g.hang_up("a1", 128), "cause", id="a cause that is none"),
        pytest.param(
            lambda g: g.variable("a1", "SHELL(id)"), "variable", id="a function that runs a program"
        ),
        pytest.param(
            lambda g: g.set_variable("a1", "FILE(/etc/passwd)", "x"), "variable", id="one that writes a file"
        ),
        pytest.param(lambda g: g.mix_monitor("a1", "x.wav,,rm -r /"), "file", id="a command behind the file"),
        pytest.param(lambda g: g.mix_monitor("a1", "../../etc/x.wav"), "file", id="a file elsewhere"),
        pytest.param(lambda g: g.mix_monitor("a1", "a/../../x.wav"), "file", id="a file elsewhere, hidden"),
        pytest.param(
            lambda g: g.mix_monitor("a1", "x.wav", options="p|sh"), "options", id="a command in options"
        ),
        pytest.param(
            lambda g: g.device_state("x)&SHELL(id"), "endpoint", id="an endpoint that ends the function"
        ),
        pytest.param(lambda g: g.redirect("a1", "join,s", "1"), "context", id="a context with an extension"),
        pytest.param(
            lambda g: g.originate(_originate(channel="PJSIP/1&PJSIP/2")), "channel", id="two at once"
        ),
        pytest.param(lambda g: g.originate(_originate(channel="+39329")), "channel", id="no technology"),
        pytest.param(lambda g: g.originate(_originate(timeout=0)), "timeout", id="no time"),
        pytest.param(
            lambda g: g.originate(_originate(channel_id="a/../1")), "channel_id", id="an id that is a path"
        ),
        pytest.param(lambda g: g.set_variable("a1", "X", "x" * 2000), "X", id="longer than Asterisk reads"),
        pytest.param(lambda g: g.set_variable("a1", "X", "\ud83d"), "X", id="half a character"),
    ],
)
async def test_what_means_more_than_it_names_is_refused(
    peer: Peer, gateway: Gateway, call: Callable[[Gateway], Coroutine[Any, Any, Any]], field: str
) -> None:
    before = peer.raw
    with pytest.raises(UnsafeValueError) as refusal:
        await call(gateway)
    assert refusal.value.field == field
    assert peer.raw == before


async def test_a_value_cannot_become_a_second_variable(peer: Peer, gateway: Gateway) -> None:
    await gateway.originate(_originate(variables={"NAME": r'Rossi, "Bob" (x\y) [z]', "__STEP": "1"}))
    await peer.saw("Originate")
    assert b'Variable: NAME=Rossi\\, \\"Bob\\" \\(x\\\\y\\) \\[z\\]\r\nVariable: __STEP=1\r\n' in peer.raw


async def test_a_private_value_is_not_repeated_in_the_error(gateway: Gateway) -> None:
    with pytest.raises(UnsafeValueError) as refusal:
        await gateway.set_variable("a1", "PIN", "1234\n5678")
    assert "1234" not in str(refusal.value)


@pytest.mark.parametrize(
    "channel", ["PJSIP/trunk-0000001f", "Local/s@agent-park-00000001;1", "node1-1790000000.12", "a01m2k3"]
)
async def test_names_and_ids_as_asterisk_makes_them_pass(peer: Peer, gateway: Gateway, channel: str) -> None:
    assert await gateway.hang_up(channel, 17)
    action = await peer.saw("Hangup")
    assert (action["Channel"], action["Cause"]) == (channel, "17")
