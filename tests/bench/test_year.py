"""A year on virtual time: when its events come, and that a morning of it adds up."""

import asyncio
import os
import signal
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.year.agenda import ROME, waves
from bench.year.command import Lived, lived, told
from bench.year.half import Job, run
from bench.year.processes import ordinal
from bench.year.progress import Notes
from bench.year.seconds import TICK, until_tick
from bench.year.timeless import YearLoop
from values.testing import FixedClock

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("part", [0.0005, 0.01, 0.02, 1.0])
def test_the_waves_of_a_part_are_that_part_of_the_year(part: float) -> None:
    assert sum(wave.share for wave in waves(part)) == pytest.approx(part)


def test_nothing_is_handed_over_on_sundays_and_holidays_and_less_in_august() -> None:
    year = [(wave.at.astimezone(ROME), wave.share) for wave in waves(1)]
    days = {at.date().isoformat() for at, _ in year}
    assert not any(at.weekday() == 6 for at, _ in year)
    assert not days & {"2009-01-01", "2009-04-13", "2009-12-25"}
    months = [sum(share for at, share in year if at.month == month) for month in range(1, 13)]
    assert min(months) == months[7]


def test_a_hundredth_of_the_year_is_a_few_days_at_their_full_load() -> None:
    whole = {wave.at: wave.share for wave in waves(1)}
    some = waves(0.01)
    assert len({wave.at.date() for wave in some}) == 3
    assert [wave.share for wave in some] == pytest.approx([whole[wave.at] for wave in some], rel=0.2)


def test_what_happens_within_a_tick_happens_together() -> None:
    clock = FixedClock(datetime(2009, 10, 5, 9, 30, 3, tzinfo=UTC))
    assert until_tick(clock, 4.0) == TICK - 3
    assert until_tick(clock, TICK - 2) == 2 * TICK - 3
    clock.move(TICK - 3)
    assert until_tick(clock, 0.0) == 0.0


def test_a_year_is_longer_than_a_nanosecond_can_be_added_to() -> None:
    """After 194 days a double holds no nanoseconds any more: asyncio's own clock stood still on 13 July."""

    async def waits() -> float:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            await asyncio.sleep(100 * 86400.0 + 0.1)
        return loop.time()

    loop = YearLoop()
    try:
        assert loop.run_until_complete(waits()) == pytest.approx(300 * 86400.0, abs=1.0)
    finally:
        loop.close()


def test_a_contact_says_what_it_came_from() -> None:
    assert ordinal("repair-f000000017-1254728100") == 17
    assert ordinal("line_day:e-la-000000021") == 21


@pytest.mark.database
def test_a_year_that_is_ended_early_says_so_and_tells_what_was_reached(tmp_path: Path) -> None:
    Notes(tmp_path).stop()
    found = told([run(Job(0, 1, waves(0.00003), tmp_path, 500))], 0.00003, 1.0)
    assert found["ended_early"] is True
    assert found["accounted_once"] is None
    assert "wrong" not in found
    assert [state.contacts for state in Notes(tmp_path).read()] == [0]


@pytest.mark.database
def test_a_morning_of_the_year_is_accounted_for(tmp_path: Path) -> None:
    morning = waves(0.00003)
    found = told([run(Job(0, 1, morning, tmp_path, 500))], 0.00003, 1.0)
    assert found["wrong"] == {}
    assert found["ended_early"] is False
    assert found["accounted_once"] is True
    assert found["by_process"]["reminder"]["contacts"] == 54
    assert (
        found["by_process"]["fault_closure"]["events"] == 2 * found["by_process"]["fault_closure"]["contacts"]
    )
    assert found["attempts"] == found["contacts"] + sum(
        each["retries"] for each in found["by_process"].values()
    )


def _killed(job: int) -> Lived:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def _failing(job: int) -> Lived:
    raise ArithmeticError(job)


def test_a_part_that_is_killed_ends_the_year(tmp_path: Path) -> None:
    """It printed for ever: another process took its place, and its part was nobody's."""
    with pytest.raises(BrokenProcessPool):
        lived([0], Notes(tmp_path), _killed)
    with pytest.raises(ArithmeticError):
        lived([0], Notes(tmp_path), _failing)
