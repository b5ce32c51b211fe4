"""What agents say of their talks reaches the dialler also when they have gone home since."""

from typing import Any

import pytest

from agents import Desk, Disposal, Shift, agent_card, put_agents
from agents.testing import ScriptedLines
from centralino.core.agentcommands import AgentCommands
from store import Database
from values import BadInputError
from values.testing import EPOCH, FixedClock

pytestmark = pytest.mark.database

NOT_NEEDED: Any = None


async def test_who_has_gone_home_still_says_what_a_talk_came_to(database: Database) -> None:
    async with database.write() as session:
        await put_agents(session, [agent_card("anna", endpoint="agent01")], now=EPOCH)
    said: list[Disposal] = []

    async def dispose(word: Disposal) -> None:
        said.append(word)

    clock = FixedClock()
    shift = Shift(Desk(clock.monotonic), ScriptedLines(), clock)
    commands = AgentCommands(database, shift, NOT_NEEDED, NOT_NEEDED, NOT_NEEDED, dispose, "node1")
    word = {"agent": "anna", "attempt": "a-1", "disposition": "done", "ready": True}
    told = await commands.dispose(word)
    assert said == [Disposal("anna", "a-1", "", "done", {})]
    assert [(each["agent"], each["state"]) for each in told["agents"]] == [("anna", "offline")]
    with pytest.raises(BadInputError, match="name the call"):
        await commands.dispose({**word, "attempt": ""})
    with pytest.raises(BadInputError, match="nobody called zoe works here"):
        await commands.dispose({**word, "agent": "zoe"})
    with pytest.raises(BadInputError, match="anna is not signed in"):
        await commands.ready({"agent": "anna"})
    assert len(said) == 1
