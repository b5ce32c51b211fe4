"""`python -m bench year`: live the year, or a part of it, and print what came of it as JSON."""

import argparse
import json
import logging
import multiprocessing
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeVar

import structlog

from bench.figures import Goal, Printed, rounded
from bench.year.agenda import waves
from bench.year.half import Job, run
from bench.year.progress import Notes, ends_early

YEAR_CONTACTS: Final = 3_428_000
PART: Final = 0.01
PARTS: Final = 2
"""One for each core; each has customers and a database of its own, as two regions of a telco would."""
CUSTOMERS: Final = 1_000_000
FEWEST: Final = 20_000
GIGABYTE: Final = 1 << 30
_LOOK_SECONDS: Final = 1.0

J = TypeVar("J")
Lived = Mapping[str, Any]
"""What came of one process's part."""


def measure(part: float, parts: int) -> Printed:
    """Live so much of the year, in so many processes, each with customers of its own."""
    planned = waves(part)
    with tempfile.TemporaryDirectory(prefix="bench-year-") as folder:
        jobs = [
            Job(each, parts, planned, Path(folder), max(FEWEST, round(CUSTOMERS * part)) // parts)
            for each in range(parts)
        ]
        began = perf_counter()
        found = lived(jobs, Notes(Path(folder)), _quiet)
        seconds = perf_counter() - began
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    return told(found, part, seconds) | {"database_megabytes": rounded(size / (1 << 20))}


def lived(jobs: Sequence[J], notes: Notes, live: Callable[[J], Lived]) -> Sequence[Lived]:
    """Each in a process of its own; how far they are is told meanwhile.

    When one fails or is killed the others end where they stand, and its error is raised.
    """
    spawn = multiprocessing.get_context("spawn")
    with ends_early(notes), ProcessPoolExecutor(len(jobs), mp_context=spawn) as pool:
        parts = [pool.submit(live, job) for job in jobs]
        while wait(parts, _LOOK_SECONDS, FIRST_EXCEPTION).not_done:
            notes.tell()
            if any(each.exception() for each in parts if each.done()):
                notes.stop()
                break
        return [each.result() for each in sorted(parts, key=lambda each: not each.done())]


def _quiet(job: Job) -> Lived:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    with ends_early(Notes(job.folder)):
        return run(job)


def told(found: Sequence[Mapping[str, Any]], part: float, seconds: float) -> Printed:
    """The parts added up."""
    sums: dict[str, Counter[str]] = {}
    outcomes: dict[str, Counter[str]] = {}
    refused: dict[str, Counter[str]] = {}
    wrong: Counter[str] = Counter()
    for each in found:
        wrong.update(each["accounts"]["wrong"])
        for name, process in each["accounts"]["processes"].items():
            figures = {key: process[key] for key in ("events", "contacts", "attempts", "goals")}
            sums.setdefault(name, Counter()).update(figures)
            outcomes.setdefault(name, Counter()).update(process["outcomes"])
            refused.setdefault(name, Counter()).update(process["refused_for_now_by_the_gate"])
    contacts = sum(each["contacts"] for each in sums.values())
    memory = sum(each["peak_memory"] for each in found)
    processor = sum(each["processor_seconds"] for each in found)
    working = max(each["seconds"] for each in found)
    whole = all(each["whole"] for each in found)
    done = sum(count for each in outcomes.values() for outcome, count in each.items() if outcome)
    return {
        "part_of_the_year": part,
        "ended_early": not whole,
        "processes_of_the_bench": len(found),
        "by_process": {name: _process(each, outcomes[name], refused[name]) for name, each in sums.items()},
        "contacts": contacts,
        "contacts_done": done,
        "attempts": sum(each["attempts"] for each in sums.values()),
        # of a run that was ended early nobody can say, only what was open at that moment
        "accounted_once": not wrong if whole else None,
        "wrong" if whole else "open_when_ended": dict(wrong),
        "seconds": rounded(seconds),
        "seconds_preparing": rounded(max(each["prepare_seconds"] for each in found)),
        "seconds_calling": rounded(working),
        "seconds_auditing": rounded(max(each["audit_seconds"] for each in found)),
        "processor_seconds": rounded(processor),
        "processor_milliseconds_per_contact": rounded(1000 * processor / max(1, done)),
        "contacts_per_second": rounded(done / working),
        "most_calls_at_once": [each["most_calls_at_once"] for each in found],
        "peak_memory_gigabytes": Goal("<=", 4).judged(memory / GIGABYTE),
        **_minutes(seconds, done, whole=whole and part >= 1),
    }


def _minutes(seconds: float, contacts: int, *, whole: bool) -> Printed:
    if whole:
        return {"minutes": Goal("<=", 60).judged(seconds / 60)}
    year = seconds * YEAR_CONTACTS / max(1, contacts) / 60
    return {
        "minutes": rounded(seconds / 60),
        "whole_year_minutes_by_extrapolation": Goal("<=", 60).judged(year),
    }


def _process(sums: Mapping[str, int], outcomes: Mapping[str, int], refused: Mapping[str, int]) -> Printed:
    contacts = max(1, sums["contacts"])
    return {
        "events": sums["events"],
        "contacts": sums["contacts"],
        "attempts": sums["attempts"],
        "retries": sums["attempts"] - sum(outcomes.values()),
        "goal_share": rounded(sums["goals"] / contacts),
        "outcomes": dict(sorted(outcomes.items(), key=lambda each: -each[1])),
        "refused_for_now_by_the_gate": dict(refused),
    }


def alone(_seeds: int) -> Printed:
    """As much of the year as `YEAR` says, in two processes."""
    return measure(float(os.environ.get("YEAR", str(PART))), PARTS)


def main(words: Sequence[str]) -> None:
    """Measure as asked, and print the figures."""
    parser = argparse.ArgumentParser(prog="bench year", description=(__doc__ or "").splitlines()[0])
    default = float(os.environ.get("YEAR", str(PART)))
    parser.add_argument(
        "--year", type=float, default=default, help="which part of the year: 0.01 … 1 (or YEAR=)"
    )
    parser.add_argument("--parts", type=int, default=PARTS, help="processes, each with its own customers")
    asked = parser.parse_args(words)
    print(json.dumps(measure(asked.year, asked.parts), indent=2, ensure_ascii=False))
