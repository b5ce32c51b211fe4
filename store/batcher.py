"""Many small look-ups of the same moment, asked as one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Batcher(Generic[K, V]):
    """Collects keys for a moment and asks for all of them at once.

    `fetch(keys)` gets distinct keys and answers with a mapping; a key it leaves out is answered `None`. When
    it fails, those who asked in that batch get its error, and nobody else. Times are in seconds.
    """

    def __init__(
        self,
        fetch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]],
        *,
        seconds: float = 0.002,
        most: int = 500,
    ) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._most = most
        self._waiting: dict[K, list[asyncio.Future[V | None]]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._batches: set[asyncio.Task[None]] = set()

    async def get(self, key: K) -> V | None:
        """Look one key up, together with whoever asks within the same moment."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(answer)
        if len(self._waiting) >= self._most:
            self._ask()
        elif self._timer is None:
            self._timer = loop.call_later(self._seconds, self._ask)
        return await answer

    def _ask(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        asked, self._waiting = self._waiting, {}
        batch = asyncio.get_running_loop().create_task(self._answer(asked))
        self._batches.add(batch)
        batch.add_done_callback(self._batches.discard)

    async def _answer(self, asked: Mapping[K, list[asyncio.Future[V | None]]]) -> None:
        try:
            found = await self._fetch(list(asked))
        except asyncio.CancelledError:
            for answer in _open(asked):
                answer.cancel()
            raise
        except Exception as problem:  # noqa: BLE001  (it belongs to those who asked)
            for answer in _open(asked):
                answer.set_exception(problem)
            return
        for key, answers in asked.items():
            for answer in answers:
                if not answer.done():
                    answer.set_result(found.get(key))


def _open(asked: Mapping[K, list[asyncio.Future[V | None]]]) -> list[asyncio.Future[V | None]]:
    return [answer for answers in asked.values() for answer in answers if not answer.done()]
