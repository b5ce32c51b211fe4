"""Each questionnaire of the house can be asked by an agent, and one that cannot is refused by its step."""

from pathlib import Path

import pytest

from ivr import Actions
from ivr.language import load_flow
from ivr.language.checker import check_flow
from store import Database
from surveys import FLOWS, Questioning
from surveys.cati import desk_script
from values import BadInputError

pytestmark = pytest.mark.unit

FILES = sorted(FLOWS.glob("*.yaml"))
TO_SOMEBODY = """\
flow: opinion.spoken
title: To somebody
languages: [en]
start: first
give_up: bye
steps:
  first: {transfer: operator, next: bye}
  bye: {end: over}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_questionnaire_is_a_sound_script_that_asks_the_same_in_the_same_order(
    path: Path, tmp_path: Path
) -> None:
    asked = load_flow(path.read_text("utf-8"), file=path.name)
    script = load_flow(desk_script(asked.text, file=path.name), file=path.name)
    actions = Actions()
    Questioning(Database(f"sqlite+aiosqlite:///{tmp_path}/none.db")).register(actions)
    assert check_flow(script, actions=actions) == []
    questions = [name for name, step in asked.document.data["steps"].items() if {"menu", "rate"} & set(step)]
    pages = [name for name, step in script.document.data["steps"].items() if "page" in step]
    assert [name for name in pages if name in questions] == questions
    assert script.flow.languages == asked.flow.languages
    ends = {step["end"] for step in asked.document.data["steps"].values() if "end" in step}
    assert ends <= {step["end"] for step in script.document.data["steps"].values() if "end" in step}


def test_what_only_a_voice_can_do_is_refused_by_its_step() -> None:
    with pytest.raises(BadInputError, match="'first'"):
        desk_script(TO_SOMEBODY)
