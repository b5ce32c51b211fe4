"""The shipped questionnaires on a real database: answered, refused, hung up at every question."""

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import surveys
from ivr.actions import Actions
from ivr.language import Flow, load_flow
from ivr.language.proof.length import longest_way
from ivr.player import TextVoice
from ivr.runner import RunEnd, Runner, RunResult, RunStart, Shelf
from ivr.testing import MemoryTrace, ScriptedConversation
from store import Database
from surveys import Questioning
from surveys.interviews import Invitation, invite
from surveys.models import Answer, Interview, InterviewState, Occasion, Survey, SurveyCell
from surveys.questionnaires import items_of
from values import CallId, HangupError, Recorded
from values.testing import EPOCH, FixedClock

FLOWS = {
    path.stem: load_flow(path.read_text("utf-8"), file=path.name).flow
    for path in sorted(surveys.FLOWS.glob("*.yaml"))
}
WAYS: Mapping[str, Sequence[tuple[str, str]]] = {
    "four_items": [
        ("consent", "1"), ("waiting", "4"), ("correctness", "5"), ("ability", "3"), ("courtesy", "5"),
        ("recommend", "10"), ("offer_comment", "2"),
    ],
    "nps": [("consent", "1"), ("recommend", "1#"), ("improve", "2"), ("offer_comment", "2")],
    "csat": [("consent", "1"), ("satisfaction", "2"), ("improve", "1"), ("offer_comment", "2")],
    "ces": [("consent", "1"), ("effort", "3"), ("improve", "4"), ("offer_comment", "2")],
    "after_process": [
        ("consent", "1"), ("solved", "2"), ("missing", "1"), ("effort", "7"), ("recommend", "0"),
        ("offer_comment", "2"),
    ],
    "bill_delivered": [("consent", "1"), ("arrived", "1"), ("came", "3"), ("offer_comment", "2")],
}  # fmt: skip
"""The longest way through each: question and key."""
COMPLETE_AFTER: Mapping[str, str] = {"bill_delivered": "arrived"}
"""A poll is complete with the question it is about; the others with their last one."""
SAID: Mapping[str, Mapping[str, Any]] = {
    "four_items": {"waiting": 4, "correctness": 5, "ability": 3, "courtesy": 5, "recommend": 10},
    "nps": {"recommend": 1, "improve": "unsolved"},
    "csat": {"satisfaction": 2, "improve": "waiting"},
    "ces": {"effort": 3, "improve": "other"},
    "after_process": {"solved": 0, "missing": "dead", "effort": 7, "recommend": 0},
    "bill_delivered": {"arrived": 1, "came": "late"},
}
EACH = pytest.mark.parametrize("name", sorted(FLOWS))


