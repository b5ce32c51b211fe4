"""Asking the voice core: answered, refused, or told plainly that nobody is there."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from store import Answerer, Asker, CoreAwayError, LiveStore, RefusedError
from store.asking import CHANNEL
from tests.redis_server import RedisServer
from values import BadInputError, CentralinoError, SystemClock

pytestmark = pytest.mark.database


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    made = RedisServer(tmp_path)
    yield made
    made.stop()


@pytest.fixture
async def live(server: RedisServer) -> AsyncIterator[LiveStore]:
    await server.start()
    store = LiveStore(server.url, SystemClock())
    yield store
    await store.close()


class Core:
    """Answers; keeps what it was asked."""

    def __init__(self, live: LiveStore) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.answerer = Answerer(live, SystemClock())
        self.answerer.register("test.echo", self._echo)
        self.answerer.register("test.bad", self._bad)
        self.answerer.register("test.refused", self._refused)
        self.answerer.register("test.broken", self._broken)
        self.answerer.register("test.never", self._never)

    async def _echo(self, fields: Mapping[str, Any]) -> Any:
        self.asked.append(fields)
        return {"said": fields["word"]}

    async def _bad(self, fields: Mapping[str, Any]) -> Any:
        raise BadInputError("no such word", field="word")

    async def _refused(self, fields: Mapping[str, Any]) -> Any:
        raise CentralinoError("not today")

    async def _broken(self, fields: Mapping[str, Any]) -> Any:
        raise RuntimeError("a secret of ours")

    async def _never(self, fields: Mapping[str, Any]) -> Any:
        await asyncio.Event().wait()


@pytest.fixture
async def core(live: LiveStore) -> AsyncIterator[Core]:
    made = Core(live)
    task = asyncio.create_task(made.answerer.run())
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def asker(live: LiveStore) -> Asker:
    return Asker(live, SystemClock(), seconds=10.0)


async def test_many_ask_at_once_and_each_gets_its_own_answer(asker: Asker, core: Core) -> None:
    answers = await asyncio.gather(*(asker.ask("test.echo", {"word": f"città {n}"}) for n in range(20)))
    assert answers == [{"said": f"città {n}"} for n in range(20)]


async def test_what_is_wrong_there_is_told_here(asker: Asker, core: Core) -> None:
    with pytest.raises(BadInputError, match="word: no such word"):
        await asker.ask("test.bad")
    with pytest.raises(RefusedError, match="not today"):
        await asker.ask("test.refused")
    with pytest.raises(RefusedError) as unknown:
        await asker.ask("test.unheard_of")
    assert unknown.value.error_id == "unknown-command"
    with pytest.raises(RefusedError) as broken:
        await asker.ask("test.broken")
    assert "secret" not in str(broken.value)


async def test_a_core_that_does_not_answer_is_said_to_be_away(live: LiveStore, core: Core) -> None:
    with pytest.raises(CoreAwayError, match="does not answer"):
        await Asker(live, SystemClock(), seconds=0.5).ask("test.never")


async def test_without_a_core_nothing_is_answered(live: LiveStore) -> None:
    with pytest.raises(CoreAwayError, match="does not answer"):
        await Asker(live, SystemClock(), seconds=0.5).ask("test.echo", {"word": "a"})


async def test_without_redis_it_is_said_at_once(asker: Asker, server: RedisServer) -> None:
    server.stop()
    with pytest.raises(CoreAwayError, match="Redis"):
        await asker.ask("test.echo", {"word": "a"})


async def test_a_question_read_too_late_is_not_done(asker: Asker, core: Core, live: LiveStore) -> None:
    late = {"command": "test.echo", "fields": {"word": "late"}, "answer": "centralino:answer:x", "until": 1.0}
    elsewhere = {**late, "answer": "another:key", "until": 1e12}
    for odd in (late, elsewhere, {"command": "test.echo"}, "nonsense", None):
        await live.publish(CHANNEL, odd)
    assert await asker.ask("test.echo", {"word": "in time"}) == {"said": "in time"}
    assert [fields["word"] for fields in core.asked] == ["in time"]
