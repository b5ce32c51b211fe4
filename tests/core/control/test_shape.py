"""Who hears whom in a talk, as it changes."""

import pytest

from centralino.core.control.errors import NotNowError
from centralino.core.control.shape import CUSTOMER, Place, Shape, State, talk_of

pytestmark = pytest.mark.unit

BOTH = frozenset


def heard(shape: Shape) -> dict[str, set[str]]:
    """Whom each one hears, without those who hear nobody."""
    return {each.who: set(shape.hears(each.who)) for each in shape.parties if shape.hears(each.who)}


def test_customer_and_agent_hear_each_other() -> None:
    talk = talk_of("anna")
    assert talk.state is State.TALKING
    assert heard(talk) == {CUSTOMER: {"anna"}, "anna": {CUSTOMER}}


def test_on_hold_nobody_hears_anybody() -> None:
    held = talk_of("anna").hold()
    assert held.state is State.HELD
    assert heard(held) == {}
    assert held.retrieve() == talk_of("anna")


def test_advice_is_not_heard_by_the_customer() -> None:
    ringing = talk_of("anna").consult("bruno")
    assert ringing.state is State.CONSULTING
    assert heard(ringing) == {}
    apart = ringing.advised()
    assert heard(apart) == {"anna": {"bruno"}, "bruno": {"anna"}}
    swapped = apart.swap()
    assert heard(swapped) == {CUSTOMER: {"anna"}, "anna": {CUSTOMER}}
    assert heard(swapped.swap()) == heard(apart)


def test_three_in_one_room() -> None:
    three = talk_of("anna").consult("bruno").advised().conference()
    assert three.state is State.CONFERENCE
    assert heard(three)[CUSTOMER] == {"anna", "bruno"}
    assert three.without_adviser() == talk_of("anna")
    assert three.complete(agent=True) == talk_of("bruno")


def test_who_was_asked_takes_over_or_goes() -> None:
    apart = talk_of("anna").consult("bruno").advised()
    assert apart.complete(agent=True) == talk_of("bruno")
    outside = apart.complete(agent=False)
    assert outside.agent is None
    assert heard(outside) == {CUSTOMER: {"bruno"}, "bruno": {CUSTOMER}}
    assert apart.without_adviser().state is State.HELD


def test_a_flow_is_heard_by_nobody_else() -> None:
    paying = talk_of("anna").supervise("sofia", Place.LISTENS).into_flow(back=True)
    assert paying.state is State.IN_FLOW
    assert CUSTOMER not in {voice for voices in heard(paying).values() for voice in voices}
    assert paying.out_of_flow().retrieve().state is State.TALKING
    assert talk_of("anna").into_flow(back=False).agent is None


def test_a_supervisor_listens_whispers_and_takes_part() -> None:
    listens = talk_of("anna").supervise("sofia", Place.LISTENS)
    assert listens.state is State.TALKING
    assert heard(listens) == {CUSTOMER: {"anna"}, "anna": {CUSTOMER}, "sofia": {CUSTOMER, "anna"}}
    whispers = listens.supervise("sofia", Place.WHISPERS)
    assert heard(whispers)["anna"] == {CUSTOMER, "sofia"}
    assert heard(whispers)[CUSTOMER] == {"anna"}
    barges = whispers.supervise("sofia", Place.TALK)
    assert barges.state is State.CONFERENCE
    assert heard(barges)[CUSTOMER] == {"anna", "sofia"}
    assert barges.without("sofia") == talk_of("anna")


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: talk_of("anna").retrieve(),
        lambda: talk_of("anna").swap(),
        lambda: talk_of("anna").complete(agent=True),
        lambda: talk_of("anna").hold().hold(),
        lambda: talk_of("anna").consult("bruno").conference(),
        lambda: talk_of("anna").consult("bruno").consult("carla"),
        lambda: talk_of("anna").consult("anna"),
        lambda: talk_of("anna").consult("bruno").into_flow(back=True),
        lambda: talk_of("anna").hold().supervise("sofia", Place.TALK),
        lambda: talk_of("anna").supervise("anna", Place.LISTENS),
        lambda: talk_of("anna").into_flow(back=True).hold(),
    ],
)
def test_what_cannot_be_is_refused(impossible: object) -> None:
    assert callable(impossible)
    with pytest.raises(NotNowError):
        impossible()
