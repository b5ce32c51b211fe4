"""Whether a machine beeps or waits is told from what it says, stretch by stretch."""

import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from centralino.core.joining.outlasting import Ended, hear_out, somebody_comes
from centralino.core.joining.ports import Line
from tests.sip import tone
from values import CallId, Recorded
from values.testing import FixedClock

pytestmark = pytest.mark.unit

SPEECH = [sum(pair) for pair in zip(tone(310, 3.0, 0.2), tone(1730, 3.0, 0.2), strict=True)]
"""Loud, and no lone sine."""
HELLO = SPEECH[:4000]
BEEP = tone(1000, 0.4)
NOTHING: list[int] = []


@dataclass
class Machine:
    """A line on which these stretches are heard, each with its second of silence."""

    folder: Path
    clock: FixedClock
    says: list[Sequence[int]]
    call_id: CallId = CallId("a1")  # noqa: RUF009  (a name for a string)

    async def record(self, name: str, *, max_seconds: float, **_: Any) -> Recorded:
        samples = [*(self.says.pop(0) if self.says else NOTHING), *[0] * 8000][: int(max_seconds * 8000)]
        path = self.folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(array("h", samples).tobytes())
        self.clock.move(len(samples) / 8000)
        return Recorded(path, len(samples) / 8000)


@pytest.mark.parametrize(
    ("says", "ended"),
    [
        ([[*SPEECH, *BEEP]], Ended.BEEP),
        ([SPEECH, SPEECH, BEEP], Ended.BEEP),
        ([SPEECH], Ended.WAITS),
        ([SPEECH, SPEECH], Ended.WAITS),
        ([NOTHING, NOTHING], Ended.WAITS),
        ([[*BEEP, *SPEECH]], Ended.WAITS),
        ([SPEECH] * 20, Ended.ENDLESS),
    ],
)
async def test_how_a_greeting_ends(tmp_path: Path, says: list[Sequence[int]], ended: Ended) -> None:
    clock = FixedClock()
    line = cast("Line", Machine(tmp_path, clock, list(says)))
    assert await hear_out(line, clock) is ended
    assert list(tmp_path.iterdir()) == []  # nothing of it is kept


@pytest.mark.parametrize(
    ("says", "comes"),
    [
        ([HELLO], True),
        ([NOTHING, NOTHING, HELLO], True),
        ([SPEECH, HELLO], True),
        ([NOTHING] * 30, False),
        ([SPEECH] * 10, False),
        ([[*HELLO, *BEEP]], False),
    ],
)
async def test_whether_somebody_comes_to_the_line(
    tmp_path: Path, says: list[Sequence[int]], *, comes: bool
) -> None:
    clock = FixedClock()
    line = cast("Line", Machine(tmp_path, clock, list(says)))
    assert await somebody_comes(line, clock) is comes
