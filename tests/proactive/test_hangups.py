"""Callers hang up at every interaction of every shipped flow, in each language: always a recorded end."""

from pathlib import Path

import pytest

from centralino.rooms import flow_files
from ivr.language import load_flow
from ivr.language.model import Flow, step_kind
from ivr.player import TextVoice
from ivr.testing import walk_hangups
from values.testing import VirtualClock, virtual_time

pytestmark = pytest.mark.unit

FILES = flow_files()


def flow_in(path: Path) -> Flow:
    return load_flow(path.read_text("utf-8"), file=path.name).flow


@pytest.mark.parametrize("language", ["it", "en", "ru"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_hang_up_anywhere_is_a_recorded_end(path: Path, language: str) -> None:
    flow = flow_in(path)
    others = [flow_in(other) for other in FILES if other != path]
    walked = virtual_time(
        walk_hangups(flow, clock=VirtualClock(), flows=others, voice=TextVoice(), language=language)
    )
    silent = {"choose", "set", "hours", "language", "do", "mark"}
    speaking = {name for name, step in flow.steps.items() if step_kind(step) not in silent}
    met = {walk.step for walk in walked}
    ends_without_words = {name for name in speaking - met if step_kind(flow.steps[name]) == "end"}
    assert speaking - met <= ends_without_words
    assert all(walk.records[-1].how == "hangup" for walk in walked)
