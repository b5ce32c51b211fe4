"""Surveys that make no sense are refused; interviews are settled by how their call went."""

from typing import Any

import pytest

from dialer.models import Contact
from surveys.book import SurveyPlan, UnknownSurveyError, survey
from surveys.calling import state_after
from surveys.interviews import Beginning, begin
from surveys.models import Interview, InterviewState
from tests.surveys.calling.conftest import BILL, Town
from values import BadInputError
from values.testing import EPOCH

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("no_answer", InterviewState.NO_CONTACT),
        ("machine", InterviewState.NO_CONTACT),
        ("refused", InterviewState.NO_CONTACT),  # by the network: it never rang
        ("silence", InterviewState.NO_CONTACT),
        ("declined", InterviewState.REFUSED),
        ("hangup", InterviewState.REFUSED),
        ("wants_no_more", InterviewState.REFUSED),
        ("wrong_party", InterviewState.OTHER),
        ("unable", InterviewState.OTHER),
        ("wrong_number", InterviewState.OTHER),
        ("not_theirs", InterviewState.OTHER),  # an agent of another campaign said so
        ("unallocated", InterviewState.UNKNOWN),
        ("do_not_call", InterviewState.INELIGIBLE),
        ("no_consent", InterviewState.INELIGIBLE),
    ],
)
def test_the_end_of_a_contact_says_what_came_of_its_interview(outcome: str, state: InterviewState) -> None:
    assert state_after(outcome) is state


async def test_an_interview_that_was_never_begun_ends_with_its_contact(town: Town) -> None:
    await town.set_up(BILL)
    await town.start("bill")
    first, second, third, *_ = await town.all(Contact)
    async with town.db.write() as session:
        await begin(session, [Beginning(interview=second.fields["interview"])], EPOCH)
    await town.says(third.fields["interview"], arrived=True)
    for contact in (first, second, third):
        await town.ends(contact, "no_answer" if contact is first else "complete")
    states = {each.id: each.state for each in await town.all(Interview)}
    assert states[first.fields["interview"]] is InterviewState.NO_CONTACT
    assert states[second.fields["interview"]] is InterviewState.PARTIAL
    assert states[third.fields["interview"]] is InterviewState.COMPLETE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "Bill!"}, "name"),
        ({"area": "moon"}, "area"),
        ({"questionnaire": "care.service_0611"}, "questionnaire"),
        ({"plan": {"margins": 0.1}}, "plan.margins"),
        ({"plan": {"margin": 2}}, "margin"),
        ({"plan": {"targets": {"Roma": -1}}}, "plan.targets.Roma"),
        ({"plan": {"after": {"events": []}}}, "plan.after.events"),
    ],
)
async def test_a_survey_that_makes_no_sense_is_refused_by_its_field(
    town: Town, changed: dict[str, Any], field: str
) -> None:
    words = {name: getattr(BILL, name) for name in ("name", "questionnaire", "occasion", "area", "plan")}
    with pytest.raises(BadInputError) as told:
        await town.set_up(SurveyPlan(**{**words, **changed}))
    assert told.value.field == field
    with pytest.raises(UnknownSurveyError):
        async with town.db.read() as session:
            await survey(session, "bill")
