"""Several carriers on one host are told apart by their ports."""

import pytest

from asterisk_conf import Bind, Installation, TrunkPlan
from tests.asterisk_conf.callers import AgiCall, agi_server, ring
from tests.rig import Loopback, running_node

pytestmark = pytest.mark.asterisk


async def test_a_call_comes_from_the_carrier_at_its_port(asterisk: Installation, loopback: Loopback) -> None:
    async def finish(call: AgiCall) -> None:
        await call.command("ANSWER")
        await call.command('SET VARIABLE CENTRALINO_DONE "1"')

    trunks = tuple(TrunkPlan(f"carrier{port}", Bind(loopback.city, port)) for port in (5060, 5070))
    with running_node(asterisk, loopback, trunks=trunks) as node:
        async with agi_server(node.plan.agi, finish) as heard:
            caller = await ring(loopback.node, loopback.city)  # SIPp speaks from port 5070
        assert "ERROR" not in node.log()
    assert caller.code == 0, caller.said
    assert heard.calls[0].header["agi_channel"].startswith("PJSIP/carrier5070-")