class Asking:
    """One survey for each questionnaire, and whoever is asked."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.actions = Actions()
        Questioning(db).register(self.actions)
        self.asked = 0

    async def ask(
        self,
        flow: Flow,
        *script: str,
        patient: bool = False,
        line: ScriptedConversation | None = None,
        **start: Any,
    ) -> tuple[str, RunResult]:
        """Call somebody who answers so, and then hangs up, or says nothing more."""
        self.asked += 1
        interview = f"i{self.asked}"
        name = flow.flow.rpartition(".")[2]
        async with self.db.write() as session:
            await invite(session, [Invitation(survey=name, customer_id="c1", id=interview)], EPOCH)
        clock = FixedClock()
        runner = Runner(Shelf([flow]), self.actions, TextVoice(), clock)
        line = line or ScriptedConversation(script, patient=patient)
        begun = RunStart(
            CallId(f"call-{interview}"),
            flow.flow,
            variables={"interview": interview, "customer_name": "Anna Rossi"},
            **start,
        )
        return interview, await runner.run(line, begun, MemoryTrace())

    async def kept(self, interview: str) -> tuple[InterviewState, str, dict[str, Any]]:
        async with self.db.read() as session:
            row = await session.get(Interview, interview)
            assert row is not None
            rows = await session.scalars(select(Answer).where(Answer.interview == interview))
            said = {each.item: each.text or each.value for each in rows}
            return row.state, row.last_item, {item: value for item, value in said.items() if value != ""}

    async def counted(self, name: str) -> int:
        async with self.db.read() as session:
            cells = await session.scalars(select(SurveyCell).where(SurveyCell.survey == name))
            return sum(cell.done for cell in cells)


@pytest.fixture
async def asking(database_url: str) -> AsyncIterator[Asking]:
    async with Database(database_url, clock=FixedClock()) as db:
        async with db.write() as session:
            for name in FLOWS:
                session.add(
                    Survey(
                        name=name,
                        title=name,
                        questionnaire=f"surveys.{name}",
                        occasion=Occasion.POLL,
                        area="",
                        active=True,
                        plan={},
                        created=EPOCH,
                    )
                )
        yield Asking(db)


@EACH
@pytest.mark.unit
def test_its_questions_can_be_told_from_its_text(name: str) -> None:
    assert items_of(FLOWS[name]) == {*SAID[name], "comment"}


@pytest.mark.database
@EACH
async def test_a_hang_up_at_each_question_keeps_what_was_said_and_counts_nowhere(
    asking: Asking, name: str
) -> None:
    way = WAYS[name]
    questions = [step for step, _ in way]
    last = questions.index(COMPLETE_AFTER.get(name, questions[-1]))
    for place, step in enumerate(questions[: last + 1]):
        interview, result = await asking.ask(FLOWS[name], *(key for _, key in way[:place]))
        assert (result.how, result.path) == (RunEnd.HANGUP, step)
        state, last_item, said = await asking.kept(interview)
        assert state is (InterviewState.PARTIAL if place else InterviewState.REFUSED)
        assert last_item == step
        before = {item for item, _ in way[:place]}
        assert said == {item: value for item, value in SAID[name].items() if item in before}
    assert await asking.counted(name) == 0


@pytest.mark.database
@EACH
async def test_who_answers_everything_counts_once(asking: Asking, name: str) -> None:
    interview, result = await asking.ask(FLOWS[name], *(key for _, key in WAYS[name]), language="ru")
    assert (result.outcome, result.goal) == ("complete", True)
    state, _, said = await asking.kept(interview)
    assert (state, said) == (InterviewState.COMPLETE, SAID[name])
    assert await asking.counted(name) == 1


@pytest.mark.database
async def test_a_poll_counts_yes_and_no_alike_wherever_they_hang_up_later(asking: Asking) -> None:
    flow = FLOWS["bill_delivered"]
    for keys, path, expected in (
        ("11", "came", {"arrived": 1}),
        ("112", "offer_comment", {"arrived": 1, "came": "earlier"}),
        ("12", "offer_comment", {"arrived": 0}),
        ("13", "offer_comment", {"arrived": "unknown"}),
    ):
        interview, result = await asking.ask(flow, *keys)
        assert (result.how, result.path) == (RunEnd.HANGUP, path)
        assert (result.outcome, result.goal) == ("complete", True)
        state, _, said = await asking.kept(interview)
        assert (state, said) == (InterviewState.COMPLETE, expected)
    assert await asking.counted("bill_delivered") == 4
    silent, result = await asking.ask(flow, "1", patient=True)
    assert result.outcome == "complete"
    assert (await asking.kept(silent))[0] is InterviewState.PARTIAL
    assert await asking.counted("bill_delivered") == 4


@pytest.mark.database
async def test_a_comment_is_kept_with_an_interview_that_counts(asking: Asking) -> None:
    flow = FLOWS["nps"]
    interview, result = await asking.ask(flow, "1", "9", "1")
    assert result.outcome == "complete"
    state, _, said = await asking.kept(interview)
    assert state is InterviewState.COMPLETE
    assert Path(said["comment"]).name.startswith(f"call-{interview}")


@pytest.mark.database
async def test_who_declines_has_refused_and_who_is_somebody_else_is_set_aside(asking: Asking) -> None:
    declined, result = await asking.ask(FLOWS["after_process"], "2")
    assert result.outcome == "declined"
    assert (await asking.kept(declined))[0] is InterviewState.REFUSED
    other, result = await asking.ask(FLOWS["after_process"], "3")
    assert result.outcome == "wrong_party"
    assert (await asking.kept(other))[0] is InterviewState.OTHER


@pytest.mark.database
async def test_who_agrees_and_then_says_nothing_is_no_complete_interview(asking: Asking) -> None:
    interview, result = await asking.ask(FLOWS["four_items"], "1", patient=True)
    assert result.outcome == "complete"
    assert (await asking.kept(interview))[0] is InterviewState.PARTIAL
    assert await asking.counted("four_items") == 0


@pytest.mark.unit
@EACH
@pytest.mark.parametrize("language", ["it", "en", "ru"])
def test_no_questionnaire_takes_longer_than_three_minutes(name: str, language: str) -> None:
    flow = FLOWS[name]
    assert flow.languages == ["it", "en", "ru"]
    assert flow.at_most is not None
    assert longest_way(flow, language, {}).seconds <= min(flow.at_most, 180)


@pytest.mark.unit
@EACH
def test_nothing_is_asked_before_they_agree(name: str) -> None:
    flow = FLOWS[name]
    assert flow.start == "consent"
    assert flow.hung_up is not None
    assert flow.hung_up.do == "surveys.break_off"


class SpeaksAndHangsUp(ScriptedConversation):
    """Somebody who ends a message as one does: by putting the telephone down."""

    async def record(self, name: str, **how: Any) -> Recorded:
        """Leave a message."""
        made = await super().record(name, **how)
        raise HangupError(recorded=made)


@pytest.mark.database
async def test_a_comment_that_a_hang_up_ends_is_kept(asking: Asking) -> None:
    line = SpeaksAndHangsUp(("1", "9", "1"))
    interview, result = await asking.ask(FLOWS["nps"], line=line)
    assert (result.how, result.outcome) == (RunEnd.HANGUP, "complete")
    state, _, said = await asking.kept(interview)
    assert state is InterviewState.COMPLETE
    assert said["recommend"] == 9
    assert Path(said["comment"]).name.startswith(f"call-{interview}")
