"""What the customer keyed stands over what another system had set before."""

from datetime import timedelta

import pytest

from proactive.appointments import AppointmentState
from tests.proactive.appointments.test_visits import MONDAY, does, offer, slot, taken, told, visit
from tests.proactive.provisioning.conftest import Town, town

__all__ = ["town"]

pytestmark = pytest.mark.database


@pytest.mark.parametrize("key", ["moves", "calls off"])
async def test_a_time_that_was_set_before_the_customer_keyed_theirs_comes_too_late(
    town: Town, key: str
) -> None:
    await offer(town, slot(0, "monday"), slot(1, "tuesday"))
    earlier = town.clock.now() + timedelta(seconds=30)
    town.clock.move(60)
    if key == "moves":
        assert (await does(town, "choose_slot", value="1"))["ok"]
    else:
        assert (await does(town, "cancel_appointment"))["cancelled"]
    before, held, heard = await visit(town), await taken(town), await told(town)
    monday = {"start": slot(0)["start"], "end": slot(0)["end"]}
    await town.tell("appointment.set", appointment="v-1", at=earlier, **monday)
    assert "a later word on appointment v-1" in (await town.last()).result["refused"]
    after = await visit(town)
    assert (after.state, after.begins, after.slot) == (before.state, before.begins, before.slot)
    assert (await taken(town), await told(town)) == (held, heard)
    await town.tell("appointment.set", appointment="v-1", **monday)  # what is said since holds
    found = await visit(town)
    assert (found.state, found.begins) == (AppointmentState.SET, MONDAY)
