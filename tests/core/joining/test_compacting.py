"""Recordings of talks become small files in the background, whatever happens in between."""

import os
import shutil
import subprocess
import wave
from pathlib import Path

import pytest

from calls import RecordingMade
from centralino.core.joining import Compacting
from centralino.core.joining.compacting import STILL_SECONDS, best_ending
from tests.sip import tone
from values import SystemClock

pytestmark = pytest.mark.unit


def raw(folder: Path, call: str, *, age: float, seconds: float = 2.0) -> Path:
    """A recording as Asterisk leaves it: the customer at 500 Hz left, the agent at 1,000 right."""
    path = folder / f"talk-{call}.raw"
    pairs = zip(tone(500, seconds), tone(1000, seconds), strict=True)
    path.write_bytes(b"".join(value.to_bytes(2, "little", signed=True) for pair in pairs for value in pair))
    when = SystemClock().now().timestamp() - age
    os.utime(path, (when, when))
    return path


def _probed(path: Path) -> str:
    """Codec and number of voices."""
    asked = ["-v", "error", "-show_entries", "stream=codec_name,channels", "-of", "csv=p=0"]
    done = subprocess.run(["ffprobe", *asked, path], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return done.stdout.strip()


@pytest.fixture
def kept() -> list[RecordingMade]:
    return []


@pytest.fixture
def compacting(tmp_path: Path, kept: list[RecordingMade]) -> Compacting:
    return Compacting(tmp_path, kept.append, SystemClock())


async def test_a_finished_recording_is_kept_small_and_written_down(
    tmp_path: Path, compacting: Compacting, kept: list[RecordingMade]
) -> None:
    size = raw(tmp_path, "a1", age=60).stat().st_size
    assert await compacting.once() == 1
    (made,) = kept
    assert (made.call_id, made.seconds, made.purpose) == ("a1", 2.0, "talk")
    assert made.expires > made.at
    (left,) = tmp_path.iterdir()
    assert left == Path(made.path)
    assert left.name == f"talk-a1{best_ending()}"
    assert left.stat().st_size < size / 5
    assert _probed(left) == "opus,2"


async def test_a_talk_that_goes_on_is_left_alone(tmp_path: Path, compacting: Compacting) -> None:
    going_on = raw(tmp_path, "a1", age=STILL_SECONDS / 2)
    assert await compacting.once() == 0
    assert going_on.exists()


async def test_what_a_crash_left_half_done_is_done_again(
    tmp_path: Path, compacting: Compacting, kept: list[RecordingMade]
) -> None:
    left = raw(tmp_path, "a1", age=60)
    left.with_suffix(".opus.draft").write_bytes(b"half")
    left.with_suffix(".opus").write_bytes(b"whole, but the raw file was not removed yet")
    assert await compacting.once() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["talk-a1.opus"]
    assert len(kept) == 1


async def test_where_nobody_was_joined_nothing_is_kept(
    tmp_path: Path, compacting: Compacting, kept: list[RecordingMade]
) -> None:
    raw(tmp_path, "a1", age=60, seconds=0)
    assert await compacting.once() == 0
    assert list(tmp_path.iterdir()) == []
    assert kept == []


async def test_without_ffmpeg_a_wave_file_is_kept(
    tmp_path: Path, compacting: Compacting, monkeypatch: pytest.MonkeyPatch, kept: list[RecordingMade]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    raw(tmp_path, "a1", age=60)
    assert await compacting.once() == 1
    with wave.open(kept[0].path) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 16000)


async def test_other_files_are_nobodys_business(tmp_path: Path, compacting: Compacting) -> None:
    other = tmp_path / "node1-1-message.wav"
    other.write_bytes(b"a caller's message")
    assert await compacting.once() == 0
    assert other.exists()
